package dev.jurat.app.cli;

import dev.jurat.app.node.RegistryView;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "registry",
        description =
                "Who there was at one place of the log, with which keys, roles and standing: derived again from its leaves alone.",
        footer = {
            "",
            "The whole log is audited for it, so that what is shown is what the rules make of it, and not what a node says. Names stand in bodies and are not shown.",
            "Exit status: 0 clean, 1 any defect in the log, 2 nothing that could be read."
        })
final class LogRegistryCommand extends dev.jurat.app.cli.Command {
    @Parameters(
            arity = "0..1",
            paramLabel = "URL|DATA-FOLDER",
            description = "As of: jurat log audit (default: data in Jurat's folder).")
    Optional<String> log = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "LEAF",
            description = "As it was right behind this leaf (default: the newest one that the checkpoint covers).")
    Optional<Long> at = Optional.empty();

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Whose log it has to be (jurat log trust); without it, the one that its first leaf names.")
    Optional<Path> trust = Optional.empty();

    @Override
    Exit run(Screen screen) throws IOException, FormatException {
        Optional<TrustPolicy> trusted = Optional.empty();
        if (trust.isPresent()) {
            trusted = Optional.of(TrustPolicy.read(Input.bytes(trust.get(), TrustPolicy.BYTES_MAX)));
        }
        Optional<TrustPolicy> under = trusted;
        String typed = log.orElseGet(() -> home().folder().resolve("data").toString());
        return new NamedLog(screen, trusted).read(typed, (source, where) -> show(screen, source, under));
    }

    private Exit show(Screen screen, LogSource source, Optional<TrustPolicy> trusted)
            throws IOException, FormatException {
        unpack();
        long newest = Checkpoint.parse(
                                source.checkpoint(trusted.map(TrustPolicy::log)).text())
                        .size()
                        .value()
                - 1;
        long leaf = at.isPresent() ? Input.between("--at", at.get(), 0, Math.max(0, newest)) : newest;
        List<Json> principals = new ArrayList<>();
        AuditProgress progress = new AuditProgress(System::nanoTime);
        AuditReport report = new LogAudit(
                        source,
                        trusted,
                        Optional.empty(),
                        LedgerPorts.standard().signatures().checker(),
                        Optional.of(RandomSource.secure()),
                        defect -> {})
                .asking(new LeafIndex(Math.max(0, leaf)), state -> principals.addAll(RegistryView.of(state)))
                .run((read, size) -> progress.after(read, size).ifPresent(screen::progress));
        screen.progress("");
        if (screen.json()) {
            screen.value(json(report, leaf, principals));
        } else {
            print(screen, report, leaf, principals);
        }
        return report.clean() ? Exit.DONE : Exit.NO;
    }

    private static Json json(AuditReport report, long leaf, List<Json> principals) {
        return JsonBuilder.object()
                .put("anchored", Json.of(report.anchored()))
                .put("at", leaf)
                .put("clean", Json.of(report.clean()))
                .put("defect_count", report.defectCount())
                .put("origin", report.origin())
                .put("principals", new Json.Arr(principals))
                .put("size", report.size())
                .build();
    }

    private static void print(Screen screen, AuditReport report, long leaf, List<Json> principals) {
        screen.line(String.format(
                "Behind leaf %,d of %,d of the log %s:", leaf, report.size(), Screen.clean(report.origin())));
        screen.table(
                List.of("PRINCIPAL", "CLASS", "ROLES", "KEYS", "ENVIRONMENT", "STATE"),
                principals.stream()
                        .map(p -> List.of(
                                View.text(p, "principal"),
                                View.text(p, "class"),
                                View.text(p, "roles"),
                                "" + View.list(p, "keys").size(),
                                View.text(p, "environment"),
                                View.text(p, "state")))
                        .toList());
        if (!report.clean()) {
            screen.line(screen.tone(
                    Screen.Tone.BAD,
                    String.format("%,d defects in this log: what is shown may be made up.", report.defectCount())));
            screen.next("jurat log audit");
        }
    }
}
