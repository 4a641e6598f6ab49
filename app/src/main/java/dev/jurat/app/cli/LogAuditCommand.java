package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditMark;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.audit.SuspectKey;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "audit",
        description = {
            "Derives the whole log again from what anybody can read: every signature, every stream, every rule, every tile, the root.",
            "Names each defect and goes on."
        },
        footer = {
            "",
            "Of a data folder it reads bodies and artefacts too; of an address, checkpoint, entries and tiles alone.",
            "Under a trust policy that asks for witnesses it reads the log as far as they have cosigned it.",
            "Exit status: 0 clean, 1 any defect, 2 nothing that could be audited.",
            "With --follow it runs until it is ended. What was read is kept in memory: it reads a leaf again only to count what rests on",
            "a key that was reported."
        })
final class LogAuditCommand extends dev.jurat.app.cli.Command {
    /** So many leaves are read between two marks. */
    private static final long MARK_EACH = 65_536;
    /** So many defects are told one by one. */
    private static final long TOLD_MAX = 1000;

    @Parameters(
            arity = "0..1",
            paramLabel = "URL|DATA-FOLDER",
            description = "A log that is served (http://…), or a data folder or a copy of one (default: data in Jurat's"
                    + " folder). Of a folder whose node runs, what that node serves is read, and where it does"
                    + " not answer, what it has written.")
    Optional<String> log = Optional.empty();

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Whose log it has to be (jurat log trust); without it, the one that its first leaf names.")
    Optional<Path> trust = Optional.empty();

    @Option(
            names = "--mark",
            paramLabel = "FILE",
            description =
                    "Where an audit keeps how far all was clean, for the next one to go on from: it checks no signature below again, and"
                            + " notices what has changed there. Keep it where the log's operator cannot write.")
    Optional<Path> mark = Optional.empty();

    @Option(
            names = "--single",
            description = "Check each signature by itself, and not in batches: slower, and the same verdict.")
    boolean single;

    @Option(
            names = "--follow",
            description =
                    "Go on with what comes, from where the log is served, and tell of each defect at once, until ended.")
    boolean follow;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "With --follow: how long between two looks, 1 to 3600 (default 1).")
    Optional<Integer> every = Optional.empty();

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Where to keep figures in Prometheus's text format, such as jurat_audit_defects.")
    Optional<Path> metrics = Optional.empty();

    @Option(
            names = "--predecessor",
            paramLabel = "URL|DATA-FOLDER",
            description =
                    "The log whose place this one has taken: checked as far as it is cited, and what it has behind that is counted.")
    Optional<String> predecessor = Optional.empty();

    private long told;
    private Optional<OldLogLook> before = Optional.empty();
    private boolean introduced;
    /** Those that were told, by key. */
    private final Map<String, Long> boundaries = new HashMap<>();

    /** When the log answered last. */
    private long answered;

    @Override
    Exit run(Screen screen) throws IOException, FormatException {
        checkOptions();
        Optional<TrustPolicy> trusted = Optional.empty();
        if (trust.isPresent()) {
            trusted = Optional.of(TrustPolicy.read(Input.bytes(trust.get(), TrustPolicy.BYTES_MAX)));
        }
        Optional<AuditMark> from = Optional.empty();
        if (mark.isPresent()) {
            Input.writable(mark.get());
            if (Files.exists(mark.get())) {
                from = Optional.of(AuditMark.read(Input.bytes(mark.get(), AuditMark.BYTES_MAX)));
            }
        }
        String typed = log.orElseGet(() -> home().folder().resolve("data").toString());
        NamedLog named = new NamedLog(screen, trusted);
        Optional<TrustPolicy> under = trusted;
        Optional<AuditMark> since = from;
        NamedLog.Reader reader = (source, where) -> audit(screen, source, where, under, since);
        return follow ? named.follow(typed, reader) : named.read(typed, reader);
    }

    private void checkOptions() {
        if (every.isPresent() && (!follow || every.get() < 1 || every.get() > 3600)) {
            throw Failure.input(
                    "option-range", "--every stands with --follow, and is 1 to 3600 seconds", "jurat log audit --help");
        }
        if (follow && predecessor.isPresent()) {
            throw Failure.input("option-range", "--predecessor does not stand with --follow", "jurat log audit --help");
        }
        metrics.ifPresent(Input::writable);
    }

    private Exit audit(
            Screen screen, LogSource source, String where, Optional<TrustPolicy> trusted, Optional<AuditMark> from)
            throws IOException, FormatException {
        unpack();
        LogAudit audit = new LogAudit(
                source,
                trusted,
                from,
                LedgerPorts.standard().signatures().checker(),
                single ? Optional.empty() : Optional.of(RandomSource.secure()),
                defect -> told(screen, defect));
        AuditProgress progress = new AuditProgress(System::nanoTime);
        AuditReport report = audit.run((read, size) -> {
            progress.after(read, size).ifPresent(screen::progress);
            if (read % MARK_EACH == 0) {
                keep(audit.reached());
            }
        });
        screen.progress("");
        before = before(screen, report, trusted);
        tell(screen, report, where);
        if (!follow) {
            boolean sound = before.flatMap(OldLogLook::defect).isEmpty();
            return report.clean() && sound ? Exit.DONE : Exit.NO;
        }
        new AuditWatch(audit, Duration.ofSeconds(every.orElse(1)), report)
                .run((next, news) -> found(screen, next, where, news), (last, why) -> away(screen, last, why));
        return Exit.NO;
    }

    private Optional<OldLogLook> before(Screen screen, AuditReport report, Optional<TrustPolicy> trusted)
            throws IOException, FormatException {
        if (predecessor.isEmpty()) {
            return report.predecessor().map(OldLogLook::citedOnly);
        }
        if (report.predecessor().isEmpty()) {
            throw Failure.no(
                    "predecessor-missing",
                    "this log says of no other that it takes its place, or what it cites of it is not given here or not sound",
                    "audit the new log's data folder, and without --predecessor first");
        }
        return Optional.of(
                OldLogLook.at(screen, predecessor.get(), report.predecessor().get(), trusted));
    }

    private void found(Screen screen, AuditReport report, String where, boolean news) throws IOException {
        if (news) {
            tell(screen, report, where);
        } else {
            measured(report, true);
        }
    }

    private void tell(Screen screen, AuditReport report, String where) throws IOException {
        keep(report.mark());
        measured(report, true);
        if (screen.json()) {
            screen.value(json(report, where));
        } else if (!follow || !introduced) {
            print(screen, report, where);
            before.ifPresent(look -> look.print(screen));
            verdict(screen, report, before.flatMap(OldLogLook::defect).isEmpty());
        } else {
            suspects(screen, report);
        }
        introduced = true;
    }

    private void away(Screen screen, AuditReport last, IOException why) throws IOException {
        measured(last, false);
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("code", "log-unreadable")
                    .put("text", Input.why(why))
                    .build());
        } else {
            screen.line(screen.tone(Screen.Tone.WARN, "log-unreadable") + "  " + Screen.clean(Input.why(why))
                    + "; it is asked again");
        }
    }

    private void measured(AuditReport report, boolean reachable) throws IOException {
        if (reachable) {
            answered = System.currentTimeMillis() / 1000;
        }
        if (metrics.isPresent()) {
            new AuditMetrics(report, reachable, answered).write(metrics.get());
        }
    }

    private void keep(Optional<AuditMark> reached) throws IOException {
        if (mark.isPresent() && reached.isPresent()) {
            PrivateFiles.write(mark.get(), reached.get().bytes());
        }
    }

    private void told(Screen screen, Defect defect) {
        told++;
        if (!screen.json() && told <= TOLD_MAX) {
            screen.progress("");
            screen.line(screen.tone(Screen.Tone.BAD, defect.code()) + "  " + Screen.clean(defect.where()) + ": "
                    + Screen.clean(defect.text()));
        }
    }

    private void print(Screen screen, AuditReport report, String where) {
        screen.line(String.format(
                "%s: %,d leaves of the log %s", Screen.clean(where), report.size(), Screen.clean(report.origin())));
        screen.line("  root      " + Base64Text.encode(report.root().bytes()));
        String from =
                report.checkedFrom() > 0 ? String.format(", signatures from leaf %,d on", report.checkedFrom()) : "";
        screen.line(String.format("  judged    %,d leaves%s", report.leaves(), from));
        screen.line(String.format(
                "  bodies    %,d held against their statements, %,d not here (erased, or not given)",
                report.bodies(), report.bodiesGone()));
        screen.line("  whose     "
                + (report.anchored()
                        ? "the log of the trust policy; witnesses that signed: " + report.cosigners()
                        : "by its own first leaf alone; --trust FILE says whose it has to be"));
        if (report.secondLine()) {
            screen.line("  second    the checkpoint has the log's second line, and it is good");
        }
        suspects(screen, report);
    }

    /** Of each reported key once, and again where its boundary has moved: what comes behind its report does not flood the screen. */
    private void suspects(Screen screen, AuditReport report) {
        for (SuspectKey key : report.suspects()) {
            Long before = boundaries.put(key.key(), key.since());
            if (!Objects.equals(before, key.since())) {
                screen.line(screen.tone(Screen.Tone.WARN, suspect(key)));
            }
        }
    }

    private static String suspect(SuspectKey key) {
        return String.format(
                "  suspect   %,d record%s of %s from leaf %,d on, under a key that was reported: %s",
                key.records(), key.records() == 1 ? "" : "s", key.principal(), key.since(), key.key());
    }

    private static Json successions(AuditReport report) {
        JsonBuilder counts = JsonBuilder.object();
        for (SignerType type : SignerType.values()) {
            counts.put(type.wire(), report.successions().getOrDefault(type, 0L));
        }
        return counts.build();
    }

    private static Json json(SuspectKey key) {
        return JsonBuilder.object()
                .put("key", key.key())
                .put("principal", key.principal())
                .put("records", key.records())
                .put("since", key.since())
                .build();
    }

    private static void verdict(Screen screen, AuditReport report, boolean old) {
        if (report.clean() && !old) {
            screen.line(screen.tone(
                    Screen.Tone.BAD, "No defect in this log, but what it cites is not what the old log shows."));
        } else if (report.clean()) {
            screen.line(screen.tone(Screen.Tone.GOOD, "No defect."));
        } else {
            screen.line(screen.tone(
                    Screen.Tone.BAD,
                    String.format("%,d defect%s.", report.defectCount(), report.defectCount() == 1 ? "" : "s")));
            screen.next(
                    "do not rely on it; keep a copy of this folder or of what was served, and ask the log's operator");
        }
    }

    private Json.Obj json(AuditReport report, String where) {
        return JsonBuilder.object()
                .put("anchored", Json.of(report.anchored()))
                .put("bodies", report.bodies())
                .put("bodies_gone", report.bodiesGone())
                .put("checked_from", report.checkedFrom())
                .put("clean", Json.of(report.clean()))
                .put("cosigners", report.cosigners())
                .put("defect_count", report.defectCount())
                .put(
                        "defects",
                        new Json.Arr(report.defects().stream()
                                .<Json>map(LogAuditCommand::json)
                                .toList()))
                .put("genesis", report.genesis().map(RecordId::hex).map(Json::of))
                .put("leaves", report.leaves())
                .put("log", where)
                .put("origin", report.origin())
                .put("predecessor", before.map(OldLogLook::toJson))
                .put("root", Base64Text.encode(report.root().bytes()))
                .put("second_line", Json.of(report.secondLine()))
                .put("size", report.size())
                .put("successions", successions(report))
                .put(
                        "suspects",
                        new Json.Arr(report.suspects().stream()
                                .<Json>map(LogAuditCommand::json)
                                .toList()))
                .build();
    }

    static Json json(Defect defect) {
        return JsonBuilder.object()
                .put("code", defect.code())
                .put("text", defect.text())
                .put("where", defect.where())
                .build();
    }
}
