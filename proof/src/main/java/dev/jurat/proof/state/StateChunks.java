package dev.jurat.proof.state;

import dev.jurat.proof.crypto.Hash;
import java.util.HashMap;
import java.util.Map;

/** Chunks in memory: for audits and tests. Not thread-safe. */
public final class StateChunks implements Chunks {
    private static final byte[] NOTHING = {};

    private final Map<Long, byte[]> chunks = new HashMap<>();

    private StateChunks() {}

    public static StateChunks inMemory() {
        return new StateChunks();
    }

    @Override
    public byte[] read(long number) {
        return chunks.getOrDefault(number, NOTHING).clone();
    }

    @Override
    public void write(long number, byte[] bytes, Hash hash) {
        chunks.put(number, bytes.clone());
    }
}
