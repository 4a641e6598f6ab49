package dev.jurat.ledger;

import dev.jurat.proof.record.SignedRecord;
import java.util.Optional;

/**
 * A record offered to the ledger.
 *
 * @param body the body's bytes, salt first, where its kind has one
 */
public record Submission(SignedRecord record, Optional<byte[]> body) {}
