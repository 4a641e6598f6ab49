package dev.jurat.testkit.npm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The npm packages that {@code assurance/npm/package-lock.json} pins, installed beside it once for all test processes.
 *
 * <p>Where npm or the network is missing, {@link #find} is empty and one line {@code SKIPPED: npm …} says why on standard output; with
 * {@code JURAT_NPM_REQUIRED} set that is an error. Thread-safe, and safe between processes.
 */
public final class NpmPackages {
    private static final long INSTALL_SECONDS_MAX = 240;
    private static final Pattern PINNED = Pattern.compile("\"([^\"]+)\": \"([0-9][^\"]*)\"");
    private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]+)\"");
    private static @Nullable Found found;

    private final Path folder;

    private NpmPackages(Path folder) {
        this.folder = folder;
    }

    private record Found(Optional<NpmPackages> packages) {}

    /** The packages, installed now if they are not there yet. */
    public static synchronized Optional<NpmPackages> find() {
        Found before = found;
        if (before == null) {
            before = new Found(look());
            found = before;
        }
        return before.packages();
    }

    private static Optional<NpmPackages> look() {
        Path npm = Path.of(System.getProperty("jurat.root", "."), "assurance", "npm")
                .toAbsolutePath()
                .normalize();
        try {
            install(npm);
            return Optional.of(new NpmPackages(npm.resolve("node_modules")));
        } catch (IOException e) {
            if (System.getenv("JURAT_NPM_REQUIRED") != null) {
                throw new UncheckedIOException("npm is required here (JURAT_NPM_REQUIRED)", e);
            }
            System.out.println("SKIPPED: npm packages cannot be had: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static void install(Path npm) throws IOException {
        try (FileChannel lock =
                        FileChannel.open(npm.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            if (held.isValid() && !installed(npm)) {
                run(npm);
            }
        }
        if (!installed(npm)) {
            throw new IOException("npm ci ended, but the pinned versions are not in " + npm);
        }
    }

    private static boolean installed(Path npm) throws IOException {
        String wanted = Files.readString(npm.resolve("package.json"));
        Matcher pinned = PINNED.matcher(wanted.substring(wanted.indexOf("\"dependencies\"")));
        while (pinned.find()) {
            Path there = npm.resolve("node_modules").resolve(pinned.group(1)).resolve("package.json");
            if (!Files.exists(there)) {
                return false;
            }
            Matcher version = VERSION.matcher(Files.readString(there));
            if (!version.find() || !version.group(1).equals(pinned.group(2))) {
                return false;
            }
        }
        return true;
    }

    private static void run(Path npm) throws IOException {
        System.out.println("npm ci in " + npm + " (once; the packages are downloaded)");
        Path log = Files.createTempFile("npm-ci", ".log");
        Process process = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(npm.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(INSTALL_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("npm ci took more than " + INSTALL_SECONDS_MAX + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            String text = Files.readString(log);
            throw new IOException("npm ci failed: "
                    + text.substring(Math.max(0, text.length() - 300)).strip());
        }
        Files.delete(log);
    }

    /** The {@code node_modules} folder. */
    public Path folder() {
        return folder;
    }

    /** A file of a package, such as {@code @modelcontextprotocol/server-filesystem} and {@code dist/index.js}. */
    public Path file(String packageName, String path) {
        return folder.resolve(packageName).resolve(path);
    }
}
