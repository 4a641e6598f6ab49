package dev.jurat.proof.state;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.verify.Note;
import dev.jurat.proof.verify.Witnessed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A report in plain words. */
public final class StateReportText {
    private final StringBuilder out = new StringBuilder();

    private StateReportText() {}

    public static String of(StateReport report) {
        StateReportText text = new StateReportText();
        text.write(report);
        return text.out.toString();
    }

    /** What is shown, and as of when, without a word on whether to believe it. */
    public static String of(StateFinding finding) {
        StateReportText text = new StateReportText();
        text.subject(finding);
        text.out.append('\n');
        text.members(finding.shown(), "  ");
        return text.out.toString();
    }

    private void write(StateReport report) {
        switch (report) {
            case StateReport.Accepted accepted -> {
                line("ACCEPTED. The state proof is sound under the trust policy given.");
                finding(accepted.checkpoint(), accepted.witnesses(), accepted.finding());
                notes(StateNotes.of(accepted));
            }
            case StateReport.Unanchored unanchored -> {
                line(
                        "NOT ACCEPTED: unanchored. The state proof agrees with itself, but no trust policy says whose log it is from.");
                line(
                        "Get the trust policy (trust.json) from the log's operator by a way you trust, and give it with --trust.");
                finding(unanchored.checkpoint(), Optional.empty(), unanchored.finding());
                notes(StateNotes.of(unanchored));
            }
            case StateReport.Refused refused -> {
                line("REFUSED. The state proof does not show what it says of " + name(refused.subject()) + ".");
                line("  - " + refused.code() + ": " + refused.text());
            }
            case StateReport.Unusable unusable ->
                line("UNUSABLE: " + unusable.code() + ". This is not a state proof: " + unusable.text() + ".");
        }
    }

    /** A report goes to terminals: what a file brings must not drive them. */
    private void line(String text) {
        text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(out::appendCodePoint);
        out.append('\n');
    }

    private static String name(Subject subject) {
        return subject.kind() + " " + subject.id();
    }

    private void finding(VerifiedCheckpoint verified, Optional<Witnessed> witnesses, StateFinding finding) {
        out.append('\n');
        subject(finding);
        line("Log:       " + verified.checkpoint().origin() + ", "
                + verified.checkpoint().size() + " records, root "
                + verified.checkpoint().root().hex());
        witnesses.ifPresent(this::witnessed);
        out.append('\n');
        members(finding.shown(), "  ");
    }

    private void subject(StateFinding finding) {
        line("Subject:   " + name(finding.subject()));
        line("In force:  " + (finding.inForce() ? "yes" : "NO: " + String.join(", ", finding.reasons())));
        line("As of:     the first " + finding.size() + " records, by the root in leaf " + finding.stateLeaf()
                + finding.clock().map(StateReportText::time).orElse("; no time is shown"));
    }

    private static String time(LedgerFacts.Clock clock) {
        return "; " + Instant.ofEpochMilli(clock.earliest()) + " to " + Instant.ofEpochMilli(clock.latest());
    }

    private void witnessed(Witnessed witnessed) {
        String names = witnessed.signed().isEmpty() ? "" : " (" + String.join(", ", witnessed.signed()) + ")";
        line("Witness:   " + witnessed.signed().size() + " of the " + witnessed.asked()
                + " that the trust policy knows cosigned this size" + names + ": enough");
    }

    private void members(Json.Obj object, String indent) {
        object.members().forEach((name, value) -> member(name, value, indent));
    }

    private void member(String name, Json value, String indent) {
        switch (value) {
            case Json.Obj inner -> {
                line(indent + name);
                members(inner, indent + "  ");
            }
            case Json.Arr(List<Json> items)
            when items.stream().anyMatch(i -> i instanceof Json.Obj) ->
                items.forEach(item -> member(name, item, indent));
            case Json.Str(String text) -> line(indent + name + "  " + text);
            case Json.Int(long number)
            when name.startsWith("not") -> line(indent + name + "  " + Instant.ofEpochMilli(number));
            default -> line(indent + name + "  " + CanonicalJson.writeString(value));
        }
    }

    private void notes(List<Note> notes) {
        out.append('\n');
        line("Know this before you rely on it:");
        notes.forEach(note -> line("  - " + note.text() + " (" + note.code() + ")"));
    }
}
