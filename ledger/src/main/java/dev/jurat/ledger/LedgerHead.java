package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.RecordId;

/**
 * The newest durable size and what a signer needs to go on from there. Immutable.
 *
 * @param checkpoint the signed checkpoint of {@code size}, as bytes of a note, by its Ed25519 key alone; {@link Ledger#checkpoint} completes it
 * @param clock the newest clock leaf, which a statement signed now names as {@code seen}; the genesis id before any
 * @param claimed whether the node has an administrator
 */
public record LedgerHead(
        RecordId genesis,
        TreeSize size,
        Hash root,
        byte[] checkpoint,
        RecordId clock,
        long earliestMillis,
        long latestMillis,
        boolean claimed) {}
