package dev.jurat.assurance.harness;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The attack on a heap dump by who knows public keys alone: every array that is long enough for a seed is taken for one, and the public key that it
 * would have is looked up.
 */
public final class HeapKeys {
    private static final int SEED_BYTES = 32;
    /** Of an array in a dump of HotSpot: tag, id, stack, length, type. */
    private static final int HEAD = 1 + 8 + 4 + 4 + 1;

    private static final byte ARRAY = 0x23;
    private static final byte OF_BYTES = 8;
    private static final Set<Integer> LENGTHS = Set.of(32, 48, 64);

    private HeapKeys() {}

    /** Those of these public keys whose seed is in the dump, as an array of its own or at the start or the end of one; each with the seed. */
    public static Map<ByteBuffer, byte[]> found(byte[] dump, Collection<byte[]> publicKeys) {
        Set<ByteBuffer> wanted = new HashSet<>();
        publicKeys.forEach(key -> wanted.add(ByteBuffer.wrap(key)));
        Map<ByteBuffer, byte[]> found = new HashMap<>();
        Set<ByteBuffer> tried = new HashSet<>();
        ByteBuffer in = ByteBuffer.wrap(dump);
        for (int at = 0; at + HEAD + SEED_BYTES <= dump.length; at++) {
            if (dump[at] == ARRAY && dump[at + HEAD - 1] == OF_BYTES) {
                int length = in.getInt(at + HEAD - 5);
                if (LENGTHS.contains(length) && at + HEAD + length <= dump.length) {
                    take(dump, at + HEAD, wanted, tried, found);
                    take(dump, at + HEAD + length - SEED_BYTES, wanted, tried, found);
                }
            }
        }
        return found;
    }

    private static void take(
            byte[] dump, int at, Set<ByteBuffer> wanted, Set<ByteBuffer> tried, Map<ByteBuffer, byte[]> found) {
        byte[] seed = Arrays.copyOfRange(dump, at, at + SEED_BYTES);
        if (tried.add(ByteBuffer.wrap(seed))) {
            byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
            Ed25519.generatePublicKey(seed, 0, key, 0);
            if (wanted.contains(ByteBuffer.wrap(key))) {
                found.put(ByteBuffer.wrap(key), seed);
            }
        }
    }
}
