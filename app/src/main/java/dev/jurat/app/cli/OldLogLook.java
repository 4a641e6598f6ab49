package dev.jurat.app.cli;

import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.PredecessorAudit;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.PredecessorFinding;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an audit tells of the log before the audited one: what that cites of it, and, where the old log was given, whether it is so.
 *
 * @param found of the old log, where it was given and all is so
 * @param defect of it, where something is not
 */
record OldLogLook(PredecessorFinding finding, Optional<PredecessorAudit.Found> found, Optional<Defect> defect) {
    /** What is cited alone. */
    static OldLogLook citedOnly(PredecessorFinding finding) {
        return new OldLogLook(finding, Optional.empty(), Optional.empty());
    }

    /** The same, held against the old log that was typed. */
    static OldLogLook at(Screen screen, String typed, PredecessorFinding finding, Optional<TrustPolicy> trust)
            throws IOException, FormatException {
        List<OldLogLook> made = new ArrayList<>();
        // The whole old log is looked at, witnessed or not: what is behind the cited size is to be counted.
        new NamedLog(screen, Optional.empty()).read(typed, (source, where) -> {
            made.add(held(screen, new PredecessorAudit(finding.predecessor(), source), where, finding, trust));
            return Exit.DONE;
        });
        return made.getFirst();
    }

    private static OldLogLook held(
            Screen screen,
            PredecessorAudit audit,
            String where,
            PredecessorFinding finding,
            Optional<TrustPolicy> trust)
            throws IOException {
        try {
            PredecessorAudit.Found found = audit.run(
                    trust.flatMap(TrustPolicy::witnesses),
                    LedgerPorts.standard().signatures().checker(),
                    RandomSource.secure(),
                    new Pace(screen)::at);
            return new OldLogLook(finding.held(), Optional.of(found), Optional.empty());
        } catch (FormatException e) {
            return new OldLogLook(
                    finding,
                    Optional.empty(),
                    Optional.of(new Defect(e.code(), where, String.valueOf(e.getMessage()))));
        } finally {
            screen.progress("");
        }
    }

    void print(Screen screen) {
        screen.line("  before    " + Screen.clean(finding.text()));
        defect.ifPresent(d ->
                screen.line(screen.tone(Screen.Tone.BAD, d.code()) + "  " + Screen.clean(d.where() + ": " + d.text())));
        found.ifPresent(old -> {
            screen.line("  old log   the cited checkpoint is one of it, and its administrators signed");
            if (!old.behind().isEmpty()) {
                screen.line(screen.tone(
                        Screen.Tone.WARN,
                        "  after-successor: behind the cited size it has records that this log does not cover: "
                                + behind(old)));
            }
        });
    }

    private static String behind(PredecessorAudit.Found old) {
        return String.join(
                ", ",
                old.behind().entrySet().stream()
                        .map(kind -> String.format(
                                Locale.ROOT, "%s %,d", kind.getKey().wire(), kind.getValue()))
                        .toList());
    }

    Json.Obj toJson() {
        Json.Obj told = finding.toJson();
        if (defect.isPresent()) {
            return told.with("defect", LogAuditCommand.json(defect.get()));
        }
        return found.isEmpty() ? told : told.with("old_log", old(found.get()));
    }

    private static Json.Obj old(PredecessorAudit.Found old) {
        JsonBuilder kinds = JsonBuilder.object();
        for (Map.Entry<Kind, Long> kind : old.behind().entrySet()) {
            kinds.put(kind.getKey().wire(), kind.getValue());
        }
        return JsonBuilder.object()
                .put("after_successor", kinds.build())
                .put("size", old.size())
                .build();
    }
}
