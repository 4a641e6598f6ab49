package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client's servers put behind Jurat by {@code jurat mcp install}, and started as the client starts them. */
final class InstallTest {
    private static final String SECRET = "hunter2 of the suite";

    private Site site;
    private Path user;
    private Path project;
    private Path file;
    private Path counter;

    @BeforeEach
    void start() throws IOException {
        site = Site.fresh();
        user = Files.createDirectory(site.folder().resolve("user"));
        project = Files.createDirectory(site.folder().resolve("project"));
        counter = site.folder().resolve("counter");
        file = user.resolve(".claude.json");
    }

    @AfterEach
    void stop() throws IOException {
        site.close();
    }

    private static Json.Obj entry(List<String> command, Map<String, String> environment) {
        JsonBuilder variables = JsonBuilder.object();
        environment.forEach(variables::put);
        return JsonBuilder.object()
                .strings("args", command.subList(1, command.size()))
                .put("command", command.getFirst())
                .put("env", variables.build())
                .put("type", "stdio")
                .build();
    }

    private static Json.Obj servers(Map<String, Json.Obj> entries) {
        return JsonBuilder.object().put("mcpServers", Json.Obj.of(entries)).build();
    }

    private static void write(Path to, Json.Obj value) throws IOException {
        Files.write(to, CanonicalJson.write(value));
    }

    /** The usual file: npm's filesystem server, and a server with secrets. */
    private void two() throws IOException {
        write(
                file,
                servers(Map.of(
                        "files", entry(Servers.filesystem(site.files()), Map.of()),
                        "counting",
                                entry(
                                        CountingServer.command(counter),
                                        Map.of("API_KEY", SECRET, "REGION", "${REGION}")))));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private Site.Said jurat(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Site.launcher().toString()));
        command.addAll(List.of(arguments));
        try (ManagedProcess process = ManagedProcess.start(command, project, environment)) {
            process.input().close();
            int exit = process.exit(Servers.SOON);
            return new Site.Said(exit, process.output(), process.errors());
        }
    }

    private Json.Obj json(Map<String, String> environment, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        Site.Said said = jurat(environment, all.toArray(String[]::new));
        assertEquals(0, said.exit(), said.out() + said.err());
        return said.json();
    }

    private Map<String, String> withHome() {
        return Map.of("HOME", user.toString(), "JURAT_HOME", site.home().toString());
    }

    /** Starts what the client's file says, with the variables that it says and nothing else of ours. */
    private StdioClient startInstalled(Path configuration, String... path) throws IOException, FormatException {
        ForeignJson.Obj entry = ForeignJson.parseObject(Files.readAllBytes(configuration));
        for (String name : path) {
            entry = (ForeignJson.Obj)
                    Optional.ofNullable(entry.members().get(name)).orElseThrow();
        }
        List<String> command = new ArrayList<>(List.of("env", "-i", "REGION=north", "HOME=" + user));
        command.add("PATH=" + System.getenv("PATH"));
        if (entry.members().get("env") instanceof ForeignJson.Obj environment) {
            for (var variable : new TreeMap<>(environment.members()).entrySet()) {
                String value = ((ForeignJson.Str) variable.getValue()).value();
                command.add(variable.getKey() + "=" + value.replace("${REGION}", "north"));
            }
        }
        command.add(text(entry, "command"));
        ((ForeignJson.Arr) Optional.ofNullable(entry.members().get("args")).orElseThrow())
                .items()
                .forEach(a -> command.add(((ForeignJson.Str) a).value()));
        return site.keep(StdioClient.start(command, project, Map.of()));
    }

    private static String text(ForeignJson.Obj object, String name) {
        return ((ForeignJson.Str)
                        Optional.ofNullable(object.members().get(name)).orElseThrow())
                .value();
    }

    private static List<Path> holding(Path folder, String text) throws IOException {
        List<Path> out = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(one, StandardCharsets.ISO_8859_1).contains(text)) {
                    out.add(one);
                }
            }
        }
        return out;
    }

    @Test
    void theWrapperThatTheClientStartsFindsNoNodeOrNoCredential() throws IOException, FormatException {
        two();

        json(withHome(), "mcp", "install", "counting", "--client", "claude", "--observe", "--agent", "mine");

        try (StdioClient client = Servers.ready(startInstalled(file, "mcpServers", "counting"))) {
            assertEquals(CountingServer.seen(SECRET), sees(client, "API_KEY"));
            assertEquals(CountingServer.seen("north"), sees(client, "REGION"));
            assertEquals("unset", sees(client, "JURAT_HOME"));
            client.leave(Servers.SOON);
        }
        assertEquals("sees", Values.text(Values.at(site.json("search"), "actions.0"), "action"));
        Json session = Values.at(site.json("mcp", "show", "counting"), "environment.0");
        assertEquals("API_KEY", Values.text(session, "variable"));
    }

    private static String sees(StdioClient client, String variable) throws IOException {
        StdioClient.Answer answer = client.call("sees", "{\"variable\":\"" + variable + "\"}", Servers.SOON);
        assertFalse(answer.failed(), answer.line());
        return answer.text();
    }

    @Test
    void aSecretStaysBesideTheClientsFileOrInTheHomeAfterwards() throws IOException {
        two();
        byte[] before = Files.readAllBytes(file);

        json(withHome(), "mcp", "install", "counting");

        assertEquals(List.of(), holding(user, SECRET));
        assertEquals(1, holding(site.home(), SECRET).size());
        try (Stream<Path> beside = Files.list(user)) {
            assertEquals(List.of(file), beside.toList());
        }
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        byte[] wrapped = Files.readAllBytes(file);
        assertEquals("false", Values.text(json(withHome(), "mcp", "install", "counting"), "changed"));
        assertEquals(new String(wrapped, StandardCharsets.UTF_8), Files.readString(file));

        json(withHome(), "mcp", "install", "--undo", "counting");

        assertEquals(new String(before, StandardCharsets.UTF_8), Files.readString(file));
        assertEquals(List.of(), holding(site.home(), SECRET));
        assertEquals(
                2, jurat(withHome(), "mcp", "install", "--undo", "counting").exit());
    }

    @Test
    void aSecretAmongTheArgumentsIsNotWarnedOfOrRepeated() throws IOException {
        write(file, servers(Map.of("remote", entry(List.of("cat", "--api-key", "hunter2"), Map.of()))));

        for (int i = 0; i < 2; i++) {
            Json.Obj said = json(withHome(), "mcp", "install", "remote");

            assertEquals("secret-in-arguments", Values.text(said, "warnings.0.code"), said.toString());
            assertTrue(Values.text(said, "warnings.0.text").startsWith("--api-key looks"), said.toString());
            assertFalse(said.toString().contains("hunter2"), said.toString());
        }
        String lines = jurat(withHome(), "mcp", "install", "remote").out();
        assertTrue(lines.contains("! secret-in-arguments: --api-key") && !lines.contains("hunter2"), lines);
        two();
        assertEquals(List.of(), Values.list(json(withHome(), "mcp", "install", "counting"), "warnings"));
    }

    /** Without JURAT_HOME both look in the HOME that the environment names, not in that of the system's user list. */
    @Test
    void aServerOfTheProjectIsNotFoundOrRunsInAnotherHome() throws IOException, FormatException {
        Json.Obj files = entry(Servers.filesystem(site.files()), Map.of());
        write(
                file,
                JsonBuilder.object()
                        .put("projects", Json.Obj.of(Map.of(project.toString(), servers(Map.of("files", files)))))
                        .build());
        String before = Files.readString(file);
        Files.writeString(site.files().resolve("a.txt"), "the text");
        Map<String, String> bare = Map.of("HOME", user.toString());

        Json.Obj installed = json(bare, "mcp", "install", "--observe");

        assertEquals("local", Values.text(installed, "scope"));
        assertTrue(Files.isDirectory(user.resolve(".jurat/clients")));
        try (StdioClient client =
                Servers.ready(startInstalled(file, "projects", project.toString(), "mcpServers", "files"))) {
            StdioClient.Answer answer =
                    client.call("read_text_file", "{\"path\":\"" + site.files().resolve("a.txt") + "\"}", Servers.SOON);
            assertEquals("the text", answer.text(), answer.line());
            client.leave(Servers.SOON);
        }
        json(bare, "mcp", "install", "--undo", "--project", project.toString());
        assertEquals(before, Files.readString(file));
    }

    @Test
    void whatIsInstalledCannotBeSeen() throws IOException {
        two();
        write(project.resolve(".mcp.json"), servers(Map.of("shared", entry(List.of("cat"), Map.of("TOKEN", SECRET)))));
        json(withHome(), "mcp", "install", "counting", "--observe", "--agent", "mine");
        json(withHome(), "mcp", "install", "shared");

        Json.Obj list = json(withHome(), "mcp", "list");
        Json.Obj show = json(withHome(), "mcp", "show", "counting");
        Site.Said lines = jurat(withHome(), "mcp", "show", "counting");

        assertEquals("shared", Values.text(Values.at(list, "wraps.0"), "server"));
        assertEquals("project", Values.text(Values.at(list, "wraps.0"), "scope"));
        Json counting = Values.at(list, "wraps.1");
        assertEquals("mine", Values.text(counting, "agent"));
        assertEquals("true", Values.text(counting, "undo"));
        assertEquals("wrapped", Values.text(counting, "state"));
        assertEquals("true", Values.text(show, "observe"));
        assertEquals("keystore", Values.text(Values.at(show, "environment.0"), "from"));
        assertEquals("environment", Values.text(Values.at(show, "environment.1"), "from"));
        assertEquals(
                counter.toString(), Values.text(Values.list(show, "command").getLast(), ""));
        assertFalse(lines.out().contains(SECRET)
                || show.toString().contains(SECRET)
                || list.toString().contains(SECRET));
        assertTrue(jurat(withHome(), "mcp", "list").out().contains("counting"));
        Files.writeString(file, Files.readString(file).replace("\"mine\"", "\"yours\""));
        assertEquals("changed", Values.text(json(withHome(), "mcp", "show", "counting"), "state"));
        assertFalse(jurat(withHome(), "mcp", "install", "counting", "--undo").exit() == 0);
    }
}
