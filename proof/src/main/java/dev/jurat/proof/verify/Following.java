package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.predecessor.Predecessor;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From the log that a reader trusts to the one that has taken its place ({@code docs/spec/predecessor.md} §4).
 *
 * <p>Security property: the step is made only where the trust policy asks for it, names the genesis of the log that it trusts, and finds its
 * witnesses, if it asks for any, on every checkpoint that is cited on the way. The old log's key alone brings nobody anywhere.
 *
 * @param trust what the reader believes of the new log: as it was given, or what it has come to
 * @param finding what is told
 */
public record Following(Optional<TrustPolicy> trust, PredecessorFinding finding) {
    /**
     * Checks what a genesis cites, and follows to it where the reader wants that.
     *
     * @param genesis the id of the new log's leaf 0, whose signatures the caller has checked
     * @throws FormatException as {@link Predecessor#check}; {@code witness-quorum}, {@code second-line-missing}, {@code successor-claimed}
     */
    public static Following of(
            Optional<TrustPolicy> trust,
            RecordId genesis,
            LedgerFacts.Genesis facts,
            byte[] artefact,
            SignatureChecker checker)
            throws FormatException {
        Predecessor predecessor = Predecessor.check(facts, artefact, checker);
        List<Predecessor> way = trust.filter(TrustPolicy::followsSuccessors)
                .map(t -> way(t, predecessor))
                .orElse(List.of());
        for (Predecessor step : way) {
            requireFollowable(trust.orElseThrow(), step, step.equals(way.getLast()));
        }
        NoteVerifier named = Predecessor.named(facts);
        Optional<TrustPolicy> come = way.isEmpty() ? trust : trust.map(t -> t.of(named, genesis));
        return new Following(come, new PredecessorFinding(predecessor, !way.isEmpty(), witnessed(trust, predecessor)));
    }

    /** The logs from the new one's predecessor back to the one that is trusted; none where that is not among them. */
    private static List<Predecessor> way(TrustPolicy trust, Predecessor predecessor) {
        List<Predecessor> way = new ArrayList<>();
        Optional<Predecessor> at = Optional.of(predecessor);
        while (at.isPresent()) {
            way.add(at.get());
            if (isTrusted(trust, at.get())) {
                return List.copyOf(way);
            }
            at = at.get().earlier();
        }
        return List.of();
    }

    private static boolean isTrusted(TrustPolicy trust, Predecessor log) {
        return trust.log().equals(log.log())
                && trust.genesis().filter(log.genesis()::equals).isPresent();
    }

    private static void requireFollowable(TrustPolicy trust, Predecessor step, boolean trusted) throws FormatException {
        VerifiedCheckpoint cited = VerifiedCheckpoint.open(
                step.note(), step.log(), trusted ? trust.second() : Optional.empty(), trust.cosigners());
        if (!trust.witnessed(cited.cosigners())) {
            throw new FormatException(
                    "witness-quorum",
                    "fewer witnesses signed what is cited of the old log than the trust policy asks for");
        }
        if (step.claimedLater() && trust.witnesses().isEmpty()) {
            throw new FormatException(
                    "successor-claimed",
                    "the old log's first administrator claimed it after its genesis: without witnesses whoever has its key could have"
                            + " written another claim");
        }
    }

    private static Optional<Witnessed> witnessed(Optional<TrustPolicy> trust, Predecessor predecessor)
            throws FormatException {
        if (trust.flatMap(TrustPolicy::witnesses).isEmpty()) {
            return Optional.empty();
        }
        List<NoteVerifier> asked = trust.get().cosigners();
        List<NoteVerifier> signed = VerifiedCheckpoint.open(predecessor.note(), predecessor.log(), asked)
                .cosigners();
        return Optional.of(new Witnessed(
                asked.size(),
                signed.stream().map(NoteVerifier::name).toList(),
                trust.get().witnessed(signed)));
    }
}
