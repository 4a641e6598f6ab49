package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Router;
import dev.jurat.governance.Governor;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerHead;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be asked of a node. Reads only; nothing here is evidence, which bundles are. */
final class ReadApi {
    private final Ledger ledger;
    private final LedgerDoor door;
    private final Governor governor;
    private final Names names;
    private final PublishedNames published;
    private final StatusView status;
    private final LogView log;
    private final Exports exports;

    ReadApi(
            Ledger ledger,
            LedgerDoor door,
            Governor governor,
            Names names,
            PublishedNames published,
            StatusView status,
            LogView log,
            Exports exports) {
        this.exports = exports;
        this.published = published;
        this.log = log;
        this.ledger = ledger;
        this.door = door;
        this.governor = governor;
        this.names = names;
        this.status = status;
    }

    /** Whoever asks for the head here is about to sign, and names its clock. */
    private LedgerHead headToSign() {
        try {
            return ledger.headToSign();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ledger.head();
        }
    }

    void addTo(Router.Builder routes) {
        routes.get("/v1/openapi.yaml", request -> ApiAnswer.bytes("application/yaml", specification()))
                .get("/v1/status", Answers.guarded(request -> ApiAnswer.ok(status.toJson())))
                .get("/v1/head", request -> ApiAnswer.ok(head(headToSign())))
                .get("/v1/records/{id}", Answers.guarded(this::record))
                .get("/v1/streams/{ns}/{id}/{session}", Answers.guarded(this::stream))
                .get("/v1/artefacts/{digest}", Answers.guarded(this::artefact))
                .get("/v1/pending", Answers.guarded(this::pending))
                .get("/v1/search", Answers.guarded(new Search(ledger, door, names)::answer))
                .get("/v1/log", request -> log.log(request))
                .get("/v1/leaves", Answers.guarded(log::leaves))
                .get("/v1/leaves/{index}", Answers.guarded(log::leaf))
                .get("/v1/trace/{id}", Answers.guarded(this::trace))
                .get("/v1/bundle", Answers.guarded(new BundleExport(ledger, exports)::answer))
                .get("/v1/principals", Answers.guarded(this::principals))
                .get("/v1/keys/touched", Answers.guarded(request -> Touched.answer(ledger, door, request)))
                .get("/v1/policies", Answers.guarded(this::policies))
                .get("/v1/profiles", Answers.guarded(this::profiles));
        new TileApi(ledger).addTo(routes, "/v1/log");
    }

    private static byte[] specification() {
        try (InputStream in = ReadApi.class.getResourceAsStream("/dev/jurat/app/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("not in this build: openapi.yaml");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Json.Obj head(LedgerHead head) {
        return JsonBuilder.object()
                .put("claimed", head.claimed())
                .put("clock", head.clock().hex())
                .put("earliest", head.earliestMillis())
                .put("genesis", head.genesis().hex())
                .put("latest", head.latestMillis())
                .put("size", head.size().value())
                .build();
    }

    private ApiAnswer record(ApiRequest request) throws ApiException {
        StoredRecord found = find(request.variable("id"));
        try {
            return ApiAnswer.ok(Custody.withErasure(ledger, found.index(), Views.record(found)));
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private StoredRecord find(String typed) throws ApiException {
        try {
            Optional<StoredRecord> found = ledger.record(RecordIds.whole(ledger, typed));
            return found.orElseThrow(() -> ApiException.notFound("a record of this id"));
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private ApiAnswer stream(ApiRequest request) throws ApiException {
        Stream stream;
        try {
            stream = Stream.parse(
                    request.variable("ns") + "/" + request.variable("id") + "/" + request.variable("session"));
        } catch (FormatException e) {
            throw NodeApi.malformed(e);
        }
        Lifecycle.StreamHead head =
                door.ask(state -> state.head(stream)).orElseThrow(() -> ApiException.notFound("this stream"));
        String state = head.ended() ? "ended" : head.suspended() ? "suspended" : "open";
        return ApiAnswer.ok(JsonBuilder.object()
                .put("next", head.next())
                .put("previous", head.previous().hex())
                .put("state", state)
                .build());
    }

    private ApiAnswer artefact(ApiRequest request) throws ApiException {
        String digest = request.variable("digest");
        if (!Hash.isHex(digest)) {
            throw ApiException.malformed("digest-syntax", "a digest has 64 lower-case hexadecimal digits");
        }
        byte[] bytes = door.artefact(Hash.fromHex(digest)).orElseThrow(() -> ApiException.notFound("this artefact"));
        return ApiAnswer.bytes("application/octet-stream", bytes);
    }

    private ApiAnswer pending(ApiRequest request) {
        Governor.Awaiting pending = governor.pending();
        List<Json> waiting = pending.calls().stream()
                .<Json>map(call -> Views.pending(call, names, door))
                .toList();
        return ApiAnswer.ok(JsonBuilder.object()
                .put("pending", new Json.Arr(waiting))
                .strings(
                        "unreadable",
                        pending.unreadable().stream().map(RecordId::hex).toList())
                .build());
    }

    private ApiAnswer trace(ApiRequest request) throws ApiException {
        try {
            Lag.await(ledger);
            List<StoredRecord> records = ledger.trace(RecordIds.whole(ledger, request.variable("id")));
            if (records.isEmpty()) {
                throw ApiException.notFound("an action that this record belongs to");
            }
            List<Json> views = new ArrayList<>();
            for (StoredRecord record : records) {
                views.add(Custody.withErasure(ledger, record.index(), Views.traced(record)));
            }
            return ApiAnswer.ok(
                    JsonBuilder.object().put("records", new Json.Arr(views)).build());
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private ApiAnswer principals(ApiRequest request) {
        List<Json> all = door.ask(state -> state.principals().stream()
                .<Json>map(p -> Views.principal(p, names.of(p.principal()), state))
                .toList());
        return ApiAnswer.ok(
                JsonBuilder.object().put("principals", new Json.Arr(all)).build());
    }

    private ApiAnswer policies(ApiRequest request) {
        return ApiAnswer.ok(door.ask(state -> Views.policies(state, published.policies())));
    }

    private ApiAnswer profiles(ApiRequest request) {
        return ApiAnswer.ok(door.ask(state -> Views.profiles(state, published.profiles())));
    }
}
