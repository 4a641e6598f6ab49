package dev.jurat.proof.assess;

import dev.jurat.proof.log.Cosigned;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An assessment in plain words, in lines of at most {@link #COLUMNS}. */
public final class AssessmentText {
    public static final int COLUMNS = 100;

    private static final int VERDICT = 16;
    private static final int NUMBER = 25;
    private static final String UNDER = " ".repeat(7);

    private final StringBuilder out = new StringBuilder();

    private AssessmentText() {}

    /** Of what was read from a place that people know by this name. */
    public static String of(Assessment assessment, String where) {
        AssessmentText text = new AssessmentText();
        text.subject(assessment.evidence(), where);
        Criterion.Duty before = Criterion.Duty.MUST;
        for (Assessment.Assessed assessed : assessment.assessed()) {
            Criterion.Duty duty = assessed.criterion().duty();
            text.heading(before, duty);
            text.assessed(assessed);
            before = duty;
        }
        text.level(assessment);
        return text.out.toString();
    }

    private void subject(Evidence e, String where) {
        wrap("", "AG-016, a self-assessment by the records of " + e.checkpoint().origin());
        wrap(
                "  read      ",
                where + " (" + extent(e.extent()) + "), " + e.survey().records.count() + " records");
        wrap("  log       ", e.checkpoint().size().value() + " leaves by its checkpoint, root");
        wrap("            ", e.checkpoint().root().hex());
        wrap(
                "  whose     ",
                e.anchored()
                        ? "the log of the trust policy given"
                        : "by its own first leaf alone; --trust FILE says whose it has to be");
        wrap("  witnesses ", e.asked() == 0 ? "none are asked for" : names(e.cosigned()) + " of " + e.asked());
        wrap(
                "  defects   ",
                e.defectCount() == 0
                        ? "none"
                        : e.defectCount() + "; the first: "
                                + e.defects().getFirst().code());
        wrap("", "");
        wrap(
                "",
                "measured: derived from the records here. declared: by somebody's word. Of several answers the weakest counts.");
    }

    private static String extent(Evidence.Extent extent) {
        return switch (extent) {
            case LOG -> "a log";
            case WHOLE_BUNDLE -> "a bundle of all of a log";
            case PART -> "a bundle of a part of a log";
        };
    }

    private static String names(List<Cosigned> cosigned) {
        return cosigned.isEmpty()
                ? "none"
                : cosigned.stream().map(Cosigned::name).collect(Collectors.joining(", "));
    }

    private void heading(Criterion.Duty before, Criterion.Duty duty) {
        if (duty == before) {
            return;
        }
        switch (duty) {
            case TEST ->
                section(
                        "Tests. Their text beyond the names is not public: what each is held to mean is ours, docs/operate/assess.md.");
            case LEVEL -> section("What the levels ask beside.");
            case MUST, SHOULD, MAY -> {
                // One list, in the order of the clauses.
            }
        }
    }

    private void section(String text) {
        wrap("", "");
        wrap("", text);
    }

    private void assessed(Assessment.Assessed assessed) {
        Criterion criterion = assessed.criterion();
        String head = switch (criterion.duty()) {
            case MUST -> padded(criterion.number(), UNDER.length()) + "MUST   ";
            case SHOULD -> padded(criterion.number(), UNDER.length()) + "SHOULD ";
            case MAY -> padded(criterion.number(), UNDER.length()) + "MAY    ";
            case TEST -> padded(criterion.number(), UNDER.length()) + "test   ";
            case LEVEL -> padded(criterion.number(), NUMBER);
        };
        String verdict = words(assessed.verdict()).toUpperCase(Locale.ROOT);
        wrap("", "");
        wrap(head + padded(verdict, VERDICT), criterion.title());
        assessed.findings().forEach(this::finding);
    }

    private void finding(Finding finding) {
        String indent = UNDER + " ".repeat(VERDICT);
        wrap(UNDER + padded(words(finding.verdict()), VERDICT), finding.code() + ": " + finding.text());
        switch (finding.verdict()) {
            case Verdict.Declared declared -> wrap(indent, "said by " + declared.by());
            case Verdict.NotAssessable not -> wrap(indent, "needs " + not.needs());
            case Verdict.Measured ignored -> {
                // The evidence says it all.
            }
            case Verdict.NotMet ignored -> {
                // The text says what speaks against it.
            }
        }
        finding.evidence().forEach(pointer -> wrap(UNDER + "-> ", pointer(pointer)));
    }

    private static String pointer(Pointer pointer) {
        return switch (pointer) {
            case Pointer.OfRecord record -> "leaf " + record.leaf() + ", " + record.kind() + " " + record.id();
            case Pointer.OfCheckpoint checkpoint -> "the checkpoint of size " + checkpoint.size();
            case Pointer.OfDefect defect -> defect.code() + " at " + defect.where();
            case Pointer.OfPage page -> page.page();
        };
    }

    private void level(Assessment assessment) {
        wrap("", "");
        wrap(
                "",
                assessment
                        .level()
                        .map(level -> "Level: " + level.code() + word(assessment))
                        .orElse("Level: none."));
        assessment.next().ifPresent(next -> {
            wrap("", "Between this and " + next.code() + ":");
            assessment.missing().forEach(missing -> {
                Finding weakest = missing.weakest();
                wrap(
                        "  " + padded(missing.criterion().number(), NUMBER) + padded(words(weakest.verdict()), VERDICT),
                        weakest.verdict() instanceof Verdict.NotAssessable not
                                ? "needs " + not.needs()
                                : weakest.text());
            });
        });
    }

    private static String word(Assessment assessment) {
        List<String> declared = assessment.onTheirWord().stream()
                .map(a -> a.criterion().number())
                .toList();
        return declared.isEmpty() ? "." : ", on somebody's word in " + String.join(", ", declared) + ".";
    }

    private static String words(Verdict verdict) {
        return verdict.code().replace('-', ' ');
    }

    private static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(1, columns - text.length()));
    }

    /** Breaks a text between words; what follows the first line stands under its beginning. */
    private void wrap(String head, String text) {
        int room = COLUMNS - head.length();
        StringBuilder line = new StringBuilder(head);
        for (String word : text.split(" ", -1)) {
            boolean first = line.length() == head.length();
            if (!first && line.length() + 1 + word.length() > COLUMNS) {
                line(line.toString());
                line = new StringBuilder(" ".repeat(head.length()));
                first = true;
            }
            line.append(first ? "" : " ");
            // A word that is longer than a line, such as a path, is broken where it must be.
            String rest = word;
            while (first && rest.length() > room) {
                line(line + rest.substring(0, room));
                line = new StringBuilder(" ".repeat(head.length()));
                rest = rest.substring(room);
            }
            line.append(rest);
        }
        line(line.toString());
    }

    /** A report goes to terminals: what a log brings must not drive them. */
    private void line(String text) {
        text.stripTrailing()
                .codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(out::appendCodePoint);
        out.append('\n');
    }
}
