package dev.jurat.proof.state;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.Optional;

/**
 * Computes the state of a whole log again, beside the judging of its leaves, and holds each {@code state} leaf against it ({@code
 * docs/spec/state.md} §4). Not thread-safe.
 */
public final class StateCheck {
    private final Lifecycle lifecycle;
    private final StateTree tree = StateTree.empty(StateChunks.inMemory());
    private long size;
    private Hash root = Rfc6962.EMPTY_ROOT;
    /** Whether the last root was another one: then those that follow say nothing new until one agrees again. */
    private boolean apart;

    private boolean lacking;
    private boolean lackTold;

    /** Goes along with a lifecycle that is told of every leaf from the first, and of which nobody else asks what has changed. */
    public StateCheck(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** Leaves from here on were not judged: what the log has come to is not known any more. */
    public void lost() {
        lacking = true;
    }

    /**
     * Takes the leaf that was judged last; answers what is wrong with it as a {@code state} leaf: {@code state-size}, {@code state-root}, or
     * once, where leaves are lacking, {@code state-not-compared}.
     */
    public Optional<LeafJudge.Fault> judged(long leaf, SignedRecord record) {
        boolean states = record.header().stream().equals(Stream.LEDGER)
                && record.statement().facts() instanceof LedgerFacts.State;
        if (!states) {
            return Optional.empty();
        }
        if (lacking) {
            return lacks();
        }
        Optional<LeafJudge.Fault> fault =
                compare((LedgerFacts.State) record.statement().facts());
        size = leaf + 1;
        root = tree.advance(size, lifecycle.changes().standings());
        return fault;
    }

    private Optional<LeafJudge.Fault> lacks() {
        if (lackTold) {
            return Optional.empty();
        }
        lackTold = true;
        return Optional.of(new LeafJudge.Fault(
                "state-not-compared", "leaves before it are lacking, so that no root from here on was computed again"));
    }

    private Optional<LeafJudge.Fault> compare(LedgerFacts.State stated) {
        if (stated.size() != size) {
            return Optional.of(
                    new LeafJudge.Fault("state-size", "it states the size " + stated.size() + " and not " + size));
        }
        boolean agrees = stated.root().equals(root);
        boolean told = apart;
        apart = !agrees;
        return agrees || told
                ? Optional.empty()
                : Optional.of(new LeafJudge.Fault(
                        "state-root",
                        "the state of size " + size + " has the root " + root
                                + "; of the next ones that differ nothing is said"));
    }
}
