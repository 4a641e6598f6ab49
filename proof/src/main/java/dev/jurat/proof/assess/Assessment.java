package dev.jurat.proof.assess;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far what was given meets AG-016, by the rules of {@code docs/operate/assess.md}. It follows from the evidence alone.
 *
 * @param assessed every criterion of the table, in its order
 */
public record Assessment(Evidence evidence, List<Assessed> assessed) {
    public Assessment {
        assessed = List.copyOf(assessed);
    }

    /** One criterion with the answers to its questions. */
    public record Assessed(Criterion criterion, List<Finding> findings) {
        public Assessed {
            findings = List.copyOf(findings);
        }

        /** The weakest of its answers. */
        public Verdict verdict() {
            return weakest().verdict();
        }

        /** The first of the weakest answers: what to look at. */
        public Finding weakest() {
            int weakness = findings.stream()
                    .mapToInt(f -> f.verdict().weakness())
                    .max()
                    .orElseThrow();
            return findings.stream()
                    .filter(f -> f.verdict().weakness() == weakness)
                    .findFirst()
                    .orElseThrow();
        }
    }

    public static Assessment of(Evidence evidence) {
        return new Assessment(
                evidence,
                Arrays.stream(Criterion.values()).map(c -> c.assess(evidence)).toList());
    }

    /** The highest level that is reached with all below it. */
    public Optional<Level> level() {
        return Arrays.stream(Level.values())
                .takeWhile(level -> level.missing(assessed).isEmpty())
                .max(Comparator.naturalOrder());
    }

    /** The lowest level that is not reached. */
    public Optional<Level> next() {
        return Arrays.stream(Level.values())
                .filter(level -> !level.missing(assessed).isEmpty())
                .findFirst();
    }

    /** What stands between this and the next level; nothing where there is none. */
    public List<Assessed> missing() {
        return next().map(level -> level.missing(assessed)).orElse(List.of());
    }

    /** What of the level that is reached, and of those below it, rests on somebody's word; in the order of the table. */
    public List<Assessed> onTheirWord() {
        return assessed.stream()
                .filter(a -> a.verdict() instanceof Verdict.Declared)
                .filter(a ->
                        level().filter(reached -> reached.asks(a.criterion())).isPresent())
                .toList();
    }

    /** Whether something speaks against what the lowest level asks; each defect does. */
    public boolean contradicted() {
        return Level.BASIC.missing(assessed).stream().anyMatch(a -> a.verdict() instanceof Verdict.NotMet);
    }
}
