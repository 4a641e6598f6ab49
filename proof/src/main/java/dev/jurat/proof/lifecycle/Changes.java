package dev.jurat.proof.lifecycle;

import java.util.SortedMap;

/**
 * What has changed in the state since it was asked last.
 *
 * @param standings the new standings by leaf ({@code docs/spec/state.md} §3); of leaves not in here they are what they were, and of new ones empty
 * @param parts what a lifecycle needs beside standings to go on from here, by name; empty where a part is there no more. A form of its own,
 *     in no specification: whoever reads it back is the same version of this code, or begins with the log again
 */
public record Changes(SortedMap<Long, byte[]> standings, SortedMap<String, byte[]> parts) {}
