package dev.jurat.proof.predecessor;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The leaves of a predecessor that a citation shows, judged again by the rules of admission: who its administrators were rests on their own
 * signatures, back to those on its genesis. Streams may have gaps. Not thread-safe.
 */
final class Shown {
    private final LeafJudge judge;
    private final List<Leaf> leaves = new ArrayList<>();

    private Shown(SignatureChecker checker) {
        this.judge = new LeafJudge(checker);
    }

    /** Judges them; {@code predecessor-leaf} where one is not under the root, {@code predecessor-record} where the rules do not let one in. */
    static Shown judge(Citation citation, Checkpoint cited, SignatureChecker checker) throws FormatException {
        Shown shown = new Shown(checker);
        for (ShownLeaf leaf : citation.shown()) {
            shown.judge(read(leaf, cited));
        }
        return shown;
    }

    private static Leaf read(ShownLeaf shown, Checkpoint cited) throws FormatException {
        try {
            shown.verify(cited.size(), cited.root());
            SignedRecord record = SignedRecord.ofLeaf(shown.leaf());
            if (!Arrays.equals(record.leaf(), shown.leaf())) {
                throw new FormatException("leaf-syntax", "not the one form of this record's leaf");
            }
            return new Leaf(shown.index(), record);
        } catch (FormatException e) {
            throw new FormatException("predecessor-leaf", "leaf " + shown.index() + ": " + e.getMessage());
        }
    }

    private void judge(Leaf leaf) throws FormatException {
        try {
            Optional<String> fault = leaf.index() == 0 ? begin(leaf) : fault(leaf);
            if (fault.isPresent()) {
                throw new FormatException("predecessor-record", "leaf " + leaf.index() + ": " + fault.get());
            }
        } catch (IllegalStateException e) {
            throw new FormatException("predecessor-record", "leaf " + leaf.index() + ": the rules cannot go on");
        }
        leaves.add(leaf);
    }

    private Optional<String> begin(Leaf leaf) {
        try {
            log().begin(leaf.record());
            return Optional.empty();
        } catch (FormatException e) {
            return Optional.of(e.code());
        }
    }

    private Optional<String> fault(Leaf leaf) {
        Optional<Lifecycle.StreamHead> head = log().head(leaf.stream());
        long number = leaf.header().sequence();
        if (head.isPresent() && number > head.get().next()) {
            log().dangerouslySkip(leaf.stream(), number, leaf.header().previous());
        }
        return judge.judge(leaf.index(), leaf.record(), Optional.empty()).faults().stream()
                .map(LeafJudge.Fault::code)
                .findFirst();
    }

    /** The state that they come to. */
    Lifecycle log() {
        return judge.lifecycle();
    }

    SignedRecord genesis() {
        return leaves.getFirst().record();
    }

    LedgerFacts.Genesis first() {
        return (LedgerFacts.Genesis) genesis().statement().facts();
    }

    /** Whether somebody became administrator without a signature of anybody who was one before: by claiming the node. */
    boolean claimedLater() {
        return leaves.stream()
                .anyMatch(l -> l.record().statement().facts() instanceof RegistryFacts.Key key
                        && key.enrolled() == RegistryFacts.Enrolled.CLAIM
                        && key.action() == RegistryFacts.KeyAction.ENROLL);
    }
}
