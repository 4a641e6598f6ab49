package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Witnessed;
import java.util.Optional;

/**
 * A file that shows one subject of a log's state, as of a size, to somebody who has nothing but a trust policy
 * ({@code docs/spec/state.md} §5).
 *
 * <p>Security property: every answer rests on leaves under a root that the log signed, and on standings under a root that one of those
 * leaves states. Nothing in the file adds to the trust policy.
 */
public final class StateProof {
    /** How file names end. */
    public static final String EXTENSION = ".jurat-state";
    /** A larger file is neither made nor read. */
    public static final int BYTES_MAX = 64 << 20;

    private StateProof() {}

    /**
     * Makes the proof of a subject.
     *
     * @throws FormatException {@code state-none} while no state is stated, {@code subject-unknown}, {@code state-not-covered} for what came
     *     after the state, {@code state-proof-subject} where a record is of another kind, {@code state-proof-large}
     */
    public static byte[] make(StateSource source, Subject subject) throws FormatException {
        long stateLeaf = source.stateLeaf()
                .orElseThrow(() -> new FormatException("state-none", "the log states no root of its state yet"));
        SourceEvidence evidence = new SourceEvidence(source);
        Frame frame = Frame.of(evidence, stateLeaf);
        evidence.covers(frame.size());
        Walk.find(evidence, frame, subject);
        byte[] bytes = evidence.file(subject, stateLeaf).bytes();
        if (bytes.length > BYTES_MAX) {
            throw tooLarge();
        }
        return bytes;
    }

    /** Checks a file under a trust policy; without one nothing is accepted. */
    public static StateReport check(byte[] bytes, Optional<TrustPolicy> trust) {
        ProofFile file;
        try {
            if (bytes.length > BYTES_MAX) {
                throw tooLarge();
            }
            file = ProofFile.read(bytes);
        } catch (FormatException e) {
            return new StateReport.Unusable(e.code(), String.valueOf(e.getMessage()));
        }
        try {
            return report(file, trust);
        } catch (FormatException e) {
            return new StateReport.Refused(file.subject(), e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static StateReport report(ProofFile file, Optional<TrustPolicy> trust) throws FormatException {
        Checkpoint stated = Checkpoint.parse(file.checkpoint().text());
        ShownEvidence evidence = ShownEvidence.of(file, stated);
        Frame frame = Frame.of(evidence, file.state());
        VerifiedCheckpoint verified = opened(file, frame, trust);
        evidence.chunks(file, frame.state());
        StateFinding finding = Walk.find(evidence, frame, file.subject());
        evidence.unwanted();
        if (trust.isEmpty()) {
            return new StateReport.Unanchored(verified, finding);
        }
        return new StateReport.Accepted(verified, witnessed(verified, trust.get()), trust.get(), finding);
    }

    /** Whose log it is: by the trust policy, and without one by the key that genesis names. */
    private static VerifiedCheckpoint opened(ProofFile file, Frame frame, Optional<TrustPolicy> trust)
            throws FormatException {
        NoteVerifier named = logKey(frame.genesis());
        if (trust.isEmpty()) {
            return VerifiedCheckpoint.open(file.checkpoint(), named);
        }
        TrustPolicy policy = trust.get();
        if (!policy.log().equals(named)) {
            throw new FormatException("trust-log", "genesis names another log or another key than the trust policy");
        }
        if (policy.genesis().filter(id -> !id.equals(frame.genesisId())).isPresent()) {
            throw new FormatException("trust-genesis", "another genesis than the trust policy names");
        }
        VerifiedCheckpoint verified = VerifiedCheckpoint.open(file.checkpoint(), policy.log(), policy.cosigners());
        if (!policy.witnessed(verified.cosigners())) {
            throw new FormatException("witness-quorum", "fewer witnesses signed than the trust policy asks for");
        }
        return verified;
    }

    private static NoteVerifier logKey(LedgerFacts.Genesis genesis) throws FormatException {
        try {
            return NoteVerifier.log(genesis.origin(), VerifyKey.parse(Suite.ED25519_2026, genesis.checkpointKey()));
        } catch (IllegalArgumentException e) {
            throw new FormatException("genesis-invalid", "an origin that no log can have");
        }
    }

    private static Optional<Witnessed> witnessed(VerifiedCheckpoint verified, TrustPolicy trust) {
        return trust.witnesses()
                .map(w -> new Witnessed(
                        w.keys().size(),
                        verified.cosigners().stream().map(NoteVerifier::name).toList(),
                        true));
    }

    static FormatException notCovered(Leaf leaf, long size) {
        return new FormatException(
                "state-not-covered",
                "leaf " + leaf.index() + " came after the newest state, which is of the first " + size + " leaves");
    }

    static FormatException tooLarge() {
        return new FormatException("state-proof-large", "a state proof has at most " + BYTES_MAX + " bytes");
    }
}
