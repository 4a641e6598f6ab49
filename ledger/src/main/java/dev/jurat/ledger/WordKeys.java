package dev.jurat.ledger;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.crypto.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The slot of the key of the index's words: the 32-byte key, its CRC-32C and zeros. Where it is missing or damaged another takes its place, and an index
 * under the old one is made anew. Not thread-safe.
 */
final class WordKeys {
    static final String PATH = "slots/words";
    static final int SLOT_BYTES = 64;

    private final Storage storage;
    private final RandomSource random;

    WordKeys(Storage storage, RandomSource random) {
        this.storage = storage;
        this.random = random;
    }

    /** The key; a new one where there is none. */
    byte[] key() throws IOException {
        Optional<byte[]> kept = kept();
        if (kept.isEmpty()) {
            return renew();
        }
        try (DurableFile file = storage.open(PATH)) {
            // Who wrote it may have been killed before their own sync.
            file.sync();
        }
        return kept.get();
    }

    private Optional<byte[]> kept() throws IOException {
        Optional<byte[]> slot = storage.read(PATH);
        if (slot.isEmpty() || slot.get().length != SLOT_BYTES) {
            return Optional.empty();
        }
        byte[] key = Arrays.copyOf(slot.get(), WordKey.BYTES);
        return Arrays.equals(slot(key), slot.get()) ? Optional.of(key) : Optional.empty();
    }

    /** Writes another key over the old one, durably: what was kept under that means nothing from here on. */
    byte[] renew() throws IOException {
        byte[] key = random.bytes(WordKey.BYTES);
        if (!storage.exists(PATH)) {
            WriteOnce batch = new WriteOnce(storage);
            batch.put(PATH, slot(key));
            batch.finish();
            return key;
        }
        try (DurableFile file = storage.open(PATH)) {
            file.write(0, ByteBuffer.wrap(slot(key)));
            // A crash here leaves part of either key; neither is one, and the next opening writes another.
            file.sync();
        }
        return key;
    }

    private static byte[] slot(byte[] key) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        return ByteBuffer.allocate(SLOT_BYTES)
                .put(key)
                .putInt((int) crc.getValue())
                .array();
    }
}
