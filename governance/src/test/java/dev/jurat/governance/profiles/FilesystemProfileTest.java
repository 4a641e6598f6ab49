package dev.jurat.governance.profiles;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.ProfiledTool;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.Roots;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.testkit.npm.NpmPackages;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The shipped profile of npm's filesystem server, against the list of tools that the server itself gave. */
class FilesystemProfileTest {
    private static final String FOLDER = "/dev/jurat/governance/profiles/";

    private final byte[] artefact = resource("filesystem.json");

    @Test
    void artefactIsNotWhatAWriterEmits() throws FormatException {
        assertArrayEquals(artefact, ToolProfile.read(artefact).bytes());
    }

    @Test
    void listedToolIsUnknown() throws FormatException {
        byte[] listed = listed();
        ToolProfile profile = ToolProfile.read(artefact);
        Map<String, Hash> definitions = definitions(listed);
        assertEquals(profile.tools().keySet(), definitions.keySet());
        definitions.forEach((name, definition) -> {
            Tool tool = profile.classify(name, Optional.of(definition), Set.of());
            assertEquals(profile.tool(name).map(ProfiledTool::effect), Optional.of(tool.effect()), name);
        });
    }

    @Test
    void oneByteOfADefinitionIsNotMissed() throws FormatException {
        ToolProfile profile = ToolProfile.read(artefact);
        Tool tool = profile.classify("read_text_file", Optional.of(Hash.of(new byte[] {1})), Set.of());
        assertEquals(Effect.UNKNOWN, tool.effect());
    }

    /** An argument that the server lists and the profile does not would be refused; one that it does not list would be invented. */
    @Test
    void argumentsAreNotTheServersOwn() throws FormatException {
        ToolProfile profile = ToolProfile.read(artefact);
        for (ForeignJson.Obj tool : tools(listed())) {
            String name = text(tool, "name");
            ForeignJson.Obj properties = object(object(tool, "inputSchema"), "properties");
            ProfiledTool entry = profile.tool(name).orElseThrow();
            Json known =
                    Objects.requireNonNull(entry.arguments().toJson().members().get("properties"));
            assertEquals(
                    properties.members().keySet(), ((Json.Obj) known).members().keySet(), name);
        }
    }

    @Test
    void effectsAreNotAsDocumented() throws FormatException {
        Map<String, String> effects = new TreeMap<>();
        ToolProfile.read(artefact)
                .tools()
                .forEach((name, tool) -> effects.put(name, tool.effect().text() + (tool.idempotent() ? "" : ", once")));
        effects.values().removeIf(text -> text.equals("read"));
        assertEquals(
                Map.of(
                        "create_directory", "write",
                        "edit_file", "write, once",
                        "move_file", "destroy, once",
                        "write_file", "write"),
                effects);
    }

    @Test
    void resourceIsMissed() throws FormatException {
        assertEquals(List.of("itself /srv/a"), resources("read_text_file", "{\"path\":\"a\",\"head\":3}"));
        assertEquals(
                List.of("itself /srv/a", "itself /etc/b"),
                resources("read_multiple_files", "{\"paths\":[\"a\",\"/etc/b\"]}"));
        assertEquals(
                List.of("beside /srv/a", "beside /srv/b"),
                resources("move_file", "{\"destination\":\"b\",\"source\":\"a\"}"));
        assertEquals(
                List.of("below /srv"), resources("directory_tree", "{\"path\":\".\",\"excludePatterns\":[\"*\"]}"));
        assertEquals(List.of("below /srv"), resources("search_files", "{\"path\":\"/srv\",\"pattern\":\"**/*.txt\"}"));
        assertEquals(List.of("itself /srv"), resources("create_directory", "{\"path\":\".\"}"));
        assertEquals(List.of("beside /srv/a"), resources("write_file", "{\"path\":\"a\",\"content\":\"\"}"));
        assertEquals(
                List.of("beside /srv/a"),
                resources(
                        "edit_file",
                        "{\"path\":\"a\",\"edits\":[{\"oldText\":\"\",\"newText\":\"\"}],\"dryRun\":true}"));
        assertEquals(List.of(), resources("list_allowed_directories", "{}"));
    }

    @Test
    void argumentWithoutMeaningIsLetThrough() {
        for (String arguments :
                List.of("{\"path\":\"a\",\"paths\":[]}", "{\"path\":\"a\",\"head\":1.5}", "{\"path\":null}", "[]")) {
            FormatException refused =
                    assertThrows(FormatException.class, () -> resources("read_text_file", arguments), arguments);
            assertEquals("arguments-unmapped", refused.code());
        }
    }

    @Test
    void commonCommandIsNotRecognised() throws FormatException {
        ToolProfile profile = ToolProfile.read(artefact);
        LexicalPath home = LexicalPath.parse("/home/ann");
        for (List<String> command : List.of(
                List.of("npx", "-y", "@modelcontextprotocol/server-filesystem", "/srv"),
                List.of("npx", "@modelcontextprotocol/server-filesystem@2026.8.31", "/srv/"),
                List.of("mcp-server-filesystem", "../../srv"),
                List.of("/usr/bin/mcp-server-filesystem", "/srv"),
                List.of("node", "/x/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js", "/srv"))) {
            assertEquals(
                    Roots.of(List.of(LexicalPath.parse("/srv"))), profile.roots(command, home), command.toString());
        }
    }

    private List<String> resources(String tool, String arguments) throws FormatException {
        Roots roots = Roots.of(List.of(LexicalPath.parse("/srv")));
        ForeignJson json = ForeignJson.parse(arguments.getBytes(StandardCharsets.UTF_8));
        List<Resource> found =
                ToolProfile.read(artefact).tool(tool).orElseThrow().resources(Optional.of(json), roots);
        return found.stream().map(r -> r.reach().text() + " " + r.text()).toList();
    }

    private static Map<String, Hash> definitions(byte[] listed) throws FormatException {
        Map<String, Hash> definitions = new TreeMap<>();
        for (ForeignJson.Obj tool : tools(listed)) {
            definitions.put(text(tool, "name"), Hash.of(tool.span().cut(listed)));
        }
        return definitions;
    }

    private static List<ForeignJson.Obj> tools(byte[] listed) throws FormatException {
        ForeignJson.Obj result = object(ForeignJson.parseObject(listed), "result");
        ForeignJson.Arr tools = (ForeignJson.Arr) member(result, "tools");
        return tools.items().stream().map(ForeignJson.Obj.class::cast).toList();
    }

    private static ForeignJson.Obj object(ForeignJson.Obj object, String name) {
        return (ForeignJson.Obj) member(object, name);
    }

    private static String text(ForeignJson.Obj object, String name) {
        return ((ForeignJson.Str) member(object, name)).value();
    }

    private static ForeignJson member(ForeignJson.Obj object, String name) {
        return Objects.requireNonNull(object.members().get(name), name);
    }

    /** What npm's server answers to {@code tools/list} now. */
    private static byte[] listed() {
        Optional<NpmPackages> packages = NpmPackages.find();
        assumeTrue(packages.isPresent(), "npm cannot be had");
        Path main = packages.get().file("@modelcontextprotocol/server-filesystem", "dist/index.js");
        try {
            Process server = new ProcessBuilder("node", main.toString(), System.getProperty("java.io.tmpdir"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedWriter in = server.outputWriter(StandardCharsets.UTF_8);
                    BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
                in.write(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}\n"
                                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
                                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}\n");
                in.flush();
                out.readLine();
                return Objects.requireNonNull(out.readLine(), "no answer to tools/list")
                        .getBytes(StandardCharsets.UTF_8);
            } finally {
                server.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = FilesystemProfileTest.class.getResourceAsStream(FOLDER + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
