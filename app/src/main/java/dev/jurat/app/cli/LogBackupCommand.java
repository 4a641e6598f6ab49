package dev.jurat.app.cli;

import dev.jurat.app.node.BackupFolders;
import dev.jurat.app.node.Maintenance;
import dev.jurat.app.node.StartException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        description = {
            "Copies the log, while its node runs or is down; again into the same folder, only what is new.",
            "Without the keys of its bodies, which go elsewhere, nobody reads a body from it, and what is erased stays erased."
        },
        footer = {"", "The node's own keys are not in it: keep a copy of the folder keys of its data, once, apart."})
final class LogBackupCommand extends dev.jurat.app.cli.Command {
    private static final Duration TIMEOUT = Duration.ofHours(2);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The node's data folder (default: data in Jurat's folder).")
    Optional<Path> data = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Where the log goes: leaves, encrypted bodies, policies and profiles.")
    Optional<Path> to = Optional.empty();

    @Option(
            names = "--slots-to",
            paramLabel = "DIR",
            description =
                    "Where the keys of bodies go, in a new folder each time. On another disk, where you can destroy them.")
    Optional<Path> slotsTo = Optional.empty();

    @Option(
            names = "--slots-days",
            paramLabel = "N",
            description =
                    "How long those may be kept: what is erased can be read with them until then (default: ${DEFAULT-VALUE}).")
    int days = BackupFolders.DAYS_USUAL;

    @Option(
            names = "--expire",
            paramLabel = "DIR",
            description = "Destroys the keys in this folder whose time is over.")
    Optional<Path> expire = Optional.empty();

    @Override
    Exit run(Screen screen) throws IOException, NodeException {
        Input.between("--slots-days", days, 1, BackupFolders.DAYS_MAX);
        if (to.isPresent() == expire.isPresent()) {
            throw Failure.input("nothing-meant", "say --to or --expire, one of them", "");
        }
        return to.isPresent() ? backup(screen, absolute(to.get())) : expire(screen, absolute(expire.get()));
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private Exit backup(Screen screen, Path folder) throws IOException, NodeException {
        Path node = data.map(LogBackupCommand::absolute)
                .orElseGet(() -> home().folder().resolve("data"));
        screen.progress("copying the log…");
        Json.Obj made = made(node, folder);
        screen.progress("");
        if (screen.json()) {
            screen.value(made);
            return Exit.DONE;
        }
        screen.line("Copied: " + View.text(made, "size") + " records to " + Screen.clean(folder.toString()));
        if (slotsTo.isPresent()) {
            screen.line("Keys of their bodies: " + Screen.clean(View.text(made, "slots")) + ", to be destroyed at "
                    + View.text(made, "not-after"));
            screen.next("jurat log backup --expire " + Next.quoted(slotsTo.get().toString()));
        } else {
            screen.line("Without keys: nobody reads a body from it, you neither. --slots-to DIR copies them too.");
        }
        return Exit.DONE;
    }

    private Json.Obj made(Path node, Path folder) throws IOException, NodeException {
        Optional<Path> slots = slotsTo.map(LogBackupCommand::absolute);
        JsonBuilder request = JsonBuilder.object().put("days", days).put("to", folder.toString());
        slots.ifPresent(path -> request.put("slots", path.toString()));
        try (JuratClient client = new JuratClient(node.resolve("node.sock"), NodeCommand.TIMEOUT)) {
            return client.post("/v1/backup", request.build(), TIMEOUT);
        } catch (NodeException e) {
            if (e.status() != 0) {
                throw e;
            }
        }
        try {
            unpack();
            return BackupFolders.view(Maintenance.backup(node, folder, slots, days));
        } catch (StartException e) {
            throw new Failure(Exit.INPUT, e.code(), String.valueOf(e.getMessage()), "operator", e.next());
        }
    }

    private static Exit expire(Screen screen, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw Failure.input("no-such-folder", "there is no folder " + folder, "");
        }
        List<String> destroyed = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (BackupFolders.Keys keys : BackupFolders.keys(folder)) {
            if (keys.isOver(Instant.now())) {
                BackupFolders.destroy(keys);
                destroyed.add(keys.folder().toString());
            } else {
                (keys.notAfter().isPresent() ? kept : unreadable)
                        .add(keys.folder().toString());
            }
        }
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .strings("destroyed", destroyed)
                    .strings("kept", kept)
                    .strings("unreadable", unreadable)
                    .build());
        } else {
            destroyed.forEach(path -> screen.line("Destroyed: " + Screen.clean(path)));
            kept.forEach(path -> screen.line("Kept: " + Screen.clean(path)));
            unreadable.forEach(path -> screen.line(screen.tone(
                    Screen.Tone.BAD, "Its time cannot be read, look at it yourself: " + Screen.clean(path))));
        }
        return unreadable.isEmpty() ? Exit.DONE : Exit.NO;
    }
}
