package dev.jurat.app.cli;

import dev.jurat.app.http.DoorLimits;
import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.PersonKeys;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.app.keys.Undumpable;
import dev.jurat.app.node.Administrator;
import dev.jurat.app.node.NativeLibraries;
import dev.jurat.app.node.Node;
import dev.jurat.app.node.NodeConfig;
import dev.jurat.app.node.ShareChoice;
import dev.jurat.app.node.StartException;
import dev.jurat.app.node.WitnessChoice;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "up",
        description = "Starts a node: everything in one process, over one data folder. Ends with Ctrl-C.",
        footer = {
            "",
            "The first start makes keys and the log. With --operator, at a terminal, it names you as administrator; without, the node is",
            "unclaimed and only observes until somebody claims it (jurat operator enroll).",
            "Ends with Ctrl-C (exit status 130) or SIGTERM (143); the node has stopped in good order then, too."
        })
final class UpCommand extends Command {
    @Option(names = "--data", paramLabel = "DIR", description = "The data folder (default: data in Jurat's folder).")
    Optional<Path> data = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Loopback port for checkpoint and tiles (default: a free one).")
    int port;

    @Option(
            names = "--operator",
            paramLabel = "NAME",
            description = "First start only: the administrator whom genesis names.")
    Optional<String> operator = Optional.empty();

    @Option(
            names = {"--detach", "--background"},
            description = "Start it in the background, wait until it answers, and return.")
    boolean detach;

    @Option(
            names = "--witness-policy",
            paramLabel = "FILE",
            description = {
                "Whom to ask to cosign the log's checkpoints, and how many of them are enough: a tlog-policy file in which each witness has its",
                "address (docs/spec/log.md, 11). Kept for later starts."
            })
    Optional<Path> witnessPolicy = Optional.empty();

    @Option(
            names = "--witness-interval",
            paramLabel = "SECONDS",
            description = "How often they are asked, with --witness-policy (default: 10).")
    Optional<Long> witnessInterval = Optional.empty();

    @Option(names = "--no-witnesses", description = "Ask nobody from now on.")
    boolean noWitnesses;

    @Option(
            names = "--second-line",
            description = {
                "Sign the log's checkpoints a second time, with ML-DSA-44, from now on and at later starts. Its key is made in the data folder",
                "and kept with the others; jurat log trust then names it, and a verifier asks for it."
            })
    boolean secondLine;

    @Option(
            names = "--share",
            paramLabel = "DIR",
            description = {
                "A second door, DIR/node.sock, for other users of this machine: each as whom an administrator has bound it to (jurat agent bind",
                "--os-user), and for what their roles allow (docs/operate/access.md). They name it with --data DIR. Kept for later starts."
            })
    Optional<Path> share = Optional.empty();

    @Option(names = "--no-share", description = "No such door from now on.")
    boolean noShare;

    @Override
    Exit run(Screen screen) throws IOException, FormatException {
        Path folder = folder();
        Input.between("--port", port, 0, 65_535);
        WitnessChoice witnesses = witnesses();
        ShareChoice sharing = sharing();
        if (detach) {
            if (operator.isPresent()) {
                throw Failure.input(
                        "operator-in-background",
                        "--operator asks for a passphrase, and a node in the background has no terminal;"
                                + " start it without, then claim it",
                        "jurat up --background, then: jurat operator enroll --name " + Next.quoted(operator.get()));
            }
            requireUsable(folder);
            return new Background(screen, folder)
                    .start(
                            arguments(folder),
                            secondLine
                                    || !(witnesses instanceof WitnessChoice.Kept)
                                    || !(sharing instanceof ShareChoice.Kept));
        }
        NativeLibraries.clean(unpacked());
        NodeConfig config =
                new NodeConfig(folder, port, LedgerConfig.STANDARD, DoorLimits.USUAL, witnesses, secondLine, sharing);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Undumpable.make();
        try (Node node = started(config, administrator(config))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                await(stopped);
            }));
            tell(screen, node);
            return serve(screen, node, stop);
        } catch (StartException e) {
            throw new Failure(Exit.INPUT, e.code(), String.valueOf(e.getMessage()), "operator", e.next());
        } finally {
            stopped.countDown();
        }
    }

    /** The person's key signs genesis, and is not in the node after that. */
    private static Node started(NodeConfig config, Optional<Administrator> administrator)
            throws IOException, FormatException, StartException {
        try {
            return Node.start(config, administrator, fault -> fault.printStackTrace());
        } finally {
            administrator.ifPresent(person -> PersonKeys.wipe(person.key()));
        }
    }

    private WitnessChoice witnesses() throws IOException, FormatException {
        if (witnessPolicy.isPresent() ? noWitnesses : witnessInterval.isPresent()) {
            throw Failure.input(
                    "witness-choice",
                    "--witness-interval goes with --witness-policy, and --no-witnesses with neither",
                    "jurat up --help");
        }
        if (noWitnesses) {
            return new WitnessChoice.Nobody();
        }
        if (witnessPolicy.isEmpty()) {
            return new WitnessChoice.Kept();
        }
        long seconds = witnessInterval.orElse(WitnessConfig.INTERVAL_MILLIS / 1000);
        Input.between("--witness-interval", seconds, 1, WitnessConfig.INTERVAL_MILLIS_MAX / 1000);
        TlogPolicy policy = TlogPolicy.parse(Input.bytes(witnessPolicy.get(), TlogPolicy.BYTES_MAX));
        return new WitnessChoice.Given(WitnessConfig.of(policy, seconds * 1000));
    }

    private ShareChoice sharing() {
        if (share.isPresent() && noShare) {
            throw Failure.input("share-choice", "--share and --no-share exclude each other", "jurat up --help");
        }
        return noShare
                ? new ShareChoice.No()
                : share.<ShareChoice>map(ShareChoice.In::new).orElseGet(ShareChoice.Kept::new);
    }

    /** Looks at the folder as the node will, before anything is written into it. */
    private static void requireUsable(Path folder) {
        try {
            Node.makesGenesis(NodeConfig.of(folder));
        } catch (StartException e) {
            throw new Failure(Exit.INPUT, e.code(), String.valueOf(e.getMessage()), "operator", e.next());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Exit serve(Screen screen, Node node, CountDownLatch stop) {
        Optional<String> told = node.halted();
        try {
            while (!stop.await(500, TimeUnit.MILLISECONDS)) {
                Optional<String> now = node.halted();
                if (!now.equals(told)) {
                    told = now;
                    now.ifPresent(words -> halted(screen, words));
                }
                if (!node.running()) {
                    throw new Failure(
                            Exit.FAULT,
                            "ledger-stopped",
                            "the ledger stopped: a durable write has an unknown outcome",
                            "operator",
                            "look at the disk, then start again: jurat up");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.DONE;
    }

    /** A witness has contradicted a node that runs: whoever sees its output is told, once of each. */
    private static void halted(Screen screen, String words) {
        if (screen.json()) {
            screen.value(JsonBuilder.object().put("halted", words).build());
        } else {
            screen.line(screen.tone(Screen.Tone.BAD, Screen.clean(words)));
        }
    }

    private Path folder() {
        return data.map(d -> d.toAbsolutePath().normalize())
                .orElseGet(() -> home().folder().resolve("data"));
    }

    private List<String> arguments(Path folder) {
        List<String> out =
                new java.util.ArrayList<>(List.of("up", "--data", folder.toString(), "--port", Integer.toString(port)));
        witnessPolicy.ifPresent(file -> out.addAll(
                List.of("--witness-policy", file.toAbsolutePath().normalize().toString())));
        witnessInterval.ifPresent(seconds -> out.addAll(List.of("--witness-interval", Long.toString(seconds))));
        if (noWitnesses) {
            out.add("--no-witnesses");
        }
        share.ifPresent(shared -> out.addAll(
                List.of("--share", shared.toAbsolutePath().normalize().toString())));
        if (noShare) {
            out.add("--no-share");
        }
        if (secondLine) {
            out.add("--second-line");
        }
        out.addAll(List.of("--home", home().folder().toString(), "--json"));
        return out;
    }

    private Optional<Administrator> administrator(NodeConfig config)
            throws IOException, FormatException, StartException {
        if (operator.isEmpty() || !Node.makesGenesis(config)) {
            return Optional.empty();
        }
        String name = operator.get();
        JuratHome.makePrivate(home().folder());
        Operators operators = new Operators(home());
        Optional<SealedKey> known = Operators.nameAllowed(name) ? operators.find(name) : Optional.empty();
        SigningKey key;
        String principal;
        if (known.isPresent()) {
            Person person = Person.unlock(known.get());
            key = person.key();
            principal = person.principal();
        } else {
            if (!Operators.nameAllowed(name)) {
                throw Failure.input(
                        "name-syntax", "a name has letters, digits, dot, hyphen and underscore", "jurat up --help");
            }
            key = SoftwareKey.generate(RandomSource.secure());
            principal = OperatorCommands.NAMESPACE + "/"
                    + Base32.encode(RandomSource.secure().bytes(16));
            char[] passphrase = Terminal.newPassphrase();
            try {
                operators.save(SealedKey.seal(
                        name, principal, key, passphrase, PassphraseSeal.Cost.STANDARD, RandomSource.secure()));
            } finally {
                Arrays.fill(passphrase, ' ');
            }
        }
        Registered registered = new Registered(
                principal,
                SignerType.HUMAN,
                List.of(Role.ADMINISTRATOR, Role.APPROVER),
                key.verifyKey().text());
        return Optional.of(new Administrator(registered, key));
    }

    private static void tell(Screen screen, Node node) {
        NodeConfig config = node.config();
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("claimed", node.claimed())
                    .put("data", config.data().toString())
                    .put("guarded", node.guarded())
                    .put("halted", node.halted().map(Json.Str::new))
                    .put("head-whole", node.headWhole())
                    .put("process", ProcessHandle.current().pid())
                    .put("shared", node.shared().map(folder -> new Json.Str(folder.toString())))
                    .put("socket", config.socket().toString())
                    .put("tiles", node.tilesUrl())
                    .build());
            return;
        }
        screen.line("Jurat is up.");
        screen.line("  data    " + config.data());
        screen.line("  writes  " + config.socket() + "  (this user only)");
        node.shared()
                .ifPresent(folder -> screen.line("  shared  " + folder + "/node.sock  (users bound to principals)"));
        screen.line("  tiles   " + node.tilesUrl() + "/checkpoint  (this machine, read-only)");
        node.secondLine()
                .ifPresent(key ->
                        screen.line("  signs   checkpoints a second time, with ML-DSA-44, as " + Screen.clean(key)));
        node.witnessed().ifPresent(words -> screen.line("  asks    witnesses: " + Screen.clean(words)));
        node.halted().ifPresent(words -> screen.line(screen.tone(Screen.Tone.BAD, "  " + Screen.clean(words))));
        if (!node.guarded()) {
            screen.line(screen.tone(Screen.Tone.WARN, "  " + Node.UNGUARDED));
        }
        if (!node.headWhole()) {
            screen.line(screen.tone(Screen.Tone.WARN, "  " + Node.HALF_GUARDED));
        }
        if (!node.claimed()) {
            screen.line(screen.tone(
                    Screen.Tone.WARN,
                    "  Nobody has claimed this node: it only observes, and any process of this user could claim it."));
            screen.next("jurat operator enroll --name YOU");
        }
    }
}
