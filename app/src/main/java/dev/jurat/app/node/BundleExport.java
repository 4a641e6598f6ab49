package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.ledger.bundle.BundleExporter;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Answers with proof bundles. One at a time: a bundle is held in memory. */
final class BundleExport {
    private static final String INCOMPLETE = "incomplete";
    private static final String WITNESSED = "witnessed";
    private static final int NAMED_MAX = 3;

    private final Ledger ledger;
    private final BundleExporter exporter;
    private final Exports exports;
    private final Semaphore turn = new Semaphore(1);

    BundleExport(Ledger ledger, Exports exports) {
        this.exports = exports;
        this.ledger = ledger;
        this.exporter = new BundleExporter(ledger);
    }

    ApiAnswer answer(ApiRequest request) throws ApiException {
        if (!turn.tryAcquire()) {
            throw new ApiException(
                    503, "busy", "another bundle is being made", Owner.YOU, "ask again in a few seconds");
        }
        try {
            // Asked and done in one turn: a record brings one bundle, however many ask at once.
            Optional<SignedRecord> export = exports.asked(request);
            ApiAnswer answer = made(request, export);
            export.ifPresent(done -> exports.done(done.id()));
            return answer;
        } catch (FormatException e) {
            throw NodeApi.malformed(e);
        } finally {
            turn.release();
        }
    }

    private ApiAnswer made(ApiRequest request, Optional<SignedRecord> export) throws ApiException, FormatException {
        try {
            Scope scope = export.isPresent() ? of(request, export.get()) : scope(request);
            BundleExporter.Export made = isTrue(request, WITNESSED) ? witnessed(scope) : exporter.export(scope);
            if (!isTrue(request, INCOMPLETE)) {
                requireWhole(made);
            }
            return ApiAnswer.bytes("application/zip", made.bundle().bytes());
        } catch (OutOfMemoryError e) {
            throw new ApiException(
                    400,
                    "bundle-large",
                    "this bundle does not fit in the memory that Java has in the node ("
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB)",
                    Owner.OPERATOR,
                    "ask for less, with --session or --action; or start the node with more: JURAT_JAVA_OPTIONS=-Xmx2g jurat up");
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private BundleExporter.Export witnessed(Scope scope) throws ApiException, FormatException, LedgerException {
        if (ledger.quorum().size().value() == 0) {
            throw new ApiException(
                    404,
                    "not-witnessed",
                    "no quorum of witnesses has cosigned this log yet",
                    Owner.OPERATOR,
                    "which witnesses the node asks, and what they said: jurat status");
        }
        return exporter.exportWitnessed(scope);
    }

    /** A bundle that lacks what the folder has lost is given to nobody who did not ask for that: it looks like one of which less was kept. */
    private static void requireWhole(BundleExporter.Export made) throws ApiException {
        if (!made.artefactsLost().isEmpty()) {
            throw lost(
                    "artefact-damaged",
                    "artefacts that belong into this bundle are missing or damaged on the node, and without a published one no verifier"
                            + " accepts it",
                    made.artefactsLost().stream()
                            .map(a -> "log/artefact/" + a.hex().substring(0, 2) + "/" + a.hex())
                            .toList());
        }
        if (!made.bodiesLost().isEmpty()) {
            throw lost(
                    "body-damaged",
                    "bodies that belong into this bundle are damaged on the node, and whoever checks it could not tell them from erased ones",
                    made.bodiesLost().stream()
                            .map(id -> "the body of " + id.hex())
                            .toList());
        }
    }

    private static ApiException lost(String code, String what, List<String> names) {
        String more = names.size() > NAMED_MAX ? " and " + (names.size() - NAMED_MAX) + " more" : "";
        String named = String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size())));
        return new ApiException(
                503,
                code,
                what + ": " + named + more,
                Owner.OPERATOR,
                "put them back into the node's data folder from a backup");
    }

    private static boolean isTrue(ApiRequest request, String name) {
        return request.parameter(name).equals(Optional.of("true"));
    }

    /** What an {@code export} asks for; the request says nothing else of it. */
    private Scope of(ApiRequest request, SignedRecord export) throws ApiException, FormatException, LedgerException {
        if (request.query().size() != 1 + flags(request)) {
            throw ApiException.malformed("scope-missing", "what a recorded export is of stands in its record");
        }
        OperationFacts.Export facts = (OperationFacts.Export) export.statement().facts();
        return switch (facts.extent()) {
            case ALL -> BundleExporter.all();
            case SESSION -> BundleExporter.session(facts.stream().orElseThrow().toString());
            case ACTION -> action(facts.record().orElseThrow());
        };
    }

    private static int flags(ApiRequest request) {
        return (isTrue(request, INCOMPLETE) ? 1 : 0) + (isTrue(request, WITNESSED) ? 1 : 0);
    }

    private Scope scope(ApiRequest request) throws ApiException, FormatException, LedgerException {
        if (request.query().size() == 1 + flags(request)) {
            if (isTrue(request, "all")) {
                return BundleExporter.all();
            }
            if (request.parameter("session").isPresent()) {
                return BundleExporter.session(request.parameter("session").get());
            }
            if (request.parameter("action").isPresent()) {
                return action(
                        RecordIds.whole(ledger, request.parameter("action").get()));
            }
        }
        throw ApiException.malformed("scope-missing", "ask for one of: action, session, all=true");
    }

    private Scope action(RecordId record) throws ApiException, FormatException, LedgerException {
        try {
            return exporter.action(record);
        } catch (FormatException e) {
            Optional<StoredRecord> there = ledger.record(record);
            if (there.isEmpty()) {
                throw e;
            }
            SignedRecord alone = there.get().record();
            throw new ApiException(
                    400,
                    e.code(),
                    "this record (" + alone.kind().wire() + ") belongs to no action",
                    Owner.YOU,
                    "jurat bundle export --session " + alone.header().stream() + " --out FILE");
        }
    }
}
