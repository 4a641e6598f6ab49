package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.app.node.Maintenance;
import dev.jurat.app.node.StartException;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "log",
        description = "The log itself.",
        subcommands = {
            LogCommands.Trust.class,
            LogCommands.ListNewest.class,
            LogCommands.Show.class,
            LogCommands.Reindex.class,
            LogProveCommand.class,
            LogAuditCommand.class,
            LogRegistryCommand.class,
            LogEraseCommand.class,
            LogHoldCommand.class,
            LogBackupCommand.class,
            LogRestoreCommand.class,
            LogSucceedCommand.class
        })
final class LogCommands extends Noun {
    @Command(
            name = "trust",
            description =
                    "The trust policy of this log: what a verifier needs beside a bundle. Give it to people by a way they trust.")
    static final class Trust extends NodeCommand {
        @Option(names = "--out", paramLabel = "FILE", description = "The file to write (default: the screen).")
        Optional<Path> out = Optional.empty();

        @Option(names = "--force", description = "Write over a file that is there already.")
        boolean force;

        @Option(
                names = "--witness-policy",
                paramLabel = "FILE",
                description =
                        "A tlog-policy file: whose cosignatures a verifier is to ask for, and how many are enough.")
        Optional<Path> witnessPolicy = Optional.empty();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            out.ifPresent(file -> Input.free(file, force));
            Entry genesis = Waiting.fetch(node, node.head().genesis());
            if (!(genesis.record().statement().facts() instanceof LedgerFacts.Genesis facts)) {
                throw Failure.no("node-lies", "what the node calls its genesis is none", "jurat doctor");
            }
            NoteVerifier log =
                    NoteVerifier.log(facts.origin(), VerifyKey.parse(Suite.ED25519_2026, facts.checkpointKey()));
            Optional<SecondLineKey> second = second(node, log);
            byte[] bytes =
                    new TrustPolicy(log, second, Optional.of(genesis.record().id()), witnesses(log)).bytes();
            if (out.isEmpty()) {
                screen.line(new String(bytes, StandardCharsets.UTF_8));
                return Exit.DONE;
            }
            PrivateFiles.write(out.get(), bytes);
            if (screen.json()) {
                screen.value(CanonicalJson.read(bytes));
            } else {
                screen.line(out.get() + " trusts the log " + facts.origin()
                        + (witnessPolicy.isPresent()
                                ? ", as far as the quorum of that policy has cosigned it."
                                : ", and that alone: its operator could have rewritten it."));
                screen.next("jurat bundle export --all --out all.jurat");
            }
            return Exit.DONE;
        }

        private static Optional<SecondLineKey> second(JuratClient node, NoteVerifier log)
                throws NodeException, FormatException {
            String vkey = View.text(node.get("/v1/log"), "second");
            if (vkey.isEmpty()) {
                return Optional.empty();
            }
            SecondLineKey second = SecondLineKey.parse(vkey);
            if (!second.name().equals(log.name())) {
                throw Failure.no(
                        "node-lies", "what the node calls the key of its second line is another log's", "jurat doctor");
            }
            return Optional.of(second);
        }

        private Optional<TrustPolicy.Witnesses> witnesses(NoteVerifier log) throws IOException, FormatException {
            if (witnessPolicy.isEmpty()) {
                return Optional.empty();
            }
            TlogPolicy policy = TlogPolicy.parse(Input.bytes(witnessPolicy.get(), TlogPolicy.BYTES_MAX));
            if (policy.quorum().equals(TlogPolicy.NONE) || !policy.accepts(log)) {
                throw Failure.input(
                        "trust-witnesses",
                        "the policy asks for nobody, or lists logs of which this is none: " + log.text(),
                        "name a quorum in it, or list this log");
            }
            // A reader asks nobody, so that addresses may be left out; what a node would refuse is refused here, too.
            WitnessConfig.requireAddresses(policy.witnesses().stream()
                    .filter(witness -> witness.url().isPresent())
                    .toList());
            return Optional.of(new TrustPolicy.Witnesses.ByPolicy(policy));
        }
    }

    @Command(name = "list", description = "The newest leaves of the log, the newest first.")
    static final class ListNewest extends NodeCommand {
        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many, up to 500 (default: ${DEFAULT-VALUE}).")
        int limit = 20;

        @Option(
                names = "--before",
                paramLabel = "INDEX|TIME",
                description = "Only leaves before this one, or those that came before this time by the log's clock.")
        Optional<LeafOrTime> before = Optional.empty();

        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException {
            Input.between("--limit", limit, 1, 500);
            String from = before.map(LeafOrTime::before).orElse("");
            Json.Obj answer = node.get("/v1/leaves?limit=" + limit + from);
            if (screen.json()) {
                screen.value(answer);
                return Exit.DONE;
            }
            screen.table(
                    List.of("INDEX", "KIND", "STREAM", "ID", "WHAT"),
                    View.list(answer, "leaves").stream()
                            .map(leaf -> List.of(
                                    View.text(leaf, "index"),
                                    View.text(leaf, "kind"),
                                    View.text(leaf, "principal") + "/" + View.text(leaf, "session") + " "
                                            + View.text(leaf, "sequence"),
                                    View.brief(View.text(leaf, "id")),
                                    View.text(leaf, "summary")))
                            .toList());
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "The log's head with its checkpoint; or one leaf.")
    static final class Show extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "INDEX", description = "A leaf, as in: jurat log list.")
        Optional<Long> index = Optional.empty();

        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException, FormatException {
            index.ifPresent(leaf -> Input.between("INDEX", leaf, 0, Long.MAX_VALUE));
            Json.Obj answer = node.get(index.isPresent() ? "/v1/leaves/" + index.get() : "/v1/log");
            if (screen.json()) {
                screen.value(answer);
            } else if (index.isPresent()) {
                ShowCommand.lines(screen, answer);
            } else {
                View.lines(
                        screen, answer.without("checkpoint").without("second").without("witnessed-checkpoint"), "");
                note(screen, answer, "checkpoint");
                note(screen, answer, "witnessed-checkpoint");
            }
            return Exit.DONE;
        }
    }

    private static void note(Screen screen, Json.Obj answer, String name) {
        String note = View.text(answer, name);
        if (!note.isEmpty()) {
            screen.line(name);
            note.lines().forEach(line -> screen.line("  " + Screen.clean(line)));
        }
    }

    @Command(
            name = "reindex",
            description = {
                "Makes the index anew from entries and bodies. The node must be down.",
                "Stopped on the way, it goes on where it was: by itself when the node starts, or by this command."
            })
    static final class Reindex extends dev.jurat.app.cli.Command {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data folder (default: data in Jurat's folder).")
        Optional<Path> data = Optional.empty();

        @Option(names = "--afresh", description = "Begin at the first record, although an earlier run did not end.")
        boolean afresh;

        @Override
        Exit run(Screen screen) throws IOException {
            Path folder = data.map(d -> d.toAbsolutePath().normalize())
                    .orElseGet(() -> home().folder().resolve("data"));
            try {
                screen.progress("reading the log…");
                Pace pace = new Pace(screen);
                long size = Maintenance.reindex(folder, afresh, pace::at);
                screen.progress("");
                if (screen.json()) {
                    screen.value(JsonBuilder.object().put("indexed", size).build());
                } else {
                    screen.line("Indexed " + size + " records.");
                }
                return Exit.DONE;
            } catch (StartException e) {
                throw new Failure(Exit.INPUT, e.code(), String.valueOf(e.getMessage()), "operator", e.next());
            }
        }
    }
}
