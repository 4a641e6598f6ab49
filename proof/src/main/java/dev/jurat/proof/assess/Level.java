package dev.jurat.proof.assess;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The levels of AG-016, the lowest first. One is reached where the ones below are, all that it asks holds, and all that it tries has not failed. */
public enum Level {
    BASIC(
            List.of(Criterion.C41, Criterion.C42, Criterion.C43, Criterion.T81, Criterion.T82, Criterion.ISSUED),
            List.of(Criterion.T83)),
    INTERMEDIATE(
            List.of(
                    Criterion.C44,
                    Criterion.C46,
                    Criterion.T84,
                    Criterion.T86,
                    Criterion.HARDWARE,
                    Criterion.REGISTRY,
                    Criterion.STRUCTURED),
            List.of()),
    ADVANCED(
            List.of(
                    Criterion.C45,
                    Criterion.C47,
                    Criterion.T83,
                    Criterion.T85,
                    Criterion.WITNESSED,
                    Criterion.AUDITED,
                    Criterion.ATTACKED),
            List.of());

    private final List<Criterion> asks;
    private final List<Criterion> tries;

    Level(List<Criterion> asks, List<Criterion> tries) {
        this.asks = asks;
        this.tries = tries;
    }

    /** Stable. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this level, or one below it, asks for this. */
    boolean asks(Criterion criterion) {
        return Arrays.stream(values())
                .filter(level -> level.compareTo(this) <= 0)
                .anyMatch(level -> level.asks.contains(criterion));
    }

    /** What keeps an assessment from this level, beside the levels below; in the order of the table. */
    List<Assessment.Assessed> missing(List<Assessment.Assessed> assessed) {
        return assessed.stream()
                .filter(a -> asks.contains(a.criterion()) && !a.verdict().holds()
                        || tries.contains(a.criterion()) && a.verdict() instanceof Verdict.NotMet)
                .toList();
    }
}
