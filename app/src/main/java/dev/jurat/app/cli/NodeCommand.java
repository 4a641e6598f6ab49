package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.proof.FormatException;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A command that asks a running node. */
abstract class NodeCommand extends Command {
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The node's data folder, or the one that it shares (default: data in Jurat's folder).")
    Optional<Path> data = Optional.empty();

    abstract Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException;

    final Path socket() {
        return data.map(d -> d.toAbsolutePath().normalize().resolve("node.sock"))
                .orElseGet(home()::socket);
    }

    /** The home that lies beside a data folder, as a demo leaves both, where it has somebody's key; none where that cannot be told. */
    final Optional<Path> homeBeside() {
        if (data.isEmpty()) {
            return Optional.empty();
        }
        Path beside = data.get().toAbsolutePath().normalize().resolveSibling("home");
        boolean mine = beside.equals(home().folder().toAbsolutePath().normalize());
        try {
            return mine || new Operators(new JuratHome(beside)).list().isEmpty()
                    ? Optional.empty()
                    : Optional.of(beside);
        } catch (IOException | FormatException e) {
            // It is only for a hint, and somebody else's folder.
            return Optional.empty();
        }
    }

    @Override
    final Exit run(Screen screen) throws IOException, NodeException, FormatException {
        try (JuratClient node = new JuratClient(socket(), TIMEOUT)) {
            return run(screen, node);
        }
    }
}
