package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.WriteOnce;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The bodies of sealed records. Pack N holds those of records N·256 to N·256+255, encrypted; slot file N beside it holds their 256 keys
 * of 32 bytes. Erasing a body zeroes its slot; its bytes leave the pack when that is compacted.
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

    /** The body of a sealed record; none if it has none, it was erased, or its key was not brought along. */
    public KeptBody read(long index) throws IOException {
        boolean pack = storage.exists(FileNames.body(index / BODIES));
        if (!storage.exists(FileNames.slots(index / BODIES))) {
            return pack && length(index) != 0 ? new KeptBody.Half() : new KeptBody.None();
        }
        Optional<byte[]> key = key(index);
        if (key.isPresent() && isErased(key.get())) {
            return pack && length(index) > 0 ? new KeptBody.Half() : new KeptBody.None();
        }
        if (!pack) {
            return new KeptBody.Damaged();
        }
        byte[] sealed = sealedBytes(index);
        Optional<byte[]> body = key.flatMap(k -> BodyCipher.open(k, index, sealed));
        if (body.isPresent()) {
            return new KeptBody.Whole(body.get());
        }
        // It may have been erased, and its bytes been taken out, since its key was read.
        boolean half = length(index) == 0 || key(index).map(BodyPacks::isErased).orElse(false);
        return half ? new KeptBody.Half() : new KeptBody.Damaged();
    }

    /** How many bytes a pack says that it has of a body; −1 where it ends before it says so. */
    private long length(long index) throws IOException {
        try (DurableFile file = storage.open(FileNames.body(index / BODIES))) {
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
            file.read(index % BODIES * Integer.BYTES, length);
            return length.hasRemaining() ? -1 : Integer.toUnsignedLong(length.getInt(0));
        }
    }

    /** The same with its key; none where it cannot be read. */
    Optional<KeyedBody> keyed(long index) throws IOException {
        return read(index) instanceof KeptBody.Whole whole
                ? key(index).filter(key -> !isErased(key)).map(key -> new KeyedBody(key, whole.bytes()))
                : Optional.empty();
    }

    /** The records of a pack of which the file of keys is there, or that of bodies, and the other is not. */
    List<Long> lost(long pack) throws IOException {
        List<Long> lost = new ArrayList<>();
        boolean keys = storage.exists(FileNames.slots(pack));
        if (keys != storage.exists(FileNames.body(pack))) {
            for (long index = pack * BODIES; index < (pack + 1) * BODIES; index++) {
                boolean nothing = keys ? key(index).map(BodyPacks::isErased).orElse(false) : length(index) == 0;
                if (!nothing) {
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

    /** Whether the key of a sealed record's body is there still. */
    boolean hasKey(long index) throws IOException {
        return storage.exists(FileNames.slots(index / BODIES))
                && key(index).filter(key -> !isErased(key)).isPresent();
    }

    /**
     * Destroys the keys of sealed records' bodies, durably; of slot files that were not brought along, there are none. What the medium kept of
     * the old sectors is beyond us.
     */
    void erase(Collection<Long> indices) throws IOException {
        Map<Long, List<Long>> byPack = indices.stream().collect(Collectors.groupingBy(index -> index / BODIES));
        for (Map.Entry<Long, List<Long>> pack : new TreeMap<>(byPack).entrySet()) {
            if (storage.exists(FileNames.slots(pack.getKey()))) {
                zero(pack.getKey(), pack.getValue());
            }
        }
    }

    private void zero(long pack, List<Long> indices) throws IOException {
        try (DurableFile file = storage.open(FileNames.slots(pack))) {
            for (long index : indices) {
                file.write(index % BODIES * BodyCipher.KEY_BYTES, ByteBuffer.allocate(BodyCipher.KEY_BYTES));
            }
            // A crash here leaves some of the keys, parts of them or none; the next opening finds them and ends it.
            file.sync();
        }
    }

    /** Makes durable what stands in a pack's slots: who destroyed keys there may have been killed before their own sync. */
    void confirmErased(long pack) throws IOException {
        if (storage.exists(FileNames.slots(pack))) {
            try (DurableFile file = storage.open(FileNames.slots(pack))) {
                file.sync();
            }
        }
    }

    /** Writes a pack anew without the bytes of bodies whose keys are gone, if it has any; answers whether it had. */
    boolean compact(long pack) throws IOException {
        Optional<byte[]> slots = storage.read(FileNames.slots(pack));
        Optional<byte[]> content = storage.read(FileNames.body(pack));
        if (slots.isEmpty() || content.isEmpty() || slots.get().length != BODIES * BodyCipher.KEY_BYTES) {
            return false;
        }
        Optional<byte[][]> parts = without(content.get(), slots.get());
        WriteOnce batch = new WriteOnce(storage);
        if (parts.isPresent()) {
            batch.put(FileNames.body(pack), parts.get());
        } else {
            batch.confirm(FileNames.body(pack));
        }
        // A crash before this leaves the old pack or the new one, each whole; the old one is compacted after the next
        // opening.
        batch.finish();
        return parts.isPresent();
    }

    /** The parts of a pack that stay; empty where all do, or where the pack is damaged and must stay as it is. */
    private static Optional<byte[][]> without(byte[] content, byte[] slots) {
        int head = BODIES * Integer.BYTES;
        if (content.length < head) {
            return Optional.empty();
        }
        ByteBuffer old = ByteBuffer.wrap(content);
        ByteBuffer lengths = ByteBuffer.allocate(head);
        byte[][] parts = new byte[BODIES + 1][];
        parts[0] = lengths.array();
        long position = head;
        boolean any = false;
        for (int i = 0; i < BODIES; i++) {
            long length = Integer.toUnsignedLong(old.getInt(i * Integer.BYTES));
            if (position + length > content.length) {
                return Optional.empty();
            }
            int at = i * BodyCipher.KEY_BYTES;
            boolean erased = length > 0 && isErased(Arrays.copyOfRange(slots, at, at + BodyCipher.KEY_BYTES));
            any |= erased;
            parts[i + 1] =
                    erased ? new byte[0] : Arrays.copyOfRange(content, (int) position, (int) (position + length));
            lengths.putInt(parts[i + 1].length);
            position += length;
        }
        return any ? Optional.of(parts) : Optional.empty();
    }
}
