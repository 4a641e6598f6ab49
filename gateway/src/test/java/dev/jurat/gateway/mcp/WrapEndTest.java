package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.record.Kind;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wrapper as a process that cannot serve: what it says then, and with which status it ends. */
@Order(2)
class WrapEndTest {
    @TempDir
    Path folder;

    private JuratHome home = new JuratHome(Path.of(""));
    private Path nowhere = Path.of("");

    private record End(int status, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        home = Wrapped.enrolled(folder.resolve("home"));
        nowhere = folder.resolve("n.sock");
        JuratHome.makePrivate(home.credentials());
    }

    private End run(JuratHome of, String... arguments) throws IOException, InterruptedException {
        List<String> command = WrapProgram.command();
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("JURAT_HOME", of.folder().toString());
        builder.environment().put("SET", "here");
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new End(process.exitValue(), out, Files.readString(err));
    }

    private static void said(int status, String code, String next, End end) {
        assertEquals(status, end.status(), end.err());
        assertTrue(end.err().startsWith("jurat mcp wrap: " + code + ": "), end.err());
        assertTrue(end.err().contains("\n  next: " + next), end.err());
        assertFalse(end.err().contains("Exception"), end.err());
        assertEquals("", end.out());
    }

    private void credential(String name, String text, String mode) throws IOException {
        Path file = home.credentials().resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void helpIsTakenForAnUnknownOption() throws Exception {
        for (String[] arguments : List.of(new String[] {"--help"}, new String[] {"--agent", "a", "-h"})) {
            End end = run(home, arguments);
            assertEquals(0, end.status(), end.err());
            assertTrue(end.out().startsWith("usage: jurat mcp wrap --agent NAME"), end.out());
            assertEquals("", end.err());
        }
    }

    @Test
    void helpOfTheServerIsTakenForOurs() throws Exception {
        said(
                69,
                "node-unreachable",
                "start the node: jurat up --home " + home.folder() + "\n",
                run(home, "--agent", "agent", "--socket", nowhere.toString(), "--", "cat", "--help"));
    }

    @Test
    void argumentsThatCannotBeUsedHaveNoCode() throws Exception {
        for (String[] arguments :
                List.of(new String[] {"--what"}, new String[] {}, new String[] {"--agent", "agent"}, new String[] {
                    "--agent", "agent", "--env", "MY-VAR", "--", "cat"
                })) {
            said(64, "usage", "jurat mcp wrap --help", run(home, arguments));
        }
    }

    @ParameterizedTest
    @CsvSource({"no-such-program", "/no/such/program"})
    void aServerThatIsNotThereIsToldByAClassName(String program) throws Exception {
        said(
                66,
                "server-missing",
                "check the command after --",
                run(home, "--agent", "agent", "--socket", nowhere.toString(), "--", program));
    }

    @Test
    void aServerThatCannotBeStartedIsToldByAClassName() throws Exception {
        Path file = Files.writeString(folder.resolve("plain"), "");
        said(66, "server-start", "run the command", run(home, "--agent", "agent", "--", file.toString()));
    }

    @Test
    void aCredentialThatIsNotThereIsPassedOver() throws Exception {
        said(
                66,
                "credential-missing",
                "write it there, with mode 0600",
                run(home, "--agent", "agent", "--env", "TOKEN=none", "--", "cat"));
        said(
                66,
                "credential-missing",
                "set it where",
                run(home, "--agent", "agent", "--env", "NOT_SET_ANYWHERE", "--", "cat"));
    }

    @Test
    void aCredentialThatOthersMayReadIsUsed() throws Exception {
        credential("open", "hunter2", "rw-r--r--");
        End end = run(home, "--agent", "agent", "--env", "TOKEN=open", "--", "cat");
        said(66, "credential-open", "chmod 600 " + home.credentials().resolve("open"), end);
        assertFalse(end.err().contains("hunter2"), end.err());
    }

    @ParameterizedTest
    @CsvSource({"a\u0000b", "\u00ff"})
    void aCredentialThatIsNoTextIsPassedOn(String text) throws Exception {
        credential("odd", "", "rw-------");
        Files.write(home.credentials().resolve("odd"), text.getBytes(StandardCharsets.ISO_8859_1));
        said(66, "credential-syntax", "write it", run(home, "--agent", "agent", "--env", "TOKEN=odd", "--", "cat"));
    }

    @Test
    void aHomeThatCannotBeWrittenIsToldByAClassName() throws Exception {
        Path file = Files.writeString(folder.resolve("a-file"), "");
        Path socket = Files.createTempDirectory("jurat").resolve("n.sock");
        try (FakeNode ignored = FakeNode.claimed(socket)) {
            JuratHome notAFolder = new JuratHome(file.resolve("home"));
            said(
                    66,
                    "home-file",
                    "jurat doctor",
                    run(notAFolder, "--agent", "agent", "--socket", socket.toString(), "--", "cat"));
        }
    }

    @Test
    void aSocketThatCanNeverBeIsWaitedFor() throws Exception {
        JuratHome deep = new JuratHome(folder.resolve("deep".repeat(30)));
        long started = System.nanoTime();
        said(66, "socket-path-long", "choose a JURAT_HOME", run(deep, "--agent", "agent", "--", "cat"));
        assertTrue(System.nanoTime() - started < TimeUnit.SECONDS.toNanos(15));
    }

    @Test
    void anAgentThatIsNotKnownIsToldACommandThatDoesNotExist() throws Exception {
        Path socket = Files.createTempDirectory("jurat").resolve("n.sock");
        try (FakeNode ignored = FakeNode.claimed(socket)) {
            JuratHome stranger = new JuratHome(folder.resolve("stranger"));
            said(
                    77,
                    "enrolment-closed",
                    "jurat agent enroll --home " + stranger.folder() + " new",
                    run(stranger, "--agent", "new", "--socket", socket.toString(), "--", "cat"));
        }
    }

    @Test
    void aProfileThatNobodyPublishedIsLeftAway() throws Exception {
        Path socket = Files.createTempDirectory("jurat").resolve("n.sock");
        try (FakeNode ignored = FakeNode.claimed(socket)) {
            said(
                    66,
                    "profile-unknown",
                    "jurat profile list",
                    run(home, "--agent", "agent", "--profile", "x", "--socket", socket.toString(), "--", "cat"));
        }
    }

    @Test
    void aFolderThatCannotBeTakenSendsToTheDoctor() throws Exception {
        Path socket = Files.createTempDirectory("jurat").resolve("n.sock");
        try (FakeNode node = FakeNode.claimed(socket)) {
            node.publishProfile(Files.readAllBytes(Path.of(
                    System.getProperty("jurat.root", ".."),
                    "governance/src/main/resources/dev/jurat/governance/profiles/filesystem.json")));
            End home = given(socket, "~/x");
            said(66, "path-home", "name the folder by its whole path", home);
            assertTrue(
                    home.err().contains("a folder after the server cannot be taken: the path begins with ~"),
                    home.err());
            said(66, "path-nfc", "give the folder, or a link to it, a name", given(socket, "/e\u0301"));
            said(66, "roots-none", "name the folders that the server may touch after", given(socket));
            said(
                    66,
                    "roots-launch",
                    "name the profile of the server that is started: jurat profile list",
                    run(
                            this.home,
                            "--agent",
                            "agent",
                            "--profile",
                            "filesystem@2026.8.31",
                            "--socket",
                            socket.toString(),
                            "--",
                            "cat"));
        }
    }

    private End given(Path socket, String... folders) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "--agent", "agent", "--socket", socket.toString(), "--", "sh", "-c", "cat", "mcp-server-filesystem"));
        words.addAll(List.of(folders));
        return run(home, words.toArray(String[]::new));
    }

    @Test
    void aServerThatBreaksOffEndsInSilence() throws Exception {
        Path socket = Files.createTempDirectory("jurat").resolve("n.sock");
        try (FakeNode ignored = FakeNode.claimed(socket)) {
            End end = run(home, "--agent", "agent", "--socket", socket.toString(), "--", "sh", "-c", "exit 9");
            said(9, "server-ended", "run the command", end);
        }
    }

    @Test
    void aServersLineOverTheLimitEndsInSilence() throws Exception {
        Path socket = Files.createTempDirectory("jurat").resolve("n.sock");
        try (FakeNode node = FakeNode.claimed(socket)) {
            String server = "head -c 17000000 /dev/zero | tr '\\0' x";
            End end = run(home, "--agent", "agent", "--socket", socket.toString(), "--", "sh", "-c", server);
            said(0, "line-too-long", "ask the server for less", end);
            assertEquals(1, node.records(Kind.REFUSAL).size());
        }
    }

    @Test
    void aCredentialIsLostOrOthersReachTheServer() throws Exception {
        credential("kept", "hunter2\n", "rw-------");
        Path socket = Files.createTempDirectory("jurat").resolve("n.sock");
        Path seen = folder.resolve("seen");
        try (FakeNode ignored = FakeNode.claimed(socket)) {
            String server = "printf '%s/%s/%s' \"$TOKEN\" \"$SET\" \"$JURAT_HOME\" > " + seen;
            End end = run(
                    home,
                    "--agent",
                    "agent",
                    "--socket",
                    socket.toString(),
                    "--env",
                    "TOKEN=kept",
                    "--env",
                    "SET",
                    "--",
                    "sh",
                    "-c",
                    server);
            assertEquals(0, end.status(), end.err());
            assertEquals("hunter2/here/", Files.readString(seen));
        }
    }

    @Test
    void credentialsOfTwoSourcesAreToldAsOne() {
        assertEquals("mixed", ChildEnvironment.source(Map.of("TOKEN", "kept", "SET", "")));
        assertEquals("keystore", ChildEnvironment.source(Map.of("TOKEN", "kept")));
        assertEquals("environment", ChildEnvironment.source(Map.of("SET", "")));
        assertEquals("none", ChildEnvironment.source(Map.of()));
    }
}
