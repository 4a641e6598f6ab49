package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySourceTest {
    @TempDir
    Path folder;

    @Test
    void aFileThatPeopleWroteIsRefusedOrPublishedAsItStands() throws Exception {
        PolicyArtefact observe = ShippedPolicies.observe();
        String canonical = new String(observe.bytes(), StandardCharsets.UTF_8);
        Path same = file("same.json", canonical);
        Path spaced = file("spaced.json", canonical.replaceFirst("\\{", "{\n  ") + "\n");

        assertArrayEquals(observe.bytes(), read(spaced).bytes());
        assertTrue(PolicySource.isRewritten(spaced.toString(), observe));
        assertFalse(PolicySource.isRewritten(same.toString(), read(same)));
    }

    @Test
    void aMemberThatStandsTwiceIsRead() throws Exception {
        String canonical = new String(ShippedPolicies.observe().bytes(), StandardCharsets.UTF_8);
        Path twice = file("twice.json", canonical.replaceFirst("\\{", "{\"name\":\"other@v1\","));

        assertEquals(
                "json-duplicate-key",
                assertThrows(FormatException.class, () -> read(twice)).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "device.json"})
    void aFileWithoutAnEndIsReadToItsEnd(String name) throws Exception {
        Files.createSymbolicLink(folder.resolve("device.json"), Path.of("/dev/zero"));
        String named = folder.resolve(name).toString();
        Failure failure =
                assertThrows(Failure.class, () -> PolicySource.read(named, Optional.of("mine@v1"), List.of()));
        assertEquals("file", failure.code());
        assertTrue(failure.getMessage().contains(named), failure.getMessage());
    }

    @Test
    void aTextInAnotherEncodingIsAFaultOfTheMachine() throws Exception {
        Path latin = Files.write(folder.resolve("latin.cedar"), new byte[] {'/', '/', (byte) 0xe4});
        Failure failure = assertThrows(
                Failure.class, () -> PolicySource.read(latin.toString(), Optional.of("mine@v1"), List.of()));
        assertEquals("file-utf8", failure.code());
        assertTrue(failure.getMessage().contains(latin.toString()), failure.getMessage());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static PolicyArtefact read(Path file) throws IOException, FormatException {
        return PolicySource.read(file.toString(), Optional.empty(), List.of());
    }
}
