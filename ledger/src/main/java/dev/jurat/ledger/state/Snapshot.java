package dev.jurat.ledger.state;

import dev.jurat.proof.crypto.Hash;
import java.util.SortedMap;

/**
 * What a lifecycle had come to at a size, to go on from there.
 *
 * @param size how many leaves it is of
 * @param logRoot the root of the log at that size: a log with another one is not the log that it is of
 * @param stateRoot the root of the state of that size ({@code docs/spec/state.md} §2)
 * @param parts all parts that were saved and not taken back, by name
 */
public record Snapshot(long size, Hash logRoot, Hash stateRoot, SortedMap<String, byte[]> parts) {}
