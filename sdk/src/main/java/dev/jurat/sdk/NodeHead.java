package dev.jurat.sdk;

import dev.jurat.proof.record.RecordId;

/**
 * Where the ledger stands.
 *
 * @param clock the newest clock leaf, or genesis before any
 * @param earliest its interval, milliseconds since 1970
 * @param latest its interval, milliseconds since 1970
 * @param size how many leaves there are
 * @param claimed whether the node has an administrator
 */
public record NodeHead(RecordId clock, long earliest, long latest, long size, boolean claimed, RecordId genesis) {}
