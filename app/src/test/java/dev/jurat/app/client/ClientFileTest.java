package dev.jurat.app.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFileTest {
    private static final String BEFORE = """
            {
              "cost": 1.50e1, "theme":"d\\u0061rk",
              "mcpServers": {
                "files": {
                  "type": "stdio",
                  "command": "npx",
                  "args": ["-y", "server", "/srv"],
                  "env": {"TOKEN": "secret"}
                },
                "other": {"url": "http://127.0.0.1"}
              },
              "last":  [ 1,2 ]
            }
            """;

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("claude.json");
        Files.writeString(file, BEFORE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private ClientFile open() throws IOException {
        return new ClientFile(file, new JuratHome(folder.resolve("home")));
    }

    private Path wrap() throws IOException, FormatException {
        return open().wrap(
                        "files",
                        "/opt/jurat",
                        Optional.empty(),
                        Map.of("TOKEN", "kept"),
                        (command, arguments, kept) -> {
                            List<String> out = new ArrayList<>(
                                    List.of("mcp", "wrap", "--env", "TOKEN=" + kept.get("TOKEN"), "--", command));
                            out.addAll(arguments);
                            return out;
                        });
    }

    @Test
    void aByteOutsideTheEntryChanges() throws IOException, FormatException {
        wrap();
        String after = Files.readString(file);
        int from = BEFORE.indexOf("\"files\": ") + 9;
        assertEquals(BEFORE.substring(0, from), after.substring(0, from));
        String rest = BEFORE.substring(BEFORE.indexOf(",\n    \"other\""));
        assertTrue(after.endsWith(rest), after);
        assertTrue(after.contains("\"command\": \"/opt/jurat\""), after);
        assertTrue(
                after.contains(
                        "[\"mcp\", \"wrap\", \"--env\", \"TOKEN=kept\", \"--\", \"npx\", \"-y\", \"server\", \"/srv\"]"),
                after);
        assertTrue(after.contains("\"type\": \"stdio\""), after);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aSecretStaysInTheFile() throws IOException, FormatException {
        assertEquals(Map.of("TOKEN", "secret"), open().environment("files"));
        wrap();
        assertFalse(Files.readString(file).contains("secret"));
    }

    @Test
    void undoingLeavesATrace() throws IOException, FormatException {
        Path copy = wrap();
        assertEquals(BEFORE, Files.readString(copy));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        open().undo("files");
        assertEquals(BEFORE, Files.readString(file));
        assertEquals(
                "client-not-wrapped",
                assertThrows(FormatException.class, () -> open().undo("files")).code());
    }

    @Test
    void undoingOverwritesWhatSomebodyChanged() throws IOException, FormatException {
        wrap();
        Files.writeString(file, Files.readString(file).replace("/srv", "/data"));
        assertEquals(
                "client-changed",
                assertThrows(FormatException.class, () -> open().undo("files")).code());
        assertTrue(Files.readString(file).contains("/data"));
    }

    @Test
    void undoingLosesWhatTheClientAddedElsewhere() throws IOException, FormatException {
        wrap();
        Files.writeString(file, Files.readString(file).replace("[ 1,2 ]", "[ 1,2,3 ]"));
        open().undo("files");
        assertEquals(BEFORE.replace("[ 1,2 ]", "[ 1,2,3 ]"), Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource({"other, client-entry", "none, client-server"})
    void whatIsNoStdioServerIsWrapped(String server, String code) {
        FormatException e = assertThrows(
                FormatException.class,
                () -> open().wrap(server, "/opt/jurat", Optional.empty(), Map.of(), (c, a, k) -> a));
        assertEquals(code, e.code());
    }

    @Test
    void wrappingTwiceWrapsTheWrapper() throws IOException, FormatException {
        wrap();
        assertEquals(
                "client-wrapped",
                assertThrows(FormatException.class, this::wrap).code());
    }

    @Test
    void aFileThatCannotBeReadIsOverwritten() throws IOException {
        Files.writeString(file, BEFORE + "}");
        assertEquals(
                "json-syntax", assertThrows(FormatException.class, this::wrap).code());
        assertEquals(BEFORE + "}", Files.readString(file));
    }
}
