package dev.jurat.app.node;

import dev.jurat.app.http.ApiException;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.RecordId;
import java.util.List;

/** The record that somebody means who typed the beginning of its id. */
final class RecordIds {
    private RecordIds() {}

    /** The id itself, or the only one that begins so; {@code id-syntax}, {@code id-ambiguous}, {@code not-found}. */
    static RecordId whole(Ledger ledger, String typed) throws ApiException, LedgerException {
        if (Hash.isHex(typed)) {
            return new RecordId(Hash.fromHex(typed));
        }
        if (!typed.matches("[0-9a-f]{8,63}")) {
            throw ApiException.malformed(
                    "id-syntax", "an id has 64 lower-case hexadecimal digits; the first 8 are enough");
        }
        Lag.await(ledger);
        List<RecordId> found = ledger.recordsBeginning(typed, 2);
        if (found.size() > 1) {
            throw ApiException.malformed("id-ambiguous", "several records begin so; give more digits");
        }
        if (found.isEmpty()) {
            throw ApiException.notFound("a record whose id begins so");
        }
        return found.getFirst();
    }
}
