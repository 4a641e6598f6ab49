package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.util.Optional;

/**
 * Which state a proof is of: the {@code state} leaf, the one before it, which is its last leaf, and the clock that this one had seen.
 *
 * <p>Security property: all three are the ledger's, by their stream and under the key that genesis gives it. The mistake that looks right
 * but is not: to go by the kind alone, under which others may have leaves admitted, flagged and without effect.
 *
 * @param root of the state
 * @param clock the time as of which the state is; empty where there was no clock yet
 */
record Frame(
        LedgerFacts.Genesis genesis,
        RecordId genesisId,
        long stateLeaf,
        LedgerFacts.State state,
        Optional<LedgerFacts.Clock> clock) {
    /** {@code genesis-missing}, {@code state-leaf}, {@code state-proof-empty}, {@code state-size}, {@code state-clock}. */
    static Frame of(Evidence evidence, long stateLeaf) throws FormatException {
        Leaf first = evidence.at(0);
        if (!(first.record().statement().facts() instanceof LedgerFacts.Genesis genesis)) {
            throw new FormatException("genesis-missing", "leaf 0 is not a genesis");
        }
        LedgerFacts.State state = state(evidence.at(stateLeaf), genesis);
        if (state.size() == 0) {
            throw new FormatException("state-proof-empty", "the first state of a log is of no leaves");
        }
        if (state.size() > stateLeaf) {
            throw new FormatException("state-size", "a state of leaves that came after it");
        }
        Leaf last = evidence.at(state.size() - 1);
        state(last, genesis);
        return new Frame(genesis, first.id(), stateLeaf, state, clock(evidence, last, genesis, first.id()));
    }

    long size() {
        return state.size();
    }

    private static LedgerFacts.State state(Leaf leaf, LedgerFacts.Genesis genesis) throws FormatException {
        if (!(leaf.record().statement().facts() instanceof LedgerFacts.State state)) {
            throw new FormatException("state-leaf", "leaf " + leaf.index() + " states no root");
        }
        ledgers(leaf, genesis);
        return state;
    }

    private static Optional<LedgerFacts.Clock> clock(
            Evidence evidence, Leaf last, LedgerFacts.Genesis genesis, RecordId genesisId) throws FormatException {
        if (last.header().seen().equals(genesisId)) {
            return Optional.empty();
        }
        Leaf leaf = evidence.record(last.header().seen());
        if (!(leaf.record().statement().facts() instanceof LedgerFacts.Clock clock) || leaf.index() > last.index()) {
            throw new FormatException("state-clock", "what the last leaf had seen is no clock before it");
        }
        ledgers(leaf, genesis);
        return Optional.of(clock);
    }

    private static void ledgers(Leaf leaf, LedgerFacts.Genesis genesis) throws FormatException {
        if (!leaf.stream().equals(Stream.LEDGER) || !signed(leaf, genesis)) {
            throw new FormatException("state-leaf", "leaf " + leaf.index() + " is not the ledger's");
        }
    }

    private static boolean signed(Leaf leaf, LedgerFacts.Genesis genesis) throws FormatException {
        for (LedgerFacts.Registered registered : genesis.principals()) {
            if (registered.principal().equals(Stream.LEDGER.principal())) {
                VerifyKey key = VerifyKey.parse(Suite.ED25519_2026, registered.key());
                byte[] message = leaf.record().preAuthentication();
                return leaf.record().signatures().size() == 1
                        && SignatureChecker.standard()
                                .verifies(
                                        key, message, leaf.record().signatures().getFirst());
            }
        }
        return false;
    }
}
