package dev.jurat.app.cli;

import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.JsonBuilder;
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
import java.util.stream.Stream;
import picocli.CommandLine;

/** Loads what a node and its commands use, so that the launcher's start-up cache holds it. Leaves nothing behind. */
@CommandLine.Command(name = "warm-up", hidden = true, description = "Exercises a node in a temporary folder.")
final class WarmUpCommand extends Command {
    @Override
    Exit run(Screen screen) throws IOException {
        Path folder = Files.createTempDirectory("jurat-warm-up");
        try {
            exercise(screen, folder);
        } finally {
            delete(folder);
        }
        return Exit.DONE;
    }

    private static void exercise(Screen screen, Path folder) {
        SoftwareKey.generate(RandomSource.secure())
                .sign(CanonicalJson.write(JsonBuilder.object().put("a", 1).build()));
        new CommandLine(new Root()).usage(new PrintStream(OutputStream.nullOutputStream()));
        screen.table(List.of("A"), List.of(List.of("b")));
        try (JuratClient node = new JuratClient(folder.resolve("node.sock"), Duration.ofSeconds(1))) {
            node.status();
        } catch (NodeException expected) {
            screen.line(Failure.of(expected).code());
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
