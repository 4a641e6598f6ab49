package dev.jurat.assurance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The home of a node that was claimed, and given a policy and an agent at the command line, and then stopped: made once a process, since that takes longer
 * than most of what is tested on such a node. Every copy has the same log, keys and people. Thread-safe.
 */
final class GovernedHome {
    private static @Nullable Path made;

    private GovernedHome() {}

    /** Copies it to a path where nothing is yet. */
    static void copyTo(Path home) throws IOException {
        Path from = made();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, home.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static synchronized Path made() throws IOException {
        Path home = made;
        if (home == null) {
            Site site = Site.fresh();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(site)));
            ManagedProcess node = site.up();
            site.claim("ann");
            site.publish("starter@v1");
            site.enrolAgent(Site.AGENT);
            node.signal("TERM");
            node.exit(Site.READY);
            if (!node.errors().isEmpty()) {
                throw new IOException("the node did not stop in order: " + node.errors());
            }
            home = site.home();
            made = home;
        }
        return home;
    }

    private static void close(Site site) {
        try {
            site.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
