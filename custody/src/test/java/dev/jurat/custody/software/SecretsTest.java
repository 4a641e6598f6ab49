package dev.jurat.custody.software;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Whether a secret is where it should not be. Alone, since what other tests hold would be in the dump. */
@Isolated
class SecretsTest {
    /** Not a secret itself: what the test looks for is worked out from it, so that the look itself is not found. */
    private static final long SEED = RandomGenerator.getDefault().nextLong();

    @TempDir
    Path folder;

    private static byte[] secret() {
        byte[] bytes = new byte[32];
        new java.util.Random(SEED).nextBytes(bytes);
        return bytes;
    }

    private Custody custody() {
        RandomSource fixed = bytes -> {
            byte[] secret = secret();
            if (bytes.length == secret.length) {
                System.arraycopy(secret, 0, bytes, 0, bytes.length);
            } else {
                RandomSource.secure().fill(bytes);
            }
            Arrays.fill(secret, (byte) 0);
        };
        return SoftwareCustody.in(
                folder.resolve("keys"), "a-passphrase-typed"::toCharArray, PassphraseSeal.Cost.LIGHT, fixed);
    }

    private Path dump(String name) throws IOException {
        Path file = folder.resolve(name + ".hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
        return file;
    }

    private static boolean has(Path file, byte[] wanted) throws IOException {
        // One char a byte, so that the search is the JVM's own.
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return text.contains(new String(wanted, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aClosedKeyIsInAHeapDump() throws IOException {
        Custody custody = custody();
        KeptKey key = custody.make("agent", Suite.ED25519_2026);
        key.sign(new byte[100]);
        assertTrue(has(dump("open"), secret()), "while it is open it is there: the search finds it");
        key.close();
        assertFalse(has(dump("closed"), secret()));
        KeptKey again = custody.open("agent");
        again.sign(new byte[100]);
        custody.close();
        assertFalse(has(dump("custody-closed"), secret()));
        assertFalse(again.toString().isEmpty());
    }

    @Test
    void aSecretStandsInAFileAMessageOrAName() throws IOException {
        Custody custody = custody();
        KeptKey key = custody.make("agent", Suite.ED25519_2026);
        CustodyException refused = assertThrows(
                CustodyException.class,
                () -> SoftwareCustody.in(
                                folder.resolve("keys"),
                                "another-passphrase"::toCharArray,
                                PassphraseSeal.Cost.LIGHT,
                                RandomSource.secure())
                        .open("agent"));
        String said = key + " " + custody + " " + custody.evidence("agent").toJson() + " " + refused + refused.next()
                + HexFormat.of().formatHex(key.sign(new byte[10]))
                + new String(Files.readAllBytes(folder.resolve("keys/agent.key")), StandardCharsets.ISO_8859_1);
        for (String secret : List.of(
                new String(secret(), StandardCharsets.ISO_8859_1),
                HexFormat.of().formatHex(secret()),
                Base64.getEncoder().encodeToString(secret()),
                "a-passphrase-typed",
                "another-passphrase")) {
            assertFalse(said.contains(secret));
        }
    }
}
