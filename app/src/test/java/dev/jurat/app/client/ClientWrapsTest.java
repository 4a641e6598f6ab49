package dev.jurat.app.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientWrapsTest {
    private static final String BEFORE = """
            {
              "cost": 1.50e1, "theme":"d\\u0061rk",
              "mcpServers": {
                "files": {
                  "type": "stdio",
                  "command": "npx",
                  "args": ["-y", "server", "/srv"],
                  "env": {"TOKEN": "secret\\n", "OTHER": "${OTHER}"}
                },
                "a/b": {"command": "npx", "env": {"TOKEN": "one"}},
                "a_b": {"command": "npx", "env": {"TOKEN": "two"}},
                "other": {"url": "http://127.0.0.1"},
                "hyphen": {"command": "npx", "env": {"MY-VAR": "x"}},
                "mixed": {"command": "npx", "env": {"AUTH": "Bearer ${TOKEN}"}},
                "numbers": {"command": "npx", "env": {"PORT": 1}},
                "url": {"url": "http://127.0.0.1", "command": "npx"},
                "http": {"type": "http", "command": "npx"},
                "type": {"type": null, "command": "npx"},
                "empty": {"command": ""},
                "zero": {"command": "a\\u0000b"},
                "zero-argument": {"command": "npx", "args": ["a\\u0000b"]}
              },
              "last":  [ 1,2 ]
            }
            """;

    @TempDir
    Path folder;

    private Path file = Path.of("");
    private JuratHome home = new JuratHome(Path.of(""));

    @BeforeEach
    void write() throws IOException {
        folder = folder.toRealPath();
        home = new JuratHome(folder.resolve("home"));
        file = folder.resolve("claude.json");
        Files.writeString(file, BEFORE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private ClientWraps wraps() {
        return new ClientWraps(home);
    }

    private Place place() {
        return new Place(Place.Scope.USER, file, Optional.empty());
    }

    private static Wrapping wish(boolean observe) {
        return new Wrapping("claude", "/opt/jurat", Optional.empty(), "me", observe);
    }

    private Optional<Wrap> install(String server) throws IOException, FormatException, ClientException {
        return wraps().install(place(), server, wish(false));
    }

    private void undo(boolean force) throws IOException, FormatException, ClientException {
        Wrap wrap = wraps().list().getFirst();
        wraps().undo(wrap.place(), wrap.server(), force);
    }

    private List<Path> kept() throws IOException {
        List<Path> out = new ArrayList<>();
        for (Path one : List.of(home.credentials(), home.folder().resolve("clients"))) {
            try (Stream<Path> files = Files.list(one)) {
                files.filter(f -> !f.endsWith("lock")).forEach(out::add);
            }
        }
        return out;
    }

    private void edit(String from, String to) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void aByteOutsideTheEntryChanges() throws Exception {
        String kept = install("files").orElseThrow().credentials().get("TOKEN");
        String after = Files.readString(file);
        int from = BEFORE.indexOf("\"files\": ") + 9;
        assertEquals(BEFORE.substring(0, from), after.substring(0, from));
        assertTrue(after.endsWith(BEFORE.substring(BEFORE.indexOf(",\n    \"a/b\""))), after);
        assertTrue(
                after.contains("[\"mcp\", \"wrap\", \"--agent\", \"me\", \"--env\", \"OTHER\", \"--env\", \"TOKEN="
                        + kept + "\", \"--\", \"npx\", \"-y\", \"server\", \"/srv\"]"),
                after);
        assertTrue(after.contains("\"command\": \"/opt/jurat\""), after);
        assertTrue(after.contains("\"type\": \"stdio\""), after);
        assertTrue(after.contains("\"env\": {\"OTHER\": \"${OTHER}\"}"), after);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aSecretStaysInTheFileOrBesideItOrOpen() throws Exception {
        String kept = install("files").orElseThrow().credentials().get("TOKEN");
        assertEquals("secret\n\n", Files.readString(home.credentials().resolve(kept)));
        try (Stream<Path> beside = Files.list(folder)) {
            assertEquals(
                    Set.of("claude.json", "home"),
                    new HashSet<>(beside.map(f -> f.getFileName().toString()).toList()));
        }
        assertFalse(Files.readString(file).contains("secret"));
        assertEquals(2, kept().size());
        for (Path one : kept()) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(one)));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(one.getParent())));
        }
    }

    @Test
    void undoingLeavesATrace() throws Exception {
        install("files");
        undo(false);
        assertEquals(BEFORE, Files.readString(file));
        assertEquals(List.of(), kept());
        assertEquals(List.of(), wraps().list());
    }

    @Test
    void aSecondInstallLosesTheFirstEntry() throws Exception {
        assertTrue(install("files").isPresent());
        String once = Files.readString(file);
        Path credential = kept().getFirst();
        Files.writeString(credential, "renewed\n");
        assertTrue(install("files").isEmpty());
        assertEquals(once, Files.readString(file));
        assertEquals("renewed\n", Files.readString(credential));
        assertTrue(wraps().install(place(), "files", wish(true)).isPresent());
        assertTrue(Files.readString(file).contains("--observe"));
        assertTrue(wraps().list().getFirst().observe());
        undo(false);
        assertEquals(BEFORE, Files.readString(file));
    }

    /** Clients write their whole file anew, in a spelling of their own. */
    @Test
    void anotherSpellingOfTheEntryIsTakenForAChange() throws Exception {
        install("files");
        edit("\"--agent\", \"me\"", "\n\"--agent\",\n\"\\u006de\"");
        assertTrue(install("files").isEmpty());
        assertEquals(Wrap.State.WRAPPED, wraps().state(wraps().list().getFirst()));
        undo(false);
        assertEquals(BEFORE, Files.readString(file));
    }

    @Test
    void undoingOverwritesWhatSomebodyChanged() throws Exception {
        install("files");
        edit("/srv", "/data");
        assertEquals(Wrap.State.CHANGED, wraps().state(wraps().list().getFirst()));
        assertEquals(
                "client-changed",
                assertThrows(ClientException.class, () -> undo(false)).code());
        assertTrue(Files.readString(file).contains("/data"));
        undo(true);
        assertEquals(BEFORE, Files.readString(file));
    }

    @Test
    void undoingLosesWhatTheClientAddedElsewhere() throws Exception {
        install("files");
        edit("[ 1,2 ]", "[ 1,2,3 ]");
        undo(false);
        assertEquals(BEFORE.replace("[ 1,2 ]", "[ 1,2,3 ]"), Files.readString(file));
    }

    @Test
    void secretsOfAServerThatIsGoneStayForEver() throws Exception {
        install("files");
        Files.writeString(file, "{\"mcpServers\":{}}");
        assertEquals(
                "client-gone",
                assertThrows(ClientException.class, () -> undo(false)).code());
        undo(true);
        assertEquals(List.of(), kept());
        assertEquals("{\"mcpServers\":{}}", Files.readString(file));
    }

    @Test
    void secretsOfAFileThatCannotBeReadStayForEver() throws Exception {
        install("files");
        edit("\"last\":", "last");
        String broken = Files.readString(file);
        assertEquals(Wrap.State.UNREADABLE, wraps().state(wraps().list().getFirst()));
        assertEquals(
                "json-syntax",
                assertThrows(FormatException.class, () -> undo(false)).code());
        assertEquals(2, kept().size());
        undo(true);
        assertEquals(List.of(), kept());
        assertEquals(broken, Files.readString(file));
    }

    @Test
    void twoUndosAtOnceBothSayThatTheyDidIt() throws Exception {
        for (int round = 0; round < 10; round++) {
            install("files");
            CyclicBarrier together = new CyclicBarrier(2);
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                Callable<String> undo = () -> {
                    ClientWraps mine = wraps();
                    Wrap wrap = mine.list().getFirst();
                    together.await();
                    try {
                        mine.undo(wrap.place(), wrap.server(), false);
                        return "done";
                    } catch (ClientException e) {
                        return e.code();
                    }
                };
                List<String> said = new ArrayList<>();
                for (Future<String> one : threads.invokeAll(List.of(undo, undo))) {
                    said.add(one.get());
                }
                said.sort(Comparator.naturalOrder());
                assertEquals(List.of("client-not-wrapped", "done"), said);
            }
            assertEquals(BEFORE, Files.readString(file));
            assertEquals(List.of(), kept());
        }
    }

    @Test
    void anUndoPutsBackWhatStoodThereBeforeALaterInstall() throws Exception {
        install("files");
        Wrap read = wraps().list().getFirst();
        undo(false);
        edit("\"/srv\"", "\"/data\"");
        install("files");
        wraps().undo(read.place(), read.server(), false);
        assertTrue(Files.readString(file).contains("\"/data\""), Files.readString(file));
        assertEquals(List.of(), kept());
    }

    @Test
    void twoServersShareACredential() throws Exception {
        install("a/b");
        install("a_b");
        Set<String> texts = new HashSet<>();
        for (Path one : kept()) {
            if (one.startsWith(home.credentials())) {
                texts.add(Files.readString(one));
            }
        }
        assertEquals(Set.of("one\n", "two\n"), texts);
        undo(false);
        assertEquals(2, kept().size());
    }

    @ParameterizedTest
    @CsvSource({"hyphen, client-variable", "mixed, client-reference", "none, client-server"})
    void whatTheWrapperWouldRefuseIsInstalled(String server, String code) throws Exception {
        assertEquals(
                code, assertThrows(ClientException.class, () -> install(server)).code());
        assertEquals(BEFORE, Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource({"other", "numbers", "url", "http", "type", "empty", "zero", "zero-argument"})
    void whatIsNoStdioServerIsWrapped(String server) throws Exception {
        assertEquals(
                "client-entry",
                assertThrows(FormatException.class, () -> install(server)).code());
        assertEquals(BEFORE, Files.readString(file));
    }

    @Test
    void aWrapperOfAnotherHomeIsWrappedAgain() throws Exception {
        install("files");
        home = new JuratHome(folder.resolve("home2"));
        assertEquals(
                "client-wrapped",
                assertThrows(ClientException.class, () -> install("files")).code());
    }

    @Test
    void aWrapperThatWasChangedIsTakenForAnotherHomes() throws Exception {
        install("files");
        edit("/srv", "/data");
        String changed = Files.readString(file);
        assertEquals(
                "client-changed",
                assertThrows(ClientException.class, () -> install("files")).code());
        assertEquals(changed, Files.readString(file));
        undo(true);
        assertTrue(install("files").isPresent());
    }

    @Test
    void aFileThatCannotBeReadIsOverwritten() throws Exception {
        Files.writeString(file, BEFORE + "}");
        assertEquals(
                "json-syntax",
                assertThrows(FormatException.class, () -> install("files")).code());
        assertEquals(BEFORE + "}", Files.readString(file));
    }

    @Test
    void aLinkIsReplacedByAFile() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
        Place linked = ClientPlaces.of("claude", folder, Optional.of(link))
                .around(folder)
                .getLast();
        wraps().install(linked, "files", wish(false));
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.readString(file).contains("/opt/jurat"));
        assertTrue(wraps().install(place(), "files", wish(false)).isEmpty());
    }

    @Test
    void anotherUsersFileIsTakenOver() throws Exception {
        Path ofRoot = Path.of("/proc/1/status");
        ClientFile own = ClientFile.open(file);
        if (Files.getOwner(file).equals(Files.getOwner(ofRoot))) {
            Files.setAttribute(file, "unix:uid", 12_345);
            assertEquals(
                    "client-owner",
                    assertThrows(ClientException.class, () -> install("files")).code());
        }
        assertEquals(
                "client-owner",
                assertThrows(ClientException.class, () -> own.checkOwner(ofRoot))
                        .code());
        assertEquals(BEFORE, Files.readString(file));
    }

    @Test
    void serversOfAProjectAreNotFound() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project/.git")).getParent();
        Path below = Files.createDirectories(project.resolve("src"));
        String entry = "{\"command\":\"npx\",\"env\":{\"TOKEN\":\"here\"}}";
        Files.writeString(
                file, "{\"projects\":{\"" + project + "\":{\"mcpServers\":{\"local\":" + entry + "}},\"/x\":{}}}");
        Files.writeString(project.resolve(".mcp.json"), "{\"mcpServers\":{\"shared\":" + entry + "}}");

        List<Place> places =
                ClientPlaces.of("claude", folder, Optional.of(file)).around(below);

        assertEquals(
                List.of(Place.Scope.LOCAL, Place.Scope.PROJECT, Place.Scope.USER),
                places.stream().map(Place::scope).toList());
        assertEquals(List.of("local"), ClientWraps.names(places.getFirst()));
        wraps().install(places.getFirst(), "local", wish(false));
        wraps().install(places.get(1), "shared", wish(false));
        assertFalse(Files.readString(file).contains("here"));
        assertFalse(Files.readString(project.resolve(".mcp.json")).contains("here"));
        assertTrue(wraps().list().getFirst().place().isIn(file));
        for (Wrap wrap : wraps().list()) {
            assertTrue(wrap.place().isOf(project), wrap.place().told());
            wraps().undo(wrap.place(), wrap.server(), false);
        }
        ForeignJson.parse(Files.readAllBytes(file));
        assertTrue(Files.readString(file).contains("\"local\":" + entry));
        assertTrue(Files.readString(project.resolve(".mcp.json")).contains("\"shared\":" + entry));
    }

    @Test
    void anotherClientsFileHasProjects() throws Exception {
        assertEquals(
                List.of(Place.Scope.USER),
                ClientPlaces.of("claude-desktop", folder, Optional.of(file)).around(folder).stream()
                        .map(Place::scope)
                        .toList());
        assertEquals(
                "client-unknown",
                assertThrows(ClientException.class, () -> ClientPlaces.of("none", folder, Optional.empty()))
                        .code());
    }
}
