package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerHead;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.LeafIndex;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The log as a list of leaves, for people: its checkpoint, its newest leaves, and each leaf by its index. */
final class LogView {
    private static final int LEAVES_MAX = 500;
    private static final int LEAVES_USUAL = 20;

    private final Ledger ledger;
    private final String origin;

    LogView(Ledger ledger) throws LedgerException {
        this.ledger = ledger;
        this.origin = new Origin(ledger).text();
    }

    ApiAnswer log(ApiRequest request) {
        LedgerHead head = ledger.head();
        return ApiAnswer.ok(JsonBuilder.object()
                .put("checkpoint", new String(ledger.checkpoint(head).bytes(), StandardCharsets.UTF_8))
                .put("genesis", head.genesis().hex())
                .put("origin", origin)
                .put("root", head.root().hex())
                .put("second", ledger.secondKey().map(key -> new Json.Str(key.text())))
                .put("size", head.size().value())
                .put("witnessed", ledger.quorum().toJson())
                .put("witnessed-checkpoint", witnessed())
                .build());
    }

    /** The newest checkpoint that a quorum of witnesses has cosigned, as a note. */
    private Optional<Json.Str> witnessed() {
        boolean any = ledger.quorum().size().value() > 0;
        return ledger.witnessed()
                .filter(note -> any)
                .map(note -> new Json.Str(new String(note.bytes(), StandardCharsets.UTF_8)));
    }

    ApiAnswer leaves(ApiRequest request) throws ApiException {
        Queries.requireKnown(request.query(), "before", "limit", "until");
        long size = ledger.head().size().value();
        long end = Math.min(
                Math.min(size, Queries.number(request.query(), "before").orElse(size)), until(request, size));
        long limit = Queries.limit(request.query(), LEAVES_USUAL, LEAVES_MAX);
        List<Json> leaves = new ArrayList<>();
        for (long index = end - 1; index >= 0 && index >= end - limit; index--) {
            leaves.add(Views.traced(read(index)));
        }
        return ApiAnswer.ok(JsonBuilder.object()
                .put("leaves", new Json.Arr(leaves))
                .put("size", size)
                .build());
    }

    /** Behind the last leaf that stands before a time. What comes after its clock leaf may have come at that time already. */
    private long until(ApiRequest request, long size) throws ApiException {
        OptionalLong millis = Queries.number(request.query(), "until");
        if (millis.isEmpty()) {
            return size;
        }
        try {
            return ledger.clockBefore(millis.getAsLong())
                    .map(index -> index.value() + 1)
                    .orElse(0L);
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    ApiAnswer leaf(ApiRequest request) throws ApiException {
        String typed = request.variable("index");
        if (!typed.matches("0|[1-9][0-9]{0,15}")) {
            throw ApiException.malformed("index-syntax", "an index is a number from 0 on");
        }
        StoredRecord stored = read(Long.parseLong(typed));
        try {
            return ApiAnswer.ok(Custody.withErasure(ledger, stored.index(), Views.record(stored)));
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private StoredRecord read(long index) throws ApiException {
        try {
            return ledger.record(new LeafIndex(index))
                    .orElseThrow(() -> ApiException.notFound("a leaf of index " + index));
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }
}
