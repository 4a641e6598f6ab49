package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.WriteOnce;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The bodies of sealed records. Pack N holds those of records N·256 to N·256+255, encrypted; slot file N beside it holds their 256 keys
 * of 32 bytes. Erasing a body zeroes its slot.
 *
 * <p>Pack: 256 lengths u32 (0 = no body), then the ciphertexts in order. Thread-safe.
 */
final class BodyPacks {
    public static final int BODIES = 256;

    /** More than a body can have. */
    private static final long BODY_BYTES_MAX = 1 << 26;

    private final Storage storage;

    public BodyPacks(Storage storage) {
        this.storage = storage;
    }

    /** Adds pack and slot file of 256 records to a batch. The slot file comes first: a pack without keys is never there. */
    public void seal(long pack, List<Optional<KeyedBody>> bodies, WriteOnce batch) throws IOException {
        ByteBuffer slots = ByteBuffer.allocate(BODIES * BodyCipher.KEY_BYTES);
        ByteBuffer lengths = ByteBuffer.allocate(BODIES * Integer.BYTES);
        byte[][] parts = new byte[BODIES + 1][];
        parts[0] = lengths.array();
        for (int i = 0; i < BODIES; i++) {
            Optional<KeyedBody> body = bodies.get(i);
            slots.put(body.map(KeyedBody::key).orElse(new byte[BodyCipher.KEY_BYTES]));
            parts[i + 1] = sealed(body, pack * BODIES + i);
            lengths.putInt(parts[i + 1].length);
        }
        batch.put(FileNames.slots(pack), slots.array());
        batch.put(FileNames.body(pack), parts);
    }

    private static byte[] sealed(Optional<KeyedBody> body, long index) {
        return body.map(b -> BodyCipher.seal(b.key(), index, b.bytes())).orElse(new byte[0]);
    }

    /** The body of a sealed record; none if it has none, it was erased, or its slot file was not brought along. */
    public KeptBody read(long index) throws IOException {
        if (!storage.exists(FileNames.slots(index / BODIES))) {
            return new KeptBody.None();
        }
        Optional<byte[]> key = key(index);
        if (key.isPresent() && isErased(key.get())) {
            return new KeptBody.None();
        }
        if (!storage.exists(FileNames.body(index / BODIES))) {
            return new KeptBody.Damaged();
        }
        byte[] sealed = sealedBytes(index);
        return key.flatMap(k -> BodyCipher.open(k, index, sealed))
                .<KeptBody>map(KeptBody.Whole::new)
                .orElseGet(KeptBody.Damaged::new);
    }

    /** The records of a pack whose keys are there, although it is not itself: no erasure leaves that behind. */
    List<Long> lost(long pack) throws IOException {
        List<Long> lost = new ArrayList<>();
        if (!storage.exists(FileNames.body(pack)) && storage.exists(FileNames.slots(pack))) {
            for (long index = pack * BODIES; index < (pack + 1) * BODIES; index++) {
                if (!key(index).map(BodyPacks::isErased).orElse(false)) {
                    lost.add(index);
                }
            }
        }
        return lost;
    }

    private static boolean isErased(byte[] key) {
        return Arrays.equals(key, new byte[BodyCipher.KEY_BYTES]);
    }

    /** What stands in a record's slot; empty where the slot file ends before it. */
    private Optional<byte[]> key(long index) throws IOException {
        try (DurableFile file = storage.open(FileNames.slots(index / BODIES))) {
            ByteBuffer key = ByteBuffer.allocate(BodyCipher.KEY_BYTES);
            file.read(index % BODIES * BodyCipher.KEY_BYTES, key);
            return key.hasRemaining() ? Optional.empty() : Optional.of(key.array());
        }
    }

    private byte[] sealedBytes(long index) throws IOException {
        try (DurableFile file = storage.open(FileNames.body(index / BODIES))) {
            ByteBuffer lengths = ByteBuffer.allocate(BODIES * Integer.BYTES);
            file.read(0, lengths);
            int slot = (int) (index % BODIES);
            long position = lengths.capacity();
            for (int i = 0; i < slot; i++) {
                position += Integer.toUnsignedLong(lengths.getInt(i * Integer.BYTES));
            }
            long length = Integer.toUnsignedLong(lengths.getInt(slot * Integer.BYTES));
            if (length > BODY_BYTES_MAX || position + length > file.size()) {
                return new byte[0];
            }
            ByteBuffer sealed = ByteBuffer.allocate((int) length);
            file.read(position, sealed);
            return sealed.array();
        }
    }

    /**
     * Destroys the key of a sealed record's body, durably. What the medium kept of the old sector is beyond us.
     */
    public void erase(long index) throws IOException {
        try (DurableFile file = storage.open(FileNames.slots(index / BODIES))) {
            ByteBuffer zeros = ByteBuffer.allocate(BodyCipher.KEY_BYTES);
            file.write(index % BODIES * BodyCipher.KEY_BYTES, zeros);
            // A crash here leaves the key, part of it or none; the erasure was not yet reported and is asked for again.
            file.sync();
        }
    }
}
