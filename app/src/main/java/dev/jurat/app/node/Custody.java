package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.app.http.Router;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.ledger.BodyPage;
import dev.jurat.ledger.BodyQuery;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What somebody asks who is to have bodies erased or held: which there are, and which holds stand. */
final class Custody {
    private static final long REQUEST_BYTES_MAX = 16 << 10;

    private final Ledger ledger;
    private final LedgerDoor door;
    private final Path data;

    Custody(Ledger ledger, LedgerDoor door, Path data) {
        this.data = data;
        this.ledger = ledger;
        this.door = door;
    }

    void addTo(Router.Builder routes) {
        routes.get("/v1/bodies", Answers.guarded(this::bodies))
                .get("/v1/holds", Answers.guarded(this::holds))
                .post("/v1/backup", REQUEST_BYTES_MAX, Answers.guarded(this::backup));
    }

    private ApiAnswer bodies(ApiRequest request) throws ApiException {
        Map<String, String> parameters = request.query();
        Queries.requireKnown(parameters, "subject", "digest", "before", "kinds", "from", "limit");
        BodyQuery query = new BodyQuery(
                subject(parameters), digest(parameters), Queries.number(parameters, "before"), kinds(parameters));
        try {
            long limit = Queries.limit(parameters, BodyQuery.RECORDS_MAX, BodyQuery.RECORDS_MAX);
            Lag.await(ledger);
            BodyPage page =
                    ledger.bodies(query, Queries.number(parameters, "from").orElse(0), (int) limit);
            return ApiAnswer.ok(JsonBuilder.object()
                    .put(
                            "bodies",
                            new Json.Arr(page.found().stream()
                                    .<Json>map(Custody::view)
                                    .toList()))
                    .put("next", page.next())
                    .put("size", page.size())
                    .build());
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private static Optional<String> subject(Map<String, String> parameters) throws ApiException {
        Optional<String> subject = Optional.ofNullable(parameters.get("subject"));
        if (subject.filter(text -> text.strip().length() < BodyQuery.SUBJECT_CHARS_MIN)
                .isPresent()) {
            throw ApiException.malformed(
                    "subject-short", "a subject has at least " + BodyQuery.SUBJECT_CHARS_MIN + " characters");
        }
        return subject;
    }

    private static Optional<Hash> digest(Map<String, String> parameters) throws ApiException {
        String digest = parameters.get("digest");
        if (digest != null && !Hash.isHex(digest)) {
            throw ApiException.malformed("digest-syntax", "a digest has 64 lower-case hexadecimal digits");
        }
        return Optional.ofNullable(digest).map(Hash::fromHex);
    }

    private static Set<Kind> kinds(Map<String, String> parameters) throws ApiException {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        try {
            if (parameters.containsKey("kinds")) {
                for (String kind : parameters.get("kinds").split(",", -1)) {
                    kinds.add(Kind.parse(kind));
                }
            }
        } catch (FormatException e) {
            throw NodeApi.malformed(e);
        }
        return kinds;
    }

    private static Json.Obj view(BodyPage.Found found) {
        return JsonBuilder.object()
                .put("bytes", found.bytes())
                .put("held", found.held())
                .put("id", found.record().id().hex())
                .put("index", found.index().value())
                .put("kind", found.record().kind().wire())
                .put("stream", found.record().header().stream().toString())
                .put("time", found.atMillis())
                .build();
    }

    /** The node writes where its own user may: whoever asks here is that user. */
    private ApiAnswer backup(ApiRequest request) throws ApiException {
        try {
            Fields body = request.json();
            Path to = folder(body.string("to"));
            Optional<Path> keys = body.has("slots") ? Optional.of(folder(body.string("slots"))) : Optional.empty();
            int days =
                    body.has("days") ? (int) body.integer("days", 1, BackupFolders.DAYS_MAX) : BackupFolders.DAYS_USUAL;
            body.end();
            return ApiAnswer.ok(BackupFolders.view(BackupFolders.make(ledger, data, to, keys, days, Instant.now())));
        } catch (FormatException e) {
            throw NodeApi.malformed(e);
        } catch (LedgerException e) {
            throw Answers.of(e);
        } catch (IOException e) {
            throw new ApiException(
                    400,
                    "storage-failed",
                    "the folder cannot be written: " + e.getMessage(),
                    Owner.YOU,
                    "name another folder, or make room");
        }
    }

    private static Path folder(String text) throws FormatException {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw new FormatException("not-a-folder", text + " is no path");
        }
        throw new FormatException("not-a-folder", text + " is not absolute");
    }

    private ApiAnswer holds(ApiRequest request) {
        List<Json> holds = door.ask(state -> state.holds().entrySet().stream()
                .<Json>map(hold -> view(hold.getKey(), hold.getValue()))
                .toList());
        return ApiAnswer.ok(
                JsonBuilder.object().put("holds", new Json.Arr(holds)).build());
    }

    private static Json.Obj view(RecordId id, CustodyFacts.Place place) {
        JsonBuilder out = JsonBuilder.object()
                .put("ground", place.ground().wire())
                .put("id", id.hex())
                .put("scope", place.scope().wire());
        place.principal().ifPresent(principal -> out.put("principal", principal));
        if (!place.records().isEmpty()) {
            out.strings("records", place.records().stream().map(RecordId::hex).toList());
        }
        return out.build();
    }

    /** Adds to what is shown of the record at an index that its body was erased, by whom and why; nothing where it was not. */
    static Json.Obj withErasure(Ledger ledger, LeafIndex index, Json.Obj view) throws LedgerException {
        Optional<StoredRecord> erasure = ledger.erasureOf(index);
        if (erasure.isEmpty() || !(erasure.get().record().statement().facts() instanceof CustodyFacts.Erasure facts)) {
            return view;
        }
        return view.with(
                "erased",
                JsonBuilder.object()
                        .put("by", erasure.get().record().header().stream().principal())
                        .put("ground", facts.ground().wire())
                        .put("record", erasure.get().record().id().hex())
                        .build());
    }
}
