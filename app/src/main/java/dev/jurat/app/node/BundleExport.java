package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.bundle.BundleExporter;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Scope;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Answers with proof bundles. One at a time: a bundle is held in memory. */
final class BundleExport {
    private final Ledger ledger;
    private final BundleExporter exporter;
    private final Semaphore turn = new Semaphore(1);

    BundleExport(Ledger ledger) {
        this.ledger = ledger;
        this.exporter = new BundleExporter(ledger);
    }

    ApiAnswer answer(ApiRequest request) throws ApiException {
        if (!turn.tryAcquire()) {
            throw new ApiException(
                    503, "busy", "another bundle is being made", Owner.YOU, "ask again in a few seconds");
        }
        try {
            return ApiAnswer.bytes(
                    "application/zip", exporter.export(scope(request)).bytes());
        } catch (FormatException e) {
            throw NodeApi.malformed(e);
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
        } finally {
            turn.release();
        }
    }

    private Scope scope(ApiRequest request) throws ApiException, FormatException, LedgerException {
        if (request.query().size() == 1) {
            if (request.parameter("all").equals(Optional.of("true"))) {
                return BundleExporter.all();
            }
            if (request.parameter("session").isPresent()) {
                return BundleExporter.session(request.parameter("session").get());
            }
            if (request.parameter("action").isPresent()) {
                return exporter.action(
                        RecordIds.whole(ledger, request.parameter("action").get()));
            }
        }
        throw ApiException.malformed("scope-missing", "ask for one of: action, session, all=true");
    }
}
