package dev.jurat.assurance.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.jurat.assurance.harness.HeapKeys;
import dev.jurat.assurance.harness.SecretForms;
import dev.jurat.assurance.harness.SecretSearch;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search itself: what it is blind to would be reported as not there. */
class SecretSearchTest {
    private final byte[] seed = RandomSource.secure().bytes(SoftwareKey.SEED_BYTES);
    private final SecretForms key = SecretForms.ofSeed("key", seed);
    private final SecretForms words = SecretForms.ofText("words", "correct horse battery");
    private final SecretSearch search = new SecretSearch(List.of(key, words));

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Set<String> named(SecretForms secret) {
        return secret.forms().keySet().stream()
                .map(form -> secret.name() + ": " + form)
                .collect(Collectors.toSet());
    }

    @Test
    void aFormIsNotFound() throws IOException {
        assertEquals(named(key), search.in(key.sample()));
        assertEquals(named(words), search.in(words.sample()));
        assertEquals(30, key.forms().size());
    }

    @Test
    void whatIsNotThereIsFound() {
        assertEquals(Set.of(), search.in(RandomSource.secure().bytes(1 << 20)));
        assertEquals(Set.of(), search.in(new byte[0]));
    }

    /** What the JDK and others would write of a key, wherever it begins. */
    @Test
    void aKeyAsOthersWriteItIsNotFound() throws Exception {
        byte[] pkcs8 = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed))
                .getEncoded();
        for (byte[] written : List.of(
                pkcs8,
                ascii(Base64.getMimeEncoder().encodeToString(pkcs8)),
                ascii("-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(pkcs8)),
                ascii("{\"d\":\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(seed) + "\"}"),
                ascii("{\"seed\":\"" + Base64.getEncoder().encodeToString(seed) + "\"}"),
                ascii("seed=" + HexFormat.of().formatHex(seed)))) {
            for (int before = 0; before < 5; before++) {
                byte[] file = new byte[before + written.length + 3];
                System.arraycopy(written, 0, file, before, written.length);
                assertFalse(search.in(file).isEmpty(), new String(written, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void aKeyInThisHeapIsNotRecovered(@TempDir Path folder) throws IOException {
        SoftwareKey held = SoftwareKey.ofSeed(seed);
        byte[] other = SoftwareKey.generate(RandomSource.secure()).verifyKey().bytes();
        Path file = folder.resolve("heap.hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
        byte[] dump = Files.readAllBytes(file);
        assertEquals(
                Set.of(ByteBuffer.wrap(held.verifyKey().bytes())),
                HeapKeys.found(dump, List.of(held.verifyKey().bytes(), other)).keySet());
        assertTrue(search.in(dump).contains("key: seed"));
    }
}
