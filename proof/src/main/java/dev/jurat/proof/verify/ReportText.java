package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Particulars;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report in plain words, for somebody who has never heard of Jurat. Ends with what the bundle proves and what it does not. */
public final class ReportText {
    private static final int ACTIONS_MAX = 200;

    private final StringBuilder out = new StringBuilder();

    private ReportText() {}

    public static String of(Report report) {
        ReportText text = new ReportText();
        text.write(report);
        return text.out.toString();
    }

    private void line(String text) {
        out.append(printable(text)).append('\n');
    }

    /** A report goes to terminals: what a bundle brings must not drive them. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private void write(Report report) {
        switch (report) {
            case Report.Accepted accepted -> {
                line("ACCEPTED. The bundle is sound under the trust policy given.");
                findings(accepted.bundle().findings());
                proves(accepted.bundle().findings());
            }
            case Report.Unanchored unanchored -> {
                line(
                        "NOT ACCEPTED: unanchored. The bundle agrees with itself, but no trust policy says whose log it is from.");
                line(
                        "Get the trust policy (trust.json) from the log's operator by a way you trust, and give it with --trust.");
                findings(unanchored.findings());
            }
            case Report.Refused refused -> {
                line("REFUSED. The bundle does not prove what it says.");
                out.append('\n');
                line("What is wrong (the first is the cause; others may follow from it):");
                refused.defects().forEach(this::defect);
                refused.findings().ifPresent(this::findings);
            }
            case Report.Unusable unusable ->
                line("UNUSABLE: " + unusable.code() + ". This is not a proof bundle: " + unusable.text() + ".");
        }
    }

    private void defect(Defect defect) {
        String where = defect.where().isEmpty() ? "" : " [" + defect.where() + "]";
        line("  - " + defect.code() + where + ": " + defect.text());
    }

    private void findings(Findings findings) {
        out.append('\n');
        line("Log:      " + findings.checkpoint().origin() + ", "
                + findings.checkpoint().size() + " records, root "
                + findings.checkpoint().root().hex());
        line("Genesis:  " + findings.genesis().hex());
        findings.witnesses().ifPresent(this::witnessed);
        findings.predecessor().ifPresent(before -> line("Before:   this log " + before.text()));
        line("Shown:    " + scope(findings));
        out.append('\n');
        line("Actions: " + findings.actions().size());
        for (int i = 0; i < Math.min(ACTIONS_MAX, findings.actions().size()); i++) {
            action(findings.actions().get(i), Told.of(findings.summary(), i), findings.actions(), findings.flags());
        }
        if (findings.actions().size() > ACTIONS_MAX) {
            line("  … and " + (findings.actions().size() - ACTIONS_MAX) + " more; --json lists all.");
        }
        if (!findings.keys().isEmpty()) {
            out.append('\n');
            line("Keys:");
            findings.keys().forEach(key -> line("  " + key(key)));
        }
        if (!findings.principals().isEmpty()) {
            out.append('\n');
            line("Said by administrators:");
            findings.principals().forEach(finding -> line("  " + principal(finding)));
        }
        out.append('\n');
        line("Know this before you rely on it:");
        findings.notes().forEach(note -> line("  - " + note.text() + " (" + note.code() + ")"));
    }

    private void witnessed(Witnessed witnessed) {
        String names = witnessed.signed().isEmpty() ? "" : " (" + String.join(", ", witnessed.signed()) + ")";
        line("Witness:  " + witnessed.signed().size() + " of the " + witnessed.asked()
                + " that the trust policy knows cosigned this size" + names
                + (witnessed.enough() ? ": enough" : ": not enough"));
    }

    private static String scope(Findings findings) {
        String leaves = findings.leaves() + " records";
        return switch (findings.scope()) {
            case Scope.All ignored -> "the whole log, " + leaves;
            case Scope.Session session -> "one session, " + session.stream() + ", with what it led to, " + leaves;
            case Scope.Action action -> "one action, " + action.intent().hex() + ", with what it rests on, " + leaves;
        };
    }

    private void action(ActionFinding finding, Told told, List<ActionFinding> all, Map<RecordId, Set<Flag>> flags) {
        Tool tool = finding.action().facts().tool();
        out.append('\n');
        line("  " + tool.method() + " " + tool.name() + " (" + tool.effect().text() + ")");
        line("    who         " + told.who());
        told.what().ifPresent(what -> line("    what        " + what));
        line("    when        " + told.when());
        told.rules().ifPresent(rules -> line("    rules       " + rules));
        told.approvals().forEach(approval -> line("    approval    " + approval));
        told.refusals().forEach(refusal -> line("    refused     " + refusal));
        told.revocations().forEach(revocation -> line("    revoked     " + revocation));
        line("    intent      " + finding.action().intent().id().hex());
        line("    record      " + record(finding.record()));
        line("    permission  " + permission(finding.permission()) + repeat(finding, all));
        line("    outcome     " + outcome(finding) + uses(finding));
        finding.suspects().forEach(suspect -> line("    suspect     " + suspect(suspect)));
        flagged(finding, flags).forEach(flag -> line("    flagged     " + flag));
    }

    private static String key(KeyFinding key) {
        String after = key.follows().map(follows -> ", follows " + follows).orElse(", the first");
        String broken =
                key.recoveredBy().isEmpty() ? "" : "; continuity: broken by " + String.join(" and ", key.recoveredBy());
        String report = key.report()
                .map(id -> "; REPORTED to be in other hands, from leaf "
                        + key.since().orElseThrow() + " on (" + id.hex() + ")")
                .orElse("");
        return key.principal() + ": " + key.key() + after + (key.retired() ? "; retired" : "") + broken + report;
    }

    private static String principal(PrincipalFinding finding) {
        Particulars said = finding.particulars();
        List<String> parts = new ArrayList<>();
        said.environment().ifPresent(environment -> parts.add("in " + environment));
        said.owner().ifPresent(owner -> parts.add(owner + " answers for it"));
        said.custodies().forEach(custody -> parts.add(custody(custody)));
        if (!said.names().isEmpty()) {
            parts.add("bound to outside names: " + said.names().size());
        }
        if (said.retired()) {
            parts.add("retired");
        }
        return finding.principal() + ": " + String.join("; ", parts);
    }

    private static String custody(PrincipalFacts.Custody custody) {
        String by = custody.attestationKey()
                .map(name -> "certified by attestation key " + name)
                .orElse("on an administrator's word");
        return "key " + custody.key() + " is in " + custody.keptIn().wire() + ", " + by;
    }

    private static String suspect(Suspect suspect) {
        String by = suspect.corroborated().stream()
                .map(leaf -> leaf.kind().wire() + " by " + leaf.stream().principal())
                .collect(Collectors.joining(", "));
        return suspect.leaf().kind().wire() + ": its signer's key may have been in other hands"
                + (by.isEmpty() ? "; nothing else tells of it" : "; others tell of it: " + by);
    }

    /** Which of its records were admitted although a rule fails, each rule said once. */
    private static List<String> flagged(ActionFinding finding, Map<RecordId, Set<Flag>> flags) {
        return finding.action().leaves().stream()
                .flatMap(leaf -> flags.getOrDefault(leaf.id(), Set.of()).stream()
                        .sorted()
                        .map(flag -> leaf.kind().wire() + ": " + flag.code() + ", " + words(flag)))
                .distinct()
                .toList();
    }

    private static String words(Flag flag) {
        return switch (flag) {
            case SIGNER_SUSPENDED -> "its signer had been suspended or revoked by then";
            case SIGNER_EXPIRED -> "its signer's session was over by then";
            case ROLE_FORBIDDEN -> "its signer had no right to say it";
            case REFERENCE_UNKNOWN -> "it names a record that is not there";
            case FOREIGN_POINT -> "its signer is not the enforcement point of the action";
            case LATE -> "it came after its deadline";
            case REPEATED -> "there was one already";
            case BODY_MISSING -> "it came without its details";
        };
    }

    private static String uses(ActionFinding finding) {
        int count = finding.uses().size();
        return count > 1 ? " (the worst of " + count + " uses)" : "";
    }

    /** Where the contract was used under another intent: an approved call is repeated, and goes out then. */
    private static String repeat(ActionFinding finding, List<ActionFinding> all) {
        boolean open = finding.permission() instanceof PermissionVerdict.NotUsed
                || finding.permission() instanceof PermissionVerdict.NotShown;
        if (!open) {
            return "";
        }
        Set<RecordId> contracts = contracts(finding).collect(Collectors.toSet());
        return all.stream()
                .filter(other -> !other.uses().isEmpty() && contracts(other).anyMatch(contracts::contains))
                .findFirst()
                .map(other -> " for this intent; its contract was used for intent "
                        + other.action().intent().id().hex())
                .orElse("");
    }

    private static Stream<RecordId> contracts(ActionFinding finding) {
        return finding.action().contracts().stream().map(Leaf::id);
    }

    private static String record(RecordVerdict verdict) {
        return switch (verdict) {
            case RecordVerdict.Sound ignored ->
                "sound: genuine signatures, unbroken chains, in the log, admitted by the rules";
            case RecordVerdict.Unsound unsound -> "NOT SOUND: " + unsound.code();
        };
    }

    private static String permission(PermissionVerdict verdict) {
        return switch (verdict) {
            case PermissionVerdict.Within ignored -> "within: recomputed from the exact bytes of the call";
            case PermissionVerdict.Asserted asserted ->
                "asserted: the statements allow it; not recomputed for want of " + list(asserted.missing());
            case PermissionVerdict.NotEnforced ignored -> "not enforced: only observed, nothing could have refused it";
            case PermissionVerdict.NotUsed ignored -> "granted, and not used";
            case PermissionVerdict.NotJudged ignored -> "not judged: the record is not sound";
            case PermissionVerdict.NotGranted none -> "none: " + none.code();
            case PermissionVerdict.NotShown upTo -> upTo(upTo.code());
            case PermissionVerdict.Beyond beyond -> "BEYOND what was granted: " + beyond.code();
        };
    }

    private static String upTo(String code) {
        return switch (code) {
            case "contract" -> "granted; no use of it is shown";
            case "no-contract" -> "allowed; no contract is shown";
            case "pending" -> "none shown: the decision shown waits for approval";
            default -> "none shown: no decision is in the bundle";
        };
    }

    private static String list(List<String> words) {
        return words.stream().map(w -> w.replace('-', ' ')).collect(Collectors.joining(", "));
    }

    private static String outcome(ActionFinding finding) {
        return switch (finding.outcome()) {
            case OutcomeVerdict.NothingRan ignored -> "nothing was sent: the log has no use";
            case OutcomeVerdict.NotJudged ignored -> "not judged: the record is not sound";
            case OutcomeVerdict.Agrees agrees -> "agrees: " + agrees.result().wire() + timing(agrees.timing());
            case OutcomeVerdict.Unknown unknown ->
                "unknown: "
                        + (finding.uses().isEmpty()
                                ? "no use is in the bundle, which shows a part of the log"
                                : unknown(unknown.code()).orElse(unknown.code()));
            case OutcomeVerdict.Disagrees disagrees -> "DISAGREES with the use: " + disagrees.code();
        };
    }

    private static String timing(Timing timing) {
        return switch (timing) {
            case IN_TIME -> "";
            case LATE -> ", recorded late";
            case ASSERTED -> "; that it came in time is asserted: clock leaves may have been left out";
        };
    }

    private static Optional<String> unknown(String code) {
        return switch (code) {
            case "unknown" -> Optional.of("the enforcement point lost sight of the call");
            case "incomplete" -> Optional.of("no outcome came by its deadline");
            case "not-shown" -> Optional.of("no outcome is in the bundle");
            default -> Optional.empty();
        };
    }

    private void proves(Findings findings) {
        boolean all = findings.scope() instanceof Scope.All;
        out.append('\n');
        line("This proves, under the trust policy given:");
        line("  - each record shown was signed by the key named in it, and stands in the log under the signed root;");
        line("  - each record followed the rules of admission"
                + (all ? ", judged again over the whole log;" : ", judged again over what is shown;"));
        line("  - each act had the verdicts above.");
        line("It does not prove:");
        line("  - that what was recorded was true, or that a law was met;");
        line("  - what happened outside the enforcement points, or after the checkpoint;");
        line("  - that a key was used by the person or program it belongs to.");
    }
}
