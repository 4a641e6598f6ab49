package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.predecessor.Predecessor;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Holds what a log cites of its predecessor against that log itself ({@code docs/spec/predecessor.md} §6). Not thread-safe. */
public final class PredecessorAudit {
    private final Predecessor cited;
    private final LogSource source;

    /**
     * What was found of it.
     *
     * @param size how many leaves the old log has now
     * @param behind the kinds of those behind the cited size, which the new log does not cover, and how many of each
     */
    public record Found(long size, Map<Kind, Long> behind) {
        public Found {
            behind = new TreeMap<>(behind);
        }
    }

    public PredecessorAudit(Predecessor cited, LogSource source) {
        this.cited = cited;
        this.source = source;
    }

    /**
     * Judges the old log up to the cited checkpoint, and counts what is behind it.
     *
     * @param witnesses who must have cosigned the cited checkpoint, if anybody
     * @throws FormatException {@code predecessor-short} where it has fewer leaves than are cited; {@code predecessor-differs} where the cited
     *     checkpoint is not one of this log, with what is wrong; {@code predecessor-withheld} where its administrators stood otherwise than was
     *     shown; {@code successor-four-eyes}
     */
    public Found run(
            Optional<TrustPolicy.Witnesses> witnesses,
            SignatureChecker checker,
            RandomSource random,
            LogAudit.Progress progress)
            throws IOException, FormatException {
        long size = OldLog.sizeNow(source);
        long counted = cited.cited().size().value();
        if (size < counted) {
            throw new FormatException(
                    "predecessor-short", "it has " + size + " leaves here, and " + counted + " are cited");
        }
        TrustPolicy trust = new TrustPolicy(cited.log(), Optional.of(cited.genesis()), witnesses);
        requireAdministrators(read(trust, checker, random, progress));
        return new Found(size, behind(counted, size));
    }

    private OldLog read(TrustPolicy trust, SignatureChecker checker, RandomSource random, LogAudit.Progress progress)
            throws IOException, FormatException {
        try {
            return OldLog.read(source, cited.note(), Optional.of(trust), checker, random, progress);
        } catch (FormatException e) {
            throw new FormatException(
                    "predecessor-differs",
                    "the cited checkpoint is not one of this log, or not of a sound one: " + e.code() + ", "
                            + e.getMessage());
        }
    }

    private void requireAdministrators(OldLog old) throws FormatException {
        List<Registered> standing = old.administrators();
        if (!standing.equals(cited.administrators())) {
            throw new FormatException(
                    "predecessor-withheld",
                    "its administrators in good standing were " + names(standing) + ", and not, as was shown, "
                            + names(cited.administrators()));
        }
        Predecessor.requireEnough(cited.signers().size(), old.administratorsEver());
    }

    private static List<String> names(List<Registered> people) {
        return people.stream().map(Registered::principal).toList();
    }

    private Map<Kind, Long> behind(long from, long size) throws IOException, FormatException {
        Map<Kind, Long> kinds = new TreeMap<>();
        Entries entries = new Entries(source, size);
        for (long index = from; index < size; index++) {
            kinds.merge(SignedRecord.ofLeaf(entries.at(index)).kind(), 1L, Long::sum);
        }
        return kinds;
    }
}
