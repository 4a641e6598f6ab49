package dev.jurat.assurance.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.HeapKeys;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.SecretForms;
import dev.jurat.assurance.harness.SecretSearch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every private key, passphrase and PIN of a stage at work, looked for in every form wherever it has no business to be: files, logs, records, bodies,
 * output, arguments, variables, temporary files, dumps of heaps and core files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsLeakTest {
    private KeyStage stage;
    private SecretSearch search;

    @BeforeAll
    void start(@TempDir Path typed) throws IOException {
        stage = new KeyStage(typed);
        search = new SecretSearch(stage.secrets().values());
    }

    @AfterAll
    void stop() throws IOException {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void aSecretIsInAFileThatIsNotItsOwn() throws IOException {
        stage.spoken();
        Map<String, Path> own = stage.keyFiles();
        Set<String> inTheirOwn = new TreeSet<>();
        for (Path file : stage.files()) {
            for (String found : search.in(Files.readAllBytes(file))) {
                String secret = found.substring(0, found.indexOf(':'));
                assertEquals(own.get(secret), file, found);
                inTheirOwn.add(secret);
            }
        }
        assertEquals(new TreeSet<>(own.keySet()), inTheirOwn, "what lies in a file is found there");
    }

    @Test
    void aSecretIsSaidOrRecorded() throws IOException {
        Map<String, byte[]> spoken = stage.spoken();
        spoken.forEach((where, bytes) -> assertEquals(Set.of(), search.in(bytes), where));
        assertTrue(spoken.keySet().stream().anyMatch(where -> where.endsWith("/cmdline")), "arguments were seen");
        assertTrue(spoken.keySet().stream().anyMatch(where -> where.endsWith("/environ")), "variables were seen");
        assertTrue(spoken.containsKey("leaf 20"), "the wrappers' records are there");
        assertTrue(stage.signer.output().contains("signed  reports"), stage.signer.output());
    }

    /** A wrapper needs its identity's key once: after that it has its sessions' keys, and nothing that makes another. */
    @Test
    void aWrapperHasMoreThanTheKeysOfItsSessions() throws IOException {
        Set<ByteBuffer> ofBoth = new HashSet<>();
        for (ManagedProcess wrapper : List.of(stage.local.process(), stage.remote.process())) {
            byte[] heap = stage.heap(wrapper);
            assertEquals(Set.of(), search.in(heap));
            Map<ByteBuffer, byte[]> own = HeapKeys.found(heap, stage.sessionKeys());
            assertEquals(2, own.size(), "what it has is found: the keys of the agent's and the point's session");
            ofBoth.addAll(own.keySet());
            assertTrue(HeapKeys.found(heap, identities()).isEmpty());
        }
        assertEquals(4, ofBoth.size(), "each has its own");
    }

    private List<byte[]> identities() throws IOException {
        List<byte[]> keys = new ArrayList<>();
        keys.add(stage.identity("local").bytes());
        keys.add(stage.identity("remote-keeper").bytes());
        return keys;
    }

    @Test
    void aNodeHasMoreThanItsOwnKeys() throws IOException {
        byte[] heap = stage.heap(stage.node);
        Set<String> found = search.in(heap);
        for (String own : List.of("record", "checkpoint", "governor", "broker")) {
            assertTrue(found.contains(own + ": seed"), "what it has is found: " + found);
            found.removeIf(form -> form.startsWith(own + ":"));
        }
        assertEquals(Set.of(), found);
        assertTrue(HeapKeys.found(heap, identities()).isEmpty());
    }

    @Test
    void aSignerHasMoreThanItsOwnKeyAndPassphrase() throws IOException {
        Set<String> found = search.in(stage.heap(stage.signer));
        assertEquals(Set.of("keeper: seed", "words of the keeper: text"), found);
    }

    @Test
    void aSignerHasTheKeyOfItsToken() throws IOException {
        Assumptions.assumeTrue(stage.tokenSigner.isPresent(), "SKIPPED: there is no SoftHSM here (package softhsm2)");
        byte[] heap = stage.heap(stage.tokenSigner.orElseThrow());
        assertEquals(Set.of("PIN: text"), search.in(heap));
        assertTrue(
                HeapKeys.found(heap, List.of(stage.identity("remote-hsm-keeper").bytes()))
                        .isEmpty());
    }

    /** Also where no object is any more: an agent whose key a signer has never had it. Of a key that was read from a file something is left. */
    @Test
    void aSignersKeyIsInTheMemoryOfItsAgentsWrapper() throws IOException {
        ManagedProcess wrapper = stage.remote.process();
        Map<ByteBuffer, byte[]> sessions = HeapKeys.found(stage.heap(wrapper), stage.sessionKeys());
        Memory memory = new Memory(wrapper.pid());
        Set<String> left = memory.found(search);
        left.removeIf(form -> form.startsWith("point: "));
        assertEquals(Set.of(), left);
        List<SecretForms> own = new ArrayList<>();
        sessions.values().forEach(seed -> own.add(SecretForms.ofSeed("session " + own.size(), seed)));
        Set<String> found = memory.found(new SecretSearch(own));
        assertTrue(found.containsAll(Set.of("session 0: seed", "session 1: seed")), "what it has is found: " + found);
    }
}
