package dev.jurat.gateway.mcp;

import dev.jurat.testkit.ClassPaths;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The wrapper as the launcher runs it: in a process with its few jars, from a start-up cache, with as much memory. */
final class WrapProgram {
    private static final Pattern JARS = Pattern.compile(
            "/(gateway|sdk|custody|proof)/target/classes$|/(jurat-(sdk|custody|proof)|bcprov|jackson-core)-[^/]*\\.jar$");
    private static final List<String> OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisplayVMOutputToStderr");

    private WrapProgram() {}

    /** Made once in a run of the tests, by the first that needs it. */
    private static final class Installed {
        static final Path FOLDER;
        static final String CLASS_PATH;

        static {
            try {
                FOLDER = Files.createTempDirectory("wrap");
                Runtime.getRuntime().addShutdownHook(new Thread(Installed::remove));
                CLASS_PATH = ClassPaths.installed(JARS, FOLDER);
                train();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** One call, from the handshake to the end of the session. */
        private static void train() throws IOException, InterruptedException {
            Path socket = FOLDER.resolve("n.sock");
            List<String> program = List.of("-XX:AOTCacheOutput=" + cache(), "-XX:+UseSerialGC");
            try (FakeNode node = FakeNode.claimed(socket);
                    Wrapped wrapped = Wrapped.start(
                            command(program, CLASS_PATH),
                            Wrapped.enrolled(FOLDER.resolve("home")),
                            socket,
                            List.of(),
                            server(FOLDER.resolve("calls")))) {
                wrapped.handshake();
                wrapped.call(1, "count", "{}");
                wrapped.answer(1);
                wrapped.end();
                if (node.results().isEmpty() || !Files.exists(cache())) {
                    throw new IllegalStateException("no start-up cache was made");
                }
            }
        }

        static Path cache() {
            return FOLDER.resolve("wrap.aot");
        }

        private static void remove() {
            try (Stream<Path> files = Files.walk(FOLDER)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                System.err.println(FOLDER + " stays: " + e);
            }
        }
    }

    /** Its command line, without arguments of its own. */
    static List<String> command() {
        List<String> options = new ArrayList<>(OPTIONS);
        options.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr", "-XX:AOTCache=" + Installed.cache()));
        return command(options, Installed.CLASS_PATH);
    }

    private static List<String> command(List<String> options, String classPath) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, Wrap.class.getName()));
        return command;
    }

    /** The command line of the server that counts its calls in a file. */
    static List<String> server(Path calls) {
        return List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CountingServer.class.getName(),
                calls.toString());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
