package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The official clients, unmodified, through the wrapper: each sees its server's tools, is served, and is refused in words. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientsTest {
    private Site site;

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        site = Site.governed();
        Files.writeString(site.files().resolve("a.txt"), "alpha");
        site.unlocked("policy", "publish", "observe@v1", "--available");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void theTypeScriptClientOf2025CannotReadThroughTheWrapper() throws IOException {
        String out = script(
                "client-2025.mjs",
                List.of("read_text_file", Texts.path(site.files() + "/a.txt")),
                List.of(),
                filesystem());

        assertTrue(out.contains("\"text\":\"alpha\""), out);
        assertTrue(out.contains("\"write_file\""), out);
    }

    @Test
    void theTypeScriptClientOf2025IsNotToldWhyItIsRefused() throws IOException {
        String out = script(
                "client-2025.mjs",
                List.of("write_file", Texts.write(site.outside() + "/b.txt", "b")),
                List.of(),
                filesystem());

        assertTrue(out.contains("\"error\":true"), out);
        assertTrue(out.contains("outside-root"), out);
    }

    @Test
    void theClientOf2026CannotUseAServerOf2025() throws IOException {
        String out = script(
                "client-2026.mjs",
                List.of("2025-11-25", "read_text_file", Texts.path(site.files() + "/a.txt")),
                List.of(),
                filesystem());

        assertTrue(out.contains("\"text\":\"alpha\""), out);
    }

    @Test
    void clientAndServerOf2026AreNotServed() throws IOException {
        Path counter = site.folder().resolve("counter-2026");
        String out = script(
                "client-2026.mjs",
                List.of("2026-07-28", "echo", "{\"word\":\"hi\"}"),
                List.of("--observe"),
                stateless(counter));

        assertTrue(out.contains("{\"step\":\"revision\",\"value\":\"2026-07-28\"}"), out);
        assertTrue(out.contains("\"text\":\"hi\""), out);
        assertEquals(List.of("echo hi"), CountingServer.ran(counter));
        assertEquals("observed", Values.text(Actions.newest(site, "action=echo"), "decision"));
    }

    @Test
    void aCallOf2026PassesWithoutADecision() throws IOException {
        Path counter = site.folder().resolve("counter-waiting");
        String out = script(
                "client-2026.mjs",
                List.of("2026-07-28", "echo", "{\"word\":\"no\"}"),
                List.of("--hold", "1"),
                stateless(counter));

        assertTrue(out.contains("\"error\":true"), out);
        assertTrue(out.contains("jurat approve"), out);
        assertEquals(List.of(), CountingServer.ran(counter));
    }

    @Test
    void theJavaClientCannotUseTheWrapper() throws IOException {
        List<String> command = Site.wrapCommand(Site.AGENT, List.of(), filesystem());
        ServerParameters parameters = ServerParameters.builder(command.getFirst())
                .args(command.subList(1, command.size()))
                .env(Map.of("JURAT_HOME", site.home().toString()))
                .build();
        try (McpSyncClient client = McpClient.sync(new StdioClientTransport(parameters, McpJsonDefaults.getMapper()))
                .requestTimeout(Servers.SOON)
                .initializationTimeout(Servers.SOON)
                .build()) {
            client.initialize();
            List<String> tools = client.listTools().tools().stream()
                    .map(McpSchema.Tool::name)
                    .toList();
            McpSchema.CallToolResult read =
                    client.callTool(call("read_text_file", Map.of("path", site.files() + "/a.txt")));
            McpSchema.CallToolResult write =
                    client.callTool(call("write_file", Map.of("path", site.outside() + "/c.txt", "content", "c")));

            assertTrue(tools.contains("write_file"), tools.toString());
            assertEquals("alpha", ((McpSchema.TextContent) read.content().getFirst()).text());
            assertTrue(write.isError(), write.toString());
        }
    }

    private static McpSchema.CallToolRequest call(String tool, Map<String, Object> arguments) {
        return McpSchema.CallToolRequest.builder(tool).arguments(arguments).build();
    }

    private List<String> filesystem() {
        return Servers.filesystem(site.files());
    }

    private static List<String> stateless(Path counter) {
        return List.of(
                "node", Servers.npm().folder().resolveSibling("server-2026.mjs").toString(), counter.toString());
    }

    private String script(String name, List<String> arguments, List<String> options, List<String> server)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of("node", Servers.npm().folder().resolveSibling(name).toString()));
        command.addAll(arguments);
        command.addAll(Site.wrapCommand(Site.AGENT, options, server));
        try (ManagedProcess process = ManagedProcess.start(command, site.folder(), site.environment())) {
            int exit = process.exit(Servers.SOON);
            assertEquals(0, exit, () -> process.output() + process.errors());
            return process.output();
        }
    }
}
