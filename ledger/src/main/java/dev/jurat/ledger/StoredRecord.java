package dev.jurat.ledger;

import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.SignedRecord;
import java.util.Optional;

/**
 * A record of the log with its place.
 *
 * @param body its body's bytes; empty if its kind has none or it was erased. They match the statement's digest
 */
public record StoredRecord(LeafIndex index, SignedRecord record, Optional<byte[]> body) {}
