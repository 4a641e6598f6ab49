package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Alone, since it takes the standard streams of this process. */
@Isolated
class CommandLineTest {
    @TempDir
    Path folder;

    private record Said(int status, String out, String err) {}

    private Said say(String... arguments) {
        PrintStream standardOut = System.out;
        PrintStream standardErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int status = Main.run(arguments);
            return new Said(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(standardOut);
            System.setErr(standardErr);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "pending",
                "search",
                "agent list",
                "policy list",
                "profile list",
                "log trust",
                "log list",
                "log show"
            })
    void withoutANodeACommandHangsOrLies(String line) {
        String[] words = (line + " --json --home " + folder).split(" ");
        Said said = say(words);
        assertEquals(Exit.NODE.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"code\":\"node-unreachable\""), said.out());
        assertTrue(said.out().contains("\"next\":\"start the node: jurat up --home " + folder + "\""), said.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "search --limit many",
                "approve",
                "bundle export --out x",
                "search --since yesterday",
                "show XYZ"
            })
    void unusableArgumentsHaveAnotherStatusThanTwo(String line) {
        Said said = say((line + " --json").split(" "));
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"error\":{\"code\":"), said.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundle export --all", "log trust"})
    void aFileIsLostToWhatIsWritten(String line) throws Exception {
        Path there = Files.writeString(folder.resolve("there"), "kept");
        String[] words = (line + " --json --home " + folder + " --out " + there).split(" ");
        Said said = say(words);
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"code\":\"file-exists\""), said.out());
        assertTrue(said.out().contains("--force\""), said.out());
        Said forced = say((String.join(" ", words) + " --force").split(" "));
        assertTrue(forced.out().contains("\"code\":\"node-unreachable\""), forced.out());
        assertEquals("kept", Files.readString(there));
    }

    @ParameterizedTest
    @ValueSource(strings = {"approval-closed", "role-forbidden", "target-unknown", "principal-suspended"})
    void aRefusalByTheLedgerHasACodeAndNoWords(String rule) {
        Failure failure = Submission.refused(rule, "");
        assertEquals(rule, failure.code());
        assertFalse(String.valueOf(failure.getMessage()).contains(rule), failure.getMessage());
        assertTrue(failure.next().contains("jurat "), failure.next());
        Failure other = Submission.refused("use-nonce", "jurat status");
        assertEquals("jurat status", other.next());
    }

    @Test
    void whatComesNextHasAFullStopInTheMiddle() {
        assertEquals(
                "Name another folder; see jurat up --help",
                Next.of(List.of("up")).complete("Name another folder."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "bundle show"})
    void aFileThatDoesNotFitInMemoryEndsInAnotherStatusThanTwo(String command) throws Exception {
        Path large = folder.resolve("large.jurat");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(100 << 20);
        }
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jurat.app.cli.Main"));
        words.addAll(List.of(command.split(" ")));
        words.addAll(List.of("--json", large.toString()));
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(Exit.INPUT.status(), process.waitFor(), out);
        assertTrue(out.startsWith("{\"error\":{\"code\":\"memory\""), out);
        assertTrue(out.contains("\"next\":\"JURAT_JAVA_OPTIONS=-Xmx2g jurat " + command + " --json " + large), out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "search --help", "verify --json no-such-file", "status --json"})
    void anAnswerThatCannotBeWrittenLooksGiven(String line) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "SKIPPED: there is no /dev/full here");
        Process process = process(line)
                .redirectOutput(Path.of("/dev/full").toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        int status = process.waitFor();
        String errors = Files.readString(folder.resolve("errors"));
        // Its own answer was no: that stays.
        assertEquals((line.startsWith("status") ? Exit.NODE : Exit.INPUT).status(), status, errors);
        assertTrue(errors.contains("(output-lost)"), errors);
        assertTrue(errors.contains("jurat " + line), errors);
    }

    @Test
    void aReaderThatHasSeenEnoughIsTakenForAFault() throws Exception {
        Process process = process("--help")
                .redirectError(folder.resolve("errors").toFile())
                .start();
        process.getInputStream().close();
        assertEquals(Exit.DONE.status(), process.waitFor());
        assertEquals("", Files.readString(folder.resolve("errors")));
    }

    /** A process of its own, whose home is empty. */
    private ProcessBuilder process(String line) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jurat.app.cli.Main"));
        words.addAll(List.of(line.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("JURAT_HOME", folder.toString());
        return builder;
    }

    private void fifo(String name) throws Exception {
        Process made = new ProcessBuilder("mkfifo", folder.resolve(name).toString()).start();
        assertEquals(0, made.waitFor());
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/zero, file",
        "pipe, file",
        ".., file-is-folder",
        "large, file-large",
        "latin, json-utf8",
        "list, json-not-object",
        "empty, type-unknown",
        "none, no-such-file"
    })
    void anInputIsReadWithoutEndOrItsErrorNamesNoFile(String name, String code) throws Exception {
        fifo("pipe");
        Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        Files.write(folder.resolve("latin"), new byte[] {'{', '"', (byte) 0xe4, '"'});
        Files.writeString(folder.resolve("list"), "[]");
        Files.writeString(folder.resolve("empty"), "{\"type\":\"\"}");
        String good = input("good", "");
        String bad = folder.resolve(name).toString();
        Said said = assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> say("policy", "test", "starter@v1", good, bad, "--json"));
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"error\":{\"code\":\"" + code + "\""), said.out());
        String error = said.out().lines().reduce((one, later) -> later).orElse("");
        assertTrue(
                error.contains("\"message\":\"")
                        && error.substring(0, error.indexOf("\"next\"")).contains(bad),
                error);
        assertFalse(error.contains("jurat doctor"), error);
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/zero, file",
        "pipe.cedar, file",
        "large.cedar, policy-size",
        "latin.cedar, file-utf8",
        "latin.json, json-utf8",
        "., file-is-folder",
        "none.cedar, no-such-policy"
    })
    void aPolicyIsReadWithoutEndOrItsErrorNamesNoFile(String name, String code) throws Exception {
        fifo("pipe.cedar");
        Files.write(folder.resolve("large.cedar"), new byte[(1 << 20) + 1]);
        Files.write(folder.resolve("latin.cedar"), new byte[] {'/', '/', (byte) 0xe4});
        Files.write(folder.resolve("latin.json"), new byte[] {'{', '"', (byte) 0xe4, '"'});
        String bad = folder.resolve(name).toString();
        Said said = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> say("policy", "test", bad, "--json"));
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"error\":{\"code\":\"" + code + "\",\"message\":\"" + bad), said.out());
        assertFalse(said.out().contains("jurat doctor"), said.out());
    }

    /** An input that {@code starter@v1} lets out, with more members beside it. */
    private String input(String name, String beside) throws IOException {
        String input = """
                {"type":"https://jurat.dev/policy-input/v1",
                 "principal":{"id":"home/a","namespace":"home","enrolled":"administrator"},
                 "session":{"isolation":"same-user","shared":true},
                 "action":{"method":"tools/call","tool":"read","effect":"read","idempotent":true,"known":true},
                 "roots":["/srv"],"base":"/srv",
                 "resources":[{"kind":"path","name":"/srv/a","resolved":"/srv/a","inside":true,"root":"/srv"}],
                 "arguments":{},"approvals":0,"unknowns":0,"observe":false,"time":1795262400000}
                """;
        String text = beside.isEmpty() ? input : "{\"input\":" + input + beside + "}";
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void whatNobodyExpectedIsAsExpected() throws IOException {
        Said plain = say("policy", "test", "starter@v1", input("plain", ""));
        assertEquals(0, plain.status(), plain.out() + plain.err());
        assertTrue(plain.out().contains("outcome  allow"), plain.out());
        assertFalse(plain.out().contains("as-expected"), plain.out());
        Said data = say("policy", "test", "starter@v1", input("plain", ""), "--json");
        assertFalse(data.out().contains("as-expected"), data.out());
        Said none = say("policy", "test", "starter@v1", input("none", ",\"outcomes\":\"deny\""), "--json");
        assertEquals(Exit.INPUT.status(), none.status(), none.out() + none.err());
        assertTrue(none.out().contains("\"code\":\"member-missing\""), none.out());
        Said met = say("policy", "test", "starter@v1", input("met", ",\"outcome\":\"allow\""));
        assertTrue(met.status() == 0 && met.out().contains("as-expected  yes"), met.out());
        Said other = say("policy", "test", "starter@v1", input("other", ",\"outcome\":\"deny\""));
        assertTrue(other.status() == 1 && other.out().contains("as-expected  no"), other.out());
    }

    @Test
    void aPassphraseIsTakenFromAPipe() {
        Failure failure = assertThrows(Failure.class, () -> Terminal.passphrase("Passphrase: "));
        assertEquals("terminal-needed", failure.code());
        assertEquals(Exit.TERMINAL, failure.exit());
    }

    @Test
    void anOptionTakesAPassphrase() {
        for (CommandLine command : everyCommand(Main.line())) {
            command.getCommandSpec().options().forEach(option -> {
                String names = String.join(" ", option.names());
                assertFalse(names.matches(".*(pass|secret|pin).*"), () -> command.getCommandName() + " " + names);
            });
        }
    }

    private static List<CommandLine> everyCommand(CommandLine line) {
        List<CommandLine> all = new java.util.ArrayList<>(List.of(line));
        line.getSubcommands().values().forEach(sub -> all.addAll(everyCommand(sub)));
        return all;
    }

    @Test
    void aCommandHasNoJson() {
        for (CommandLine command : everyCommand(Main.line())) {
            if (!command.getCommandName().equals("wrap")) {
                assertTrue(command.getCommandSpec().findOption("--json") != null, command.getCommandName());
            }
        }
    }

    @Test
    void aCommandIsAnotherThanTheHelpSaysOrUnderAnotherName() {
        CommandLine all = Main.line();
        assertEquals(Root.COMMANDS, List.copyOf(all.getSubcommands().keySet()));
        for (String name : Root.COMMANDS) {
            assertEquals(
                    name,
                    Root.command(name).getAnnotation(CommandLine.Command.class).name());
            String help = all.getSubcommands().get(name).getUsageMessage();
            assertEquals(help, say(name, "--help").out());
            assertEquals(help, say("--json", name, "--help").out());
        }
        assertEquals(all.getUsageMessage(), say("--help").out());
        assertTrue(say("nonsense").err().contains("'nonsense'"));
    }

    @Test
    void aNounAloneAnswersNoData() {
        Said said = say("bundle", "--json");
        assertEquals(0, said.status(), said.out() + said.err());
        assertTrue(said.out().startsWith("{\"command\":\"jurat bundle\",\"commands\":[{\"command\":"), said.out());
    }

    @Test
    void aPrintedCommandHasAnOptionThatItDoesNotTakeOrLacksOne() {
        Next next = Next.of(List.of("status", "--home", "/h", "--data=/d e"));
        for (CommandLine command : everyCommand(Main.line())) {
            String name = command.getCommandSpec().qualifiedName();
            boolean verb = command.getSubcommands().isEmpty()
                    && !command.getCommandName().equals("wrap");
            if (verb && !command.getCommandSpec().usageMessage().hidden()) {
                String home = takes(command, "--home") ? " --home /h" : "";
                String data = takes(command, "--data") ? " --data '/d e'" : "";
                boolean alone = Next.ALONE.contains(name.substring("jurat ".length()));
                assertEquals(name + (alone ? "" : home + data) + " X", next.complete(name + " X"));
                assertFalse(alone && takes(command, "--data"), name);
            }
        }
        assertEquals(
                "JURAT_HOME=/h jurat mcp wrap --socket '/d e/node.sock' --agent a",
                next.complete("jurat mcp wrap --agent a"));
        assertEquals("jurat status --help", next.complete("jurat status --help"));
    }

    private static boolean takes(CommandLine command, String option) {
        return command.getCommandSpec().findOption(option) != null;
    }

    @Test
    void whatComesNextIsNoCommand() {
        assertEquals(
                "jurat bundle export --help",
                Next.of(List.of("bundle", "export", "x")).complete(""));
        assertEquals(
                "try less; see jurat search --help",
                Next.of(List.of("search", "x")).complete("try less"));
        assertEquals(
                "jurat approve 'a b' --as ann",
                Next.of(List.of("approve", "a b")).complete(Next.SAME + " --as ann"));
    }

    @Test
    void whatComesAfterAnInstallCannotBePasted() throws IOException {
        Path home = folder.resolve("a home");
        Path file = folder.resolve("claude.json");
        Files.writeString(file, "{\"mcpServers\":{\"it's mine; ls\":{\"command\":\"npx\"}}}");
        String launcher = System.getProperty("jurat.launcher");
        System.setProperty("jurat.launcher", "/opt/jurat");
        try {
            String homed = " --home '" + home + "'";
            assertTrue(say("mcp", "list", "--home", home.toString())
                    .out()
                    .contains("  next: jurat mcp install" + homed + " --client claude SERVER"));

            String installed = say(
                            "mcp", "install", "--config", file.toString(), "--scope", "user", "--home", home.toString())
                    .out();
            assertTrue(installed.contains("  next: restart the client; then: jurat search" + homed), installed);
            assertTrue(
                    installed.contains("jurat mcp install" + homed
                            + " --undo 'it'\\''s mine; ls' --client claude --scope user --config " + file + "\n"),
                    installed);

            String undone =
                    say("mcp", "install", "--undo", "--home", home.toString()).out();
            assertTrue(undone.contains("  next: restart the client; then: jurat mcp list" + homed + "\n"), undone);
        } finally {
            if (launcher == null) {
                System.clearProperty("jurat.launcher");
            } else {
                System.setProperty("jurat.launcher", launcher);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "--undo", "-h", "a b"})
    void anInstallCannotBeUndoneByWhatItPrints(String server) throws IOException {
        String launcher = System.getProperty("jurat.launcher");
        System.setProperty("jurat.launcher", "/opt/jurat");
        try {
            List<Path> files = List.of(folder.resolve("one.json"), folder.resolve("two.json"));
            for (Path file : files) {
                Files.writeString(file, "{\"mcpServers\":{\"" + server + "\":{\"command\":\"npx\"}}}");
                Said said =
                        say("mcp", "install", "--config", file.toString(), "--home", folder.toString(), "--", server);
                assertEquals(0, said.status(), said.out() + said.err());
                String undo = said.out()
                        .substring(said.out().indexOf("jurat mcp install") + 6)
                        .strip();
                Said undone = say(words(undo));
                assertEquals(0, undone.status(), undo + ": " + undone.out() + undone.err());
                say("mcp", "install", "--config", file.toString(), "--home", folder.toString(), "--", server);
            }
        } finally {
            if (launcher == null) {
                System.clearProperty("jurat.launcher");
            } else {
                System.setProperty("jurat.launcher", launcher);
            }
        }
    }

    /** As a shell would split it. */
    private static String[] words(String line) {
        List<String> out = new ArrayList<>();
        Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
        while (word.find()) {
            out.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return out.toArray(String[]::new);
    }

    @Test
    void whoseHomeItIsIsForgottenOrSaidTwice() {
        Next next = Next.of(List.of("approve", "--home", "/mine", "--data", "/node", "0123abcd"));
        assertEquals(
                "jurat approve --data /node 0123abcd --home DIR; jurat operator enroll --home DIR --data /node --name YOU",
                next.complete(Next.ELSEWHERE + " --home DIR; jurat operator enroll --home DIR --name YOU"));
        assertEquals("jurat deny --home '/a b' --data /node X", next.complete("jurat deny --home '/a b' X"));
    }

    @Test
    void aFolderThatCannotBeMadeIsOnlyNamed() {
        Said said = say("demo", "--out", "/proc/x");
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.err().contains("the folder cannot be made: /proc/x: there is no such"), said.err());
        assertTrue(said.err().contains("(demo-folder)"), said.err());
    }

    @Test
    void aMachineThatCannotTypeFindsOutInTheMiddle() throws Exception {
        ProcessBuilder builder = process("demo --no-npm --out " + folder.resolve("out"));
        builder.environment().put("PATH", folder.toString());
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(Exit.INPUT.status(), process.waitFor(), said);
        assertTrue(said.contains("(demo-script-missing)"), said);
        assertTrue(said.contains("next: install it: apt-get install bsdutils"), said);
        assertFalse(said.contains("1. A node starts"), said);
    }

    @Test
    void aBundleAsDataHasNoNextStep() throws IOException {
        Path bundle = folder.resolve("a bundle");
        Files.writeString(bundle, "hello");

        Said said = say("verify", "--json", bundle.toString());

        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"next\":\"have it exported again"), said.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json status", "--json log show", "log --json show"})
    void jsonBeforeTheCommandIsIgnored(String line) {
        Said said = say((line + " --home " + folder).split(" "));
        assertEquals(Exit.NODE.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().startsWith("{\"error\":"), said.out() + said.err());
    }

    @Test
    void aFileAsTheDemosFolderIsFoundOutLate() throws IOException {
        Path file = Files.writeString(folder.resolve("a file"), "mine");
        Said said = say("demo", "--json", "--out", file.toString());
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("is a file and not a folder"), said.out());
        assertTrue(said.out().contains("\"next\":\"jurat demo --out '" + file + "-2'\""), said.out());
    }

    @Test
    void whatComesAfterAChangedEntryCannotBePasted() throws IOException {
        Path home = folder.resolve("home");
        Path file = folder.resolve("claude.json");
        Files.writeString(file, "{\"mcpServers\":{\"a b\":{\"command\":\"npx\"}}}");
        String launcher = System.getProperty("jurat.launcher");
        System.setProperty("jurat.launcher", "/opt/jurat");
        try {
            String[] place = {"--config", file.toString(), "--scope", "user", "--home", home.toString()};
            assertEquals(
                    0,
                    say("mcp", "install", place[0], place[1], place[2], place[3], place[4], place[5])
                            .status());
            Files.writeString(file, "{\"mcpServers\":{\"a b\":{\"command\":\"other\"}}}");
            Said changed = say("mcp", "install", "--undo", "--home", home.toString());
            String homed = " --home " + home;
            String one = " 'a b' --client claude --scope user --config " + file;
            assertTrue(
                    changed.err().contains("jurat mcp show" + homed + one + "; ")
                            && changed.err().contains("jurat mcp install --undo" + homed + " --force"),
                    changed.err());
            Path other = folder.resolve("other.json");
            Files.writeString(other, "{\"mcpServers\":{\"a b\":{\"command\":\"npx\"}}}");
            assertEquals(
                    0,
                    say("mcp", "install", place[0], other.toString(), place[2], place[3], place[4], place[5])
                            .status());
            Said both = say("mcp", "show", "a b", "--client", "claude", "--scope", "user", place[4], place[5]);
            assertTrue(both.err().contains("client-ambiguous"), both.err());
            Said shown = say(
                    "mcp",
                    "show",
                    "a b",
                    "--client",
                    "claude",
                    "--scope",
                    "user",
                    place[0],
                    place[1],
                    place[4],
                    place[5]);
            assertTrue(shown.out().contains(file.toString()), shown.out() + shown.err());
            assertEquals(
                    0,
                    say("mcp", "install", "--undo", place[0], other.toString(), place[4], place[5])
                            .status());
            Files.writeString(file, "{}");
            Said gone = say("mcp", "install", "--undo", "--force", "--home", home.toString());
            assertTrue(gone.out().contains("is gone and stays so"), gone.out() + gone.err());
            assertFalse(gone.out().contains("as it was before"), gone.out());
        } finally {
            if (launcher == null) {
                System.clearProperty("jurat.launcher");
            } else {
                System.setProperty("jurat.launcher", launcher);
            }
        }
    }

    @Test
    void aNodeInTheBackgroundForgetsItsOperator() {
        Said said = say("up", "--background", "--operator", "ann", "--json", "--home", folder.toString());
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"code\":\"operator-in-background\""), said.out());
    }

    @Test
    void aSecondDemoInOneFolderIsSentToTheDoctor() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Said said = say("demo", "--json", "--out", folder.toString());
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"code\":\"demo-folder-used\""), said.out());
        assertTrue(said.out().contains("\"next\":\"jurat demo --out " + folder + "-2\""), said.out());
    }

    @Test
    void textFromElsewhereMovesTheCursor() {
        assertEquals("a\uFFFD[2Jb\uFFFDc", Screen.clean("a\u001b[2Jb\u202ec"));
    }

    @Test
    void aTreeLosesARecord() throws FormatException {
        String records = "[{\"id\":\"aa\",\"index\":1,\"kind\":\"intent\",\"references\":[],\"summary\":\"s\"},"
                + "{\"id\":\"bb\",\"index\":2,\"kind\":\"context\",\"references\":[\"aa\"],\"summary\":\"s\"},"
                + "{\"id\":\"cc\",\"index\":3,\"kind\":\"decision\",\"references\":[\"aa\",\"bb\"],\"summary\":\"s\"},"
                + "{\"id\":\"dd\",\"index\":4,\"kind\":\"refusal\",\"references\":[\"zz\"],\"summary\":\"s\"}]";
        Json.Obj parsed = CanonicalJson.readLoose(("{\"records\":" + records + "}").getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of("intent aa  s", "└─ context bb  s", "   └─ decision cc  s", "refusal dd  s"),
                TraceCommand.tree(View.list(parsed, "records")));
    }

    @Test
    void aWhileAgoIsNotUnderstood() {
        long now = System.currentTimeMillis();
        assertTrue(Math.abs(now - 7_200_000 - SearchCommand.millis("2h")) < 5_000);
        assertEquals(0, SearchCommand.millis("1970-01-01T00:00:00Z"));
        assertEquals(0, SearchCommand.millis("999999d"), "before 1970");
        assertThrows(Failure.class, () -> SearchCommand.millis("2 hours"));
    }

    @Test
    void aWordThatBeginsWithAnAtIsReadAsAFileOfArguments() throws IOException {
        Path file = Files.writeString(folder.resolve("words"), "--nonsense");
        Said said = say("deny", "abcdef12", "--reason", "@" + file, "--json", "--home", folder.toString());
        assertEquals(Exit.NODE.status(), said.status(), said.out() + said.err());
        Said plain = say("search", "@" + file, "--json");
        assertTrue(plain.out().contains("'@" + file + "'"), plain.out());
    }

    @Test
    void aCommandThatThereIsNotIsAnUnmatchedArgument() {
        Said said = say("--json", "stauts");
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().contains("\"code\":\"no-such-command\""), said.out());
        assertTrue(said.out().contains("there is no command 'stauts'; the nearest is: jurat status"), said.out());
        assertTrue(said.out().contains("\"next\":\"jurat status --help\""), said.out());
        assertTrue(say("bundle", "exprot")
                .err()
                .contains("there is no command 'exprot'; the nearest is: jurat bundle export"));
        Said far = say("zzzzzzzzz");
        assertTrue(far.err().contains("there is no command 'zzzzzzzzz' (no-such-command)"), far.err());
        assertTrue(far.err().contains("  next: jurat --help"), far.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up --port 99999",
                "up --port -1",
                "up --port many",
                "up --detach --port 65536",
                "search --limit -1",
                "search --limit 0",
                "search --limit 1001",
                "search --cursor x",
                "search --since 999999d9",
                "log list --limit -5",
                "log list --limit 501",
                "log list --before -1",
                "log show -1",
                "log trust --out /",
                "bundle export --all --out /",
                "bundle export --all --out /nowhere/at/all",
                "policy publish starter@v1 --floors 99999999999,0,0,0",
                "policy publish starter@v1 --floors -1,0,0,0",
                "policy test /",
                "policy test starter@v1 /",
                "bundle show /",
                "bundle list /nowhere",
                "verify /",
                "verify --trust / /",
                "verify --trust T -",
                "mcp install --config /",
                "deny abcdef12 --reason=",
                "revoke abcdef12 --reason=",
                "up --data=",
                "log reindex --data=",
                "log trust --out=",
                "demo --out=",
                "bundle list ''",
                "mcp install --project=",
                "status --home=",
                "status --data="
            })
    void whatCannotBeUsedIsJuratsFaultOrWaitsForANode(String line) {
        List<String> words = new ArrayList<>(List.of((line + " --json").split(" ")));
        words.replaceAll(word -> word.equals("''") ? "" : word);
        if (!line.contains("--home")) {
            words.addAll(List.of("--home", folder.toString()));
        }
        Said said = say(words.toArray(String[]::new));
        assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
        assertTrue(said.out().matches("(?s)\\{\"error\":\\{\"code\":\".+\"next\":\".+\"}}\n"), said.out() + said.err());
        assertFalse(said.out().contains("java."), said.out());
    }

    @Test
    void theVersionIsNoData() {
        Said said = say("--json", "--version");
        assertEquals(0, said.status(), said.out() + said.err());
        assertTrue(said.out().matches("\\{\"java\":\"25.*\",\"jurat\":\"0[^\"]*\"}\n"), said.out());
        assertTrue(say("--version").out().startsWith("jurat 0."));
    }

    @Test
    void aFolderOfSomebodyElseIsMadeANodesOwn() throws IOException {
        Path data = Files.createDirectory(folder.resolve("project"));
        Files.writeString(data.resolve("pom.xml"), "mine");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String detach : List.of("--detach", "--port=0")) {
            Said said = say("up", detach, "--json", "--data", data.toString(), "--home", folder.toString());
            assertEquals(Exit.INPUT.status(), said.status(), said.out() + said.err());
            assertTrue(said.out().contains("\"code\":\"data-folder-foreign\""), said.out());
            assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
            try (Stream<Path> files = Files.list(data)) {
                assertEquals(1, files.count());
            }
        }
    }
}
