package dev.jurat.ledger;

import dev.jurat.proof.crypto.SigningKey;

/**
 * The two keys of a ledger. They differ: a thief of one cannot do the other's work.
 *
 * @param record signs the ledger's own records
 * @param checkpoint signs checkpoints, under the log's origin
 */
public record LedgerKeys(SigningKey record, SigningKey checkpoint) {
    public LedgerKeys {
        if (record.verifyKey().equals(checkpoint.verifyKey())) {
            throw new IllegalArgumentException("the record key and the checkpoint key are one key");
        }
    }
}
