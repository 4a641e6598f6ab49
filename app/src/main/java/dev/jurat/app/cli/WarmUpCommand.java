package dev.jurat.app.cli;

import dev.jurat.app.demo.Rehearsal;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.app.node.Node;
import dev.jurat.app.node.NodeConfig;
import dev.jurat.app.node.StartException;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Loads what a node and its commands use, so that the launcher's start-up caches hold it. Leaves nothing behind. */
@CommandLine.Command(
        name = "warm-up",
        hidden = true,
        description = "Exercises a node and a wrapper in a temporary folder.")
final class WarmUpCommand extends Command {
    /** Enough for the compiler to see which code is hot, and how it branches. */
    private static final int CALLS = 200;

    @CommandLine.Option(
            names = "--short",
            description = "Only what a command loads that finds no node and opens a person's key.")
    boolean small;

    @CommandLine.Parameters(
            arity = "0..*",
            description =
                    "The command that starts a wrapper, without its arguments; its class path holds no more than a wrapper needs.")
    List<String> wrapper = List.of();

    @Override
    Exit run(Screen screen) throws IOException, NodeException {
        Path folder = Files.createTempDirectory("jurat-warm-up");
        try {
            if (small) {
                Main.run("status", "--home", folder.toString());
                unlock();
            } else {
                exercise(screen, folder);
            }
        } finally {
            delete(folder);
        }
        return Exit.DONE;
    }

    private void exercise(Screen screen, Path folder) throws IOException, NodeException {
        Main.line().usage(new PrintStream(OutputStream.nullOutputStream()));
        NodeConfig config = NodeConfig.of(folder.resolve("data"));
        try (Node node = Node.start(config, Optional.empty(), fault -> {});
                JuratClient client = new JuratClient(config.socket(), Duration.ofSeconds(10))) {
            Json.Obj profile =
                    (Json.Obj) View.list(client.profiles(), "profiles").getFirst();
            Rehearsal.run(folder, wrapper, View.text(profile, "name"), CALLS);
            View.lines(screen, client.status(), "");
            View.lines(screen, client.get("/v1/search?limit=1"), "");
            View.lines(screen, client.get("/v1/pending"), "");
            screen.line(node.tilesUrl() + " "
                    + client.bytes("/v1/bundle?all=true", 64 << 20, Duration.ofSeconds(10)).length);
        } catch (StartException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unlock() {
        RandomSource random = RandomSource.secure();
        char[] passphrase = "warm-up".toCharArray();
        SealedKey.seal("warm-up", "", SoftwareKey.generate(random), passphrase, PassphraseSeal.Cost.LIGHT, random)
                .open(passphrase)
                .ifPresent(key -> key.sign(new byte[1]));
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
