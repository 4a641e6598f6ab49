package dev.jurat.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignerType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Which of its two keys a session asks, and where they are afterwards. Alone, since what other tests hold would be in the dump. */
@Isolated
class SessionKeysTest {
    private static final RecordId GENESIS = new RecordId(Hash.of(new byte[] {1}));
    /** Not a secret itself: what the test looks for is worked out from it, so that the look itself is not found. */
    private static final long SEED = RandomGenerator.getDefault().nextLong();

    @TempDir
    Path folder;

    /** An identity whose key is elsewhere, as in a token, and is counted each time it is asked. */
    private record Counted(SoftwareKey kept, AtomicInteger asked) implements Identity {
        @Override
        public String principal() {
            return "local/" + "a".repeat(26);
        }

        @Override
        public SignerType type() {
            return SignerType.AGENT;
        }

        @Override
        public SigningKey key() {
            return new SigningKey() {
                @Override
                public VerifyKey verifyKey() {
                    return kept.verifyKey();
                }

                @Override
                public byte[] sign(byte[] message) {
                    asked.incrementAndGet();
                    return kept.sign(message);
                }
            };
        }

        @Override
        public void close() {
            kept.close();
        }
    }

    private static Entry opened(Session session, Identity identity) {
        Session.Opening opening =
                new Session.Opening(1, RegistryFacts.Isolation.SAME_USER, true, RegistryFacts.Signs.WRAPPER, false);
        return session.open(identity, opening, GENESIS, JsonBuilder.object().build());
    }

    private static Entry observed(Session session) {
        return session.sign(
                salt -> new ExecutionFacts.Observation("tools/list", GENESIS.hash()),
                References.NONE,
                GENESIS,
                new ExecutionDetails.Observation(1, List.of()).toJson());
    }

    @Test
    void anIdentityKeyIsAskedOnceARecord() {
        Counted identity = new Counted(SoftwareKey.generate(RandomSource.secure()), new AtomicInteger());
        Session session = Session.prepare(identity, GENESIS, RandomSource.secure());
        assertEquals(0, identity.asked().get());
        opened(session, identity);
        for (int i = 0; i < 500; i++) {
            Entry entry = observed(session);
            assertTrue(session.key()
                    .verifyKey()
                    .verifies(
                            entry.record().preAuthentication(),
                            entry.record().signatures().getFirst()));
        }
        assertEquals(1, identity.asked().get(), "the session record, and none after it");
    }

    private static byte[] secret(int which) {
        byte[] bytes = new byte[SoftwareKey.SEED_BYTES];
        new java.util.Random(SEED + which).nextBytes(bytes);
        return bytes;
    }

    /** Gives a secret that can be worked out again where a key is made, and other bytes for everything else. */
    private static RandomSource fixed(int which) {
        return bytes -> {
            byte[] secret = secret(which);
            if (bytes.length == secret.length) {
                System.arraycopy(secret, 0, bytes, 0, bytes.length);
            } else {
                RandomSource.secure().fill(bytes);
            }
            Arrays.fill(secret, (byte) 0);
        };
    }

    private List<Boolean> found(String name, int which) throws IOException {
        Path file = folder.resolve(name + ".hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
        // One char a byte, so that the search is the JVM's own.
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Files.delete(file);
        return List.of(
                text.contains(new String(secret(which), StandardCharsets.ISO_8859_1)),
                text.contains(Base64.getEncoder().withoutPadding().encodeToString(secret(which))));
    }

    @Test
    void aKeyOfAClosedSessionIsInAHeapDump() throws IOException {
        Counted identity = new Counted(SoftwareKey.generate(RandomSource.secure()), new AtomicInteger());
        Session session = Session.prepare(identity, GENESIS, fixed(0));
        opened(session, identity);
        observed(session);
        assertEquals(List.of(true, false), found("open", 0), "while it is open it is there: the search finds it");
        session.close();
        assertEquals(List.of(false, false), found("closed", 0));
        assertThrows(IllegalStateException.class, () -> observed(session));
    }

    @Test
    void aKeyOfAClosedIdentityIsInAHeapDump() throws IOException, FormatException {
        Path file = folder.resolve("agent.json");
        KeyFile made = KeyFile.generate("local", SignerType.AGENT, fixed(1));
        made.write(file);
        made.close();
        Identity identity = Identity.read(file);
        Session session = Session.prepare(identity, GENESIS, RandomSource.secure());
        opened(session, identity);
        assertEquals(List.of(true, false), found("read", 1), "its seed, but neither the file's text nor what was made");
        identity.close();
        assertEquals(List.of(false, false), found("gone", 1));
        assertFalse(identity.toString().isEmpty());
        observed(session);
    }
}
