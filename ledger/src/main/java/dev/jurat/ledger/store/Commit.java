package dev.jurat.ledger.store;

import dev.jurat.proof.crypto.Hash;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one journal frame holds: entries in order, and the root of the tree after them.
 *
 * <p>Bytes: root 32; then for each entry leaf length u16, leaf, 1 and key 32 and body length u32 and body, or 0.
 */
record Commit(List<Entry> entries, Hash root) {
    public Commit {
        entries = List.copyOf(entries);
    }

    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024 * (1 + entries.size()));
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(root.bytes());
            for (Entry entry : entries) {
                out.writeShort(entry.leaf().length);
                out.write(entry.leaf());
                writeBody(out, entry.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeBody(DataOutputStream out, Optional<KeyedBody> body) throws IOException {
        out.writeByte(body.isPresent() ? 1 : 0);
        if (body.isPresent()) {
            out.write(body.get().key());
            out.writeInt(body.get().bytes().length);
            out.write(body.get().bytes());
        }
    }

    /** Reads what {@link #encode} wrote; empty for anything else, which the journal's own checks leave no room for. */
    public static Optional<Commit> decode(byte[] bytes, int count) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Hash root = Hash.ofBytes(take(in, Hash.BYTES));
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] leaf = take(in, Short.toUnsignedInt(in.getShort()));
                entries.add(new Entry(leaf, readBody(in)));
            }
            return in.hasRemaining() ? Optional.empty() : Optional.of(new Commit(entries, root));
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static Optional<KeyedBody> readBody(ByteBuffer in) {
        if (in.get() == 0) {
            return Optional.empty();
        }
        byte[] key = take(in, KeyedBody.KEY_BYTES);
        return Optional.of(new KeyedBody(key, take(in, in.getInt())));
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
