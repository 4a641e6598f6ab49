package dev.jurat.gateway.mcp;

import dev.jurat.testkit.ClassPaths;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The wrapper as the launcher runs it: in a process with its few jars, from a start-up cache, with as much memory. */
final class WrapProgram {
    private static final Pattern JARS = Pattern.compile(
            "/(gateway|sdk|proof)/target/classes$|/(jurat-(sdk|proof)|bcprov|jackson-core)-[^/]*\\.jar$");
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
                List<String> training =
                        new ArrayList<>(List.of(java(), "-XX:AOTCacheOutput=" + cache(), "-XX:+UseSerialGC"));
                training.addAll(List.of("-cp", CLASS_PATH, Wrap.class.getName(), "--warm-up"));
                Process process = new ProcessBuilder(training)
                        .redirectErrorStream(true)
                        .redirectOutput(FOLDER.resolve("log").toFile())
                        .start();
                if (process.waitFor() != 0 || !Files.exists(cache())) {
                    throw new IllegalStateException(Files.readString(FOLDER.resolve("log")));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        static Path cache() {
            return FOLDER.resolve("wrap.aot");
        }

        private static void remove() {
            try (Stream<Path> files = Files.list(FOLDER)) {
                files.map(Path::toFile).forEach(File::delete);
                Files.delete(FOLDER);
            } catch (IOException e) {
                System.err.println(FOLDER + " stays: " + e);
            }
        }
    }

    /** Its command line, without arguments of its own. */
    static List<String> command() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr", "-XX:AOTCache=" + Installed.cache()));
        command.addAll(List.of("-cp", Installed.CLASS_PATH, Wrap.class.getName()));
        return command;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
