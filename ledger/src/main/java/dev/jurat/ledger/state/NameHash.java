package dev.jurat.ledger.state;

import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Shortens names to 64 bits: SipHash-2-4 under a key that nobody outside the node knows, so that nobody can choose names that collide. Two that
 * do cost the reading of one leaf more.
 *
 * <p>Not thread-safe; cheap to make.
 */
final class NameHash {
    static final int KEY_BYTES = 16;

    private final SipHash hash = new SipHash();

    NameHash(byte[] key) {
        hash.init(new KeyParameter(key));
    }

    /** A record by its id, where it stands itself. */
    long own(RecordId id) {
        hash.update((byte) 1);
        return end(id.hash().bytes());
    }

    /** A record by its id, where another leaf tells of it. */
    long told(RecordId id) {
        hash.update((byte) 2);
        return end(id.hash().bytes());
    }

    /** The number of a stream, where its record stands itself. */
    long own(Stream stream, long number) {
        return place(3, stream, number);
    }

    /** The number of a stream, where another leaf tells of it. */
    long told(Stream stream, long number) {
        return place(4, stream, number);
    }

    long key(String key) {
        hash.update((byte) 5);
        return end(text(key));
    }

    long nonce(RecordId identity, String nonce) {
        hash.update((byte) 6);
        update(identity.hash().bytes());
        return end(text(nonce));
    }

    private long place(int domain, Stream stream, long number) {
        hash.update((byte) domain);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            hash.update((byte) (number >>> shift));
        }
        update(text(stream.principal()));
        hash.update((byte) '/');
        return end(text(stream.session()));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void update(byte[] bytes) {
        hash.update(bytes, 0, bytes.length);
    }

    private long end(byte[] bytes) {
        update(bytes);
        return hash.doFinal();
    }
}
