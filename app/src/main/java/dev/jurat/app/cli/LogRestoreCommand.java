package dev.jurat.app.cli;

import dev.jurat.app.node.Maintenance;
import dev.jurat.app.node.StartException;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description = {
            "Makes the log of a data folder from a backup, where there is none.",
            "The first start after it carries out every erasure on the log before it serves anybody: old keys bring nothing back."
        },
        footer = {
            "",
            "Everything that was recorded after the backup is lost, and whoever saw it can show it: docs/operate/erasure-and-backup.md."
        })
final class LogRestoreCommand extends dev.jurat.app.cli.Command {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder to be made (default: data in Jurat's folder).")
    Optional<Path> data = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "DIR",
            required = true,
            description = "The backup, as in: jurat log backup --to DIR.")
    Path from = Path.of("");

    @Option(
            names = "--slots-from",
            paramLabel = "DIR",
            description = "One folder of keys (slots-…), the newest. Without it, bodies are not there.")
    Optional<Path> slotsFrom = Optional.empty();

    @Override
    Exit run(Screen screen) throws IOException {
        Path folder = data.map(d -> d.toAbsolutePath().normalize())
                .orElseGet(() -> home().folder().resolve("data"));
        require(from);
        slotsFrom.ifPresent(LogRestoreCommand::require);
        try {
            screen.progress("restoring the log…");
            long size = Maintenance.restore(folder, from, slotsFrom);
            screen.progress("");
            boolean keyed = Files.isDirectory(folder.resolve("keys"));
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("data", folder.toString())
                        .put("keys", keyed)
                        .put("size", size)
                        .build());
                return Exit.DONE;
            }
            screen.line("Restored: " + size + " records in " + Screen.clean(folder.toString()));
            if (slotsFrom.isEmpty()) {
                screen.line(screen.tone(Screen.Tone.WARN, "No keys were given: no body is there."));
            }
            screen.next(
                    keyed
                            ? "jurat log audit " + Next.quoted(folder.toString()) + ", then: jurat up"
                            : "put the node's own keys back, as "
                                    + Next.quoted(folder.resolve("keys").toString()) + ", then: jurat up");
            return Exit.DONE;
        } catch (StartException e) {
            throw new Failure(Exit.INPUT, e.code(), String.valueOf(e.getMessage()), "operator", e.next());
        }
    }

    private static void require(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw Failure.input("no-such-folder", "there is no folder " + folder, "");
        }
    }
}
