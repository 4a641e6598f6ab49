package dev.jurat.identity;

import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.Receipt;
import dev.jurat.ledger.Quorum;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the records that an identity rests on stand in the log, from its intent to itself.
 *
 * @param size a tree size that holds them and has a checkpoint
 * @param quorum up to which size witnesses have cosigned the log when this is answered
 */
record Places(long size, Quorum quorum, List<Receipt.Result> results) {
    Places {
        results = List.copyOf(results);
    }

    /** Of records that are on the ledger, some of them by the group that was just answered. */
    static Places of(LedgerDoor ledger, Eid.Records records, RecordId identity, Optional<Receipt> receipt) {
        List<Receipt.Result> found = new ArrayList<>();
        for (RecordId id :
                List.of(records.intent(), records.context(), records.decision(), records.contract(), identity)) {
            found.add(receipt.flatMap(given -> within(given, id)).orElseGet(() -> before(ledger, id)));
        }
        return new Places(receipt.map(Receipt::size).orElseGet(ledger::size), ledger.quorum(), found);
    }

    private static Optional<Receipt.Result> within(Receipt receipt, RecordId id) {
        return receipt.results().stream()
                .filter(result -> result.id().equals(id))
                .findFirst();
    }

    private static Receipt.Result before(LedgerDoor ledger, RecordId id) {
        long index = ledger.indexOf(id).orElseThrow(() -> new IllegalStateException("not on the ledger: " + id.hex()));
        return new Receipt.Result(id, index, Receipt.Status.PRESENT, Optional.empty());
    }

    Json.Obj toJson() {
        List<Json> all = results.stream()
                .<Json>map(result -> JsonBuilder.object()
                        .put("id", result.id().hex())
                        .put("index", result.index())
                        .put("status", result.status().word())
                        .build())
                .toList();
        return JsonBuilder.object()
                .put("results", new Json.Arr(all))
                .put("size", size)
                .put("witnessed", quorum.toJson())
                .build();
    }
}
