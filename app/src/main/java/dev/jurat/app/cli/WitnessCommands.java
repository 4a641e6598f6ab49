package dev.jurat.app.cli;

import dev.jurat.app.http.Door;
import dev.jurat.app.http.DoorLimits;
import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.app.keys.Undumpable;
import dev.jurat.app.witness.Witness;
import dev.jurat.app.witness.WitnessApi;
import dev.jurat.app.witness.WitnessLogs;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.KeyFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "witness",
        description = "Cosigns the checkpoints of logs, its own operator's or others'.",
        subcommands = WitnessCommands.Serve.class)
final class WitnessCommands extends Noun {
    private static final String KEY = "key.json";
    private static final String NAME = "name";
    private static final String LOCK = "lock";

    @Command(
            name = "serve",
            description = {
                "Serves a witness (C2SP tlog-witness) on a loopback port: cosigns each checkpoint that extends the one before, and no other.",
                "Ends with Ctrl-C."
            },
            footer = {
                "",
                "The first start makes the witness's key in its folder and prints its vkey, which readers put into their trust policies. The name",
                "stays for ever. The folder is not to be copied back from a backup: the witness would sign what it has signed against."
            })
    static final class Serve extends dev.jurat.app.cli.Command {
        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "The witness's folder (default: witness in Jurat's folder).")
        Optional<Path> dir = Optional.empty();

        @Option(
                names = "--name",
                paramLabel = "NAME",
                required = true,
                description = "The name that it signs under, such as witness.example/w1.")
        String name = "";

        @Option(
                names = "--logs",
                paramLabel = "FILE",
                required = true,
                description =
                        "The logs that it cosigns: a line \"log VKEY\" for each (jurat log trust --json names ours).")
        Path logs = Path.of("");

        @Option(names = "--port", paramLabel = "N", description = "The loopback port (default: a free one).")
        int port;

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            Input.between("--port", port, 0, 65_535);
            WitnessLogs known = WitnessLogs.read(Input.bytes(logs, WitnessLogs.BYTES_MAX));
            Path folder = dir.map(d -> d.toAbsolutePath().normalize())
                    .orElseGet(() -> home().folder().resolve("witness"));
            PrivateFiles.folder(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock == null) {
                    throw Failure.input(
                            "witness-in-use",
                            "another witness has the folder " + folder,
                            "end that one, or name another folder with --dir");
                }
                return serve(screen, folder, cosigner(folder), known);
            }
        }

        /** The key and its name, which belong together for ever: a cosignature does not bind the name. */
        private NoteSigner cosigner(Path folder) throws IOException, FormatException {
            Path kept = folder.resolve(NAME);
            if (Files.exists(kept)) {
                String before = Files.readString(kept);
                if (!before.equals(name)) {
                    throw Failure.input(
                            "witness-name",
                            "the witness of " + folder + " is " + before
                                    + ", and its key is not to sign under two names",
                            "name it so, or another folder with --dir");
                }
            }
            Undumpable.make();
            KeyFile key = KeyFile.open(folder.resolve(KEY), "witness", SignerType.SERVICE, RandomSource.secure());
            NoteSigner cosigner;
            try {
                cosigner = NoteSigner.cosigner(name, key.key());
            } catch (IllegalArgumentException e) {
                throw Failure.input(
                        "witness-name", "a witness's name has no space and no plus sign", "--name witness.example/w1");
            }
            PrivateFiles.write(kept, name.getBytes(StandardCharsets.UTF_8));
            return cosigner;
        }

        private Exit serve(Screen screen, Path folder, NoteSigner cosigner, WitnessLogs known)
                throws IOException, FormatException {
            Path states = folder.resolve("logs");
            PrivateFiles.folder(states);
            Witness witness = Witness.open(states, cosigner, known, () -> System.currentTimeMillis() / 1000);
            CountDownLatch stop = new CountDownLatch(1);
            CountDownLatch stopped = new CountDownLatch(1);
            try (Door door = Door.loopback(
                    port, new WitnessApi(witness).router(), DoorLimits.USUAL, fault -> fault.printStackTrace())) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    stop.countDown();
                    await(stopped, 10);
                }));
                tell(
                        screen,
                        "http://127.0.0.1:" + door.port(),
                        cosigner.verifier().text(),
                        known);
                await(stop, Long.MAX_VALUE);
                return Exit.DONE;
            } finally {
                stopped.countDown();
            }
        }

        private static void await(CountDownLatch latch, long seconds) {
            try {
                latch.await(seconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void tell(Screen screen, String url, String vkey, WitnessLogs known) {
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .strings("logs", List.copyOf(known.byOrigin().keySet()))
                        .put("process", ProcessHandle.current().pid())
                        .put("url", url)
                        .put("vkey", vkey)
                        .build());
                return;
            }
            screen.line("The witness is up.");
            screen.line("  url     " + url + "/add-checkpoint  (this machine)");
            screen.line("  vkey    " + vkey);
            screen.line("  policy  witness w1 " + vkey + " " + url + "  (a line for: jurat up --witness-policy)");
            known.byOrigin().keySet().forEach(origin -> screen.line("  log     " + Screen.clean(origin)));
        }
    }
}
