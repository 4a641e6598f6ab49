package dev.jurat.assurance.endtoend;

import dev.jurat.assurance.harness.CountingTee;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.testkit.npm.NpmPackages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The real MCP servers of the suites, and clients that are ready to call them. */
public final class Servers {
    public static final Duration SOON = Duration.ofSeconds(60);

    private Servers() {}

    /** The npm packages; the test is skipped, aloud, where they cannot be had. */
    public static NpmPackages npm() {
        var found = NpmPackages.find();
        Assumptions.assumeTrue(found.isPresent(), "SKIPPED: npm packages cannot be had");
        return found.orElseThrow();
    }

    /** npm's filesystem server over a folder. */
    public static List<String> filesystem(Path folder) {
        return List.of(
                "node",
                npm().file("@modelcontextprotocol/server-filesystem", "dist/index.js")
                        .toString(),
                folder.toString());
    }

    /** npm's server with one of everything. */
    public static List<String> everything() {
        return List.of(
                "node",
                npm().file("@modelcontextprotocol/server-everything", "dist/index.js")
                        .toString());
    }

    /** A client of npm's filesystem server behind the wrapper, greeted and with its tools listed; calls are counted. */
    public static StdioClient counted(Site site, Path home, String agent, Path counter, String... options)
            throws IOException {
        List<String> server = CountingTee.command(counter, filesystem(site.files()));
        return ready(site.wrap(home, agent, List.of(options), server));
    }

    /** Greets the server and lists its tools, as clients do. */
    public static StdioClient ready(StdioClient client) throws IOException {
        client.initialize(SOON);
        client.request("tools/list", "{}", SOON);
        return client;
    }
}
