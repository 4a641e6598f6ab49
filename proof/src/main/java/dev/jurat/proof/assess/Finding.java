package dev.jurat.proof.assess;

import dev.jurat.proof.verify.Defect;
import java.util.List;

/**
 * The answer to one question of a clause or test.
 *
 * @param code which question; stable, listed in {@code docs/operate/assess.md}
 * @param text one sentence for people
 * @param evidence what it rests on, the first of its kind where there are many
 */
public record Finding(String code, Verdict verdict, String text, List<Pointer> evidence) {
    public Finding {
        evidence = List.copyOf(evidence);
    }

    static Finding measured(String code, String text, List<Pointer> evidence) {
        return new Finding(code, new Verdict.Measured(), text, evidence);
    }

    static Finding declared(String code, String by, String text, Pointer evidence) {
        return new Finding(code, new Verdict.Declared(by), text, List.of(evidence));
    }

    static Finding notAssessable(String code, String needs, String text, List<Pointer> evidence) {
        return new Finding(code, new Verdict.NotAssessable(needs), text, evidence);
    }

    static Finding notMet(String code, String text, Pointer evidence) {
        return new Finding(code, new Verdict.NotMet(), text, List.of(evidence));
    }

    /** By the first defect that speaks against it. */
    static Finding notMet(String code, Defect defect) {
        return notMet(code, defect.code() + " at " + defect.where() + ": " + defect.text(), Pointer.to(defect));
    }
}
