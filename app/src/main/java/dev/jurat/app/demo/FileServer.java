package dev.jurat.app.demo;

import dev.jurat.sdk.JuratHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The MCP server of the tour: npm's filesystem server, fetched by npm into the user's cache folder, or the one that comes with Jurat.
 *
 * @param command how it is started, without the folder that it serves
 * @param origin where it came from, in words
 */
record FileServer(List<String> command, String origin) {
    static final String PACKAGE = "@modelcontextprotocol/server-filesystem";
    static final String VERSION = "2026.8.31";

    private static final long INSTALL_SECONDS_MAX = 180;

    /** The server with the folder that it is to serve. */
    List<String> serving(Path folder) {
        List<String> line = new ArrayList<>(command);
        line.add(folder.toString());
        return line;
    }

    /** The server that comes with Jurat, for machines without npm. */
    static FileServer bundled() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new FileServer(
                List.of(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BundledFileServer.class.getName()),
                "the small file server that comes with Jurat");
    }

    boolean isBundled() {
        return command.contains(BundledFileServer.class.getName());
    }

    /** npm's server, from the cache or fetched now; empty where npm or the package cannot be had. */
    static Optional<FileServer> npm(Path cache, Story story) throws InterruptedException {
        Path main =
                cache.resolve("node_modules").resolve(PACKAGE).resolve("dist").resolve("index.js");
        try {
            if (!Files.exists(main)) {
                story.say("Fetching " + PACKAGE + " " + VERSION + " with npm, once …");
                Files.createDirectories(cache);
                Process npm = new ProcessBuilder(
                                "npm",
                                "install",
                                "--prefix",
                                cache.toString(),
                                "--no-audit",
                                "--no-fund",
                                "--ignore-scripts",
                                "--no-save",
                                "--loglevel=error",
                                PACKAGE + "@" + VERSION)
                        .redirectErrorStream(true)
                        .redirectOutput(cache.resolve("npm.log").toFile())
                        .redirectInput(new File("/dev/null"))
                        .start();
                if (!npm.waitFor(INSTALL_SECONDS_MAX, TimeUnit.SECONDS)) {
                    npm.destroyForcibly();
                    return Optional.empty();
                }
            }
            if (!Files.exists(main) || !runs("node")) {
                return Optional.empty();
            }
            return Optional.of(new FileServer(
                    List.of("node", main.toRealPath().toString()), "npm package " + PACKAGE + " " + VERSION));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean runs(String program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program, "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** The folder that keeps what npm fetched from one run to the next. */
    static Path cache() {
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isEmpty() ? JuratHome.userFolder(System.getenv()).resolve(".cache") : Path.of(xdg);
        return base.resolve("jurat").resolve("npm-" + VERSION);
    }
}
