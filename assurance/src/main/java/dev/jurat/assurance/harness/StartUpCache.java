package dev.jurat.assurance.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The classes of a program kept after one run, so that the many processes of the tests start fast. */
final class StartUpCache {
    private static final long SECONDS_MAX = 60;

    private StartUpCache() {}

    /**
     * Runs a program's warm-up once and keeps what it loaded, until this process ends. Empty where that does not work, such as with folders
     * on the class path: programs start without it then.
     */
    static Optional<Path> train(List<String> java, String main, String warmUp) {
        if (java.stream().anyMatch(StartUpCache::hasFolder)) {
            return Optional.empty();
        }
        try {
            Path folder = Files.createTempDirectory("jurat-start");
            Path cache = folder.resolve("cache.aot");
            folder.toFile().deleteOnExit();
            cache.toFile().deleteOnExit();
            List<String> command = new ArrayList<>(java);
            command.add(1, "-XX:AOTCacheOutput=" + cache);
            command.addAll(List.of(main, warmUp));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            boolean done = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            if (!done) {
                process.destroyForcibly();
            }
            return done && Files.isRegularFile(cache) ? Optional.of(cache) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean hasFolder(String word) {
        return word.contains(File.pathSeparator)
                && List.of(word.split(File.pathSeparator)).stream()
                        .anyMatch(entry -> Files.isDirectory(Path.of(entry)));
    }
}
