package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** No byte of a bundle can be changed unnoticed. */
class FlipTest {
    /** Remembers what it checked, since most signatures are the same in every case. */
    private static final SignatureChecker CHECKER = new Remembering();

    private static final class Remembering implements SignatureChecker {
        private final Map<Hash, Boolean> known = new ConcurrentHashMap<>();

        @Override
        public boolean verifies(VerifyKey key, byte[] message, byte[] signature) {
            return known.computeIfAbsent(
                    Hash.of(key.bytes(), Hash.of(message).bytes(), signature), h -> key.verifies(message, signature));
        }
    }

    @Test
    void everyByteOfTheFileCounts() {
        World world = World.claimed();
        world.execution().run();
        byte[] bytes = world.bundle(new Scope.All()).bytes();
        Optional<TrustPolicy> trust = Optional.of(world.trust());
        assertTrue(Verifier.verify(bytes, trust).accepted());
        IntStream.range(0, bytes.length).parallel().forEach(at -> {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 1;
            refused(flipped, trust, "byte " + at);
        });
    }

    /**
     * The archive's checksums are made right again, so that what is found is found in the content. A sample in the build; every byte with
     * {@code -Djurat.flips.all=true}.
     */
    @Test
    void theContentCountsByItself() {
        World world = World.claimed();
        world.execution().run();
        contentBytes(world, new Scope.All(), 5);
    }

    @Test
    void anActionsContentCountsByItself() {
        World world = World.claimed();
        world.execution().run();
        Execution wanted = world.execution().run();
        contentBytes(world, new Scope.Action(wanted.id(Kind.INTENT)), 23);
    }

    private static void contentBytes(World world, Scope scope, int strideInTheBuild) {
        int stride = Boolean.getBoolean("jurat.flips.all") ? 1 : strideInTheBuild;
        Optional<TrustPolicy> trust = Optional.of(world.trust());
        byte[] bytes = world.bundle(scope).bytes();
        assertTrue(Verifier.verify(bytes, trust, CHECKER).accepted());
        for (int start : files(bytes)) {
            int length = size(bytes, start);
            IntStream.range(0, length).filter(i -> i % stride == 0).parallel().forEach(i -> {
                byte[] flipped = bytes.clone();
                flipped[data(bytes, start) + i] ^= 0x10;
                mend(flipped, start);
                refused(flipped, trust, "file at " + start + ", byte " + i);
            });
        }
    }

    @Test
    void everyTruncationIsNoticed() {
        World world = World.claimed();
        world.execution().run();
        byte[] bytes = world.bundle(new Scope.All()).bytes();
        Optional<TrustPolicy> trust = Optional.of(world.trust());
        for (int length = 4; length < bytes.length; length += 97) {
            refused(Arrays.copyOf(bytes, length), trust, "length " + length);
        }
        refused(Arrays.copyOf(bytes, bytes.length + 1), trust, "one byte more");
    }

    private static void refused(byte[] bytes, Optional<TrustPolicy> trust, String what) {
        Report report = Verifier.verify(bytes, trust, CHECKER);
        // Unusable would say that it is no bundle at all.
        assertInstanceOf(Report.Refused.class, report, what);
        assertFalse(report.codes().isEmpty(), what);
    }

    /** Where the headers of the files start. */
    private static List<Integer> files(byte[] zip) {
        List<Integer> files = new ArrayList<>();
        int at = 0;
        while (int4(zip, at) == 0x04034b50) {
            files.add(at);
            at = data(zip, at) + size(zip, at);
        }
        return files;
    }

    private static int data(byte[] zip, int start) {
        return start + 30 + (zip[start + 26] & 0xff);
    }

    private static int size(byte[] zip, int start) {
        return int4(zip, start + 22);
    }

    private static int int4(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    /** Writes the checksum of one file's bytes as they are now, in both places. */
    private static void mend(byte[] zip, int start) {
        CRC32 crc = new CRC32();
        crc.update(zip, data(zip, start), size(zip, start));
        put4(zip, start + 14, (int) crc.getValue());
        int at = zip.length - 22;
        at = int4(zip, at + 16);
        while (int4(zip, at) == 0x02014b50) {
            if (int4(zip, at + 42) == start) {
                put4(zip, at + 16, (int) crc.getValue());
            }
            at += 46 + (zip[at + 28] & 0xff);
        }
    }

    private static void put4(byte[] bytes, int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> 8 * i);
        }
    }
}
