package dev.jurat.ledger;

import dev.jurat.proof.crypto.MlDsaKey;
import dev.jurat.proof.crypto.SigningKey;
import java.util.Optional;

/**
 * The keys of a ledger. They differ: a thief of one cannot do another's work.
 *
 * @param record signs the ledger's own records
 * @param checkpoint signs checkpoints, under the log's origin
 * @param second adds a second line to the checkpoints that leave the ledger, where the log has one
 */
public record LedgerKeys(SigningKey record, SigningKey checkpoint, Optional<MlDsaKey> second) {
    public LedgerKeys {
        if (record.verifyKey().equals(checkpoint.verifyKey())) {
            throw new IllegalArgumentException("the record key and the checkpoint key are one key");
        }
    }

    /** Of a log without second lines. */
    public LedgerKeys(SigningKey record, SigningKey checkpoint) {
        this(record, checkpoint, Optional.empty());
    }
}
