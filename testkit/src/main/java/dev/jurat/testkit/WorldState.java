package dev.jurat.testkit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import dev.jurat.proof.state.StateChunks;
import dev.jurat.proof.state.StateSource;
import dev.jurat.proof.state.StateTree;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The state of a world's log, by a lifecycle that judges all leaves once more, and what state proofs are made from. */
public final class WorldState implements StateSource {
    private final List<SignedRecord> leaves;
    private final MerkleTree tree;
    private final SignedNote checkpoint;
    private final Optional<Long> stateLeaf;
    private final StateTree state;

    private WorldState(World world, SignedNote checkpoint) {
        this.leaves = List.copyOf(world.log().leaves());
        this.tree = world.log().tree();
        this.checkpoint = checkpoint;
        this.stateLeaf = newest(leaves, facts -> facts.size() > 0);
        this.state = stateLeaf
                .map(leaf -> tree(leaves.subList(0, (int) stated(leaf).size())))
                .orElseGet(() -> tree(List.of()));
    }

    /** As of the newest {@code state} leaf, under a checkpoint over all leaves. */
    public static WorldState of(World world) {
        return new WorldState(world, world.checkpoint());
    }

    /** Under another checkpoint over all leaves, as with the lines of witnesses. */
    public static WorldState of(World world, SignedNote checkpoint) {
        return new WorldState(world, checkpoint);
    }

    /** The state that proofs are made from. */
    public StateTree tree() {
        return state;
    }

    /** What the next {@code state} leaf of a log states. */
    static LedgerFacts.State next(List<SignedRecord> leaves) {
        long size = newest(leaves, facts -> true).map(leaf -> leaf + 1).orElse(0L);
        return new LedgerFacts.State(size, tree(leaves.subList(0, (int) size)).root());
    }

    private static Optional<Long> newest(List<SignedRecord> leaves, Predicate<LedgerFacts.State> wanted) {
        for (int i = leaves.size() - 1; i >= 0; i--) {
            if (leaves.get(i).header().stream().equals(Stream.LEDGER)
                    && leaves.get(i).statement().facts() instanceof LedgerFacts.State facts
                    && wanted.test(facts)) {
                return Optional.of((long) i);
            }
        }
        return Optional.empty();
    }

    private LedgerFacts.State stated(long leaf) {
        return (LedgerFacts.State) leaves.get((int) leaf).statement().facts();
    }

    /** The state of a log that ends with these leaves. */
    public static StateTree tree(List<SignedRecord> leaves) {
        StateTree tree = StateTree.empty(StateChunks.inMemory());
        if (leaves.isEmpty()) {
            return tree;
        }
        Lifecycle lifecycle = new Lifecycle(SignatureChecker.standard());
        try {
            lifecycle.begin(leaves.getFirst());
        } catch (FormatException e) {
            throw new IllegalStateException("leaf 0 does not begin a log: " + e.getMessage(), e);
        }
        for (int i = 1; i < leaves.size(); i++) {
            if (lifecycle.judge(Candidate.of(leaves.get(i))) instanceof Judgement.Admitted admitted) {
                lifecycle.placed(leaves.get(i), i, admitted.flags());
            }
        }
        tree.advance(leaves.size(), lifecycle.changes().standings());
        return tree;
    }

    @Override
    public SignedNote checkpoint() {
        return checkpoint;
    }

    @Override
    public Optional<Long> stateLeaf() {
        return stateLeaf;
    }

    @Override
    public SignedRecord record(long leaf) {
        return leaves.get((int) leaf);
    }

    @Override
    public List<Hash> path(long leaf) {
        return InclusionProof.make(tree, new LeafIndex(leaf), tree.size()).path();
    }

    @Override
    public Optional<Long> leafOf(RecordId record) {
        return first(r -> r.id().equals(record));
    }

    @Override
    public Optional<Long> openerOf(Stream stream) {
        if (stream.equals(Stream.LEDGER)) {
            return Optional.of(0L);
        }
        return first(r -> r.header().stream().equals(stream) && r.header().sequence() == 0 && isOpener(r))
                .or(() -> registrationOf(stream.principal()));
    }

    private static boolean isOpener(SignedRecord record) {
        return record.statement().facts() instanceof RegistryFacts.Session || record.kind() == Kind.KEY;
    }

    @Override
    public Optional<Long> registrationOf(String principal) {
        return first(r -> registered(r).stream().anyMatch(p -> p.principal().equals(principal)));
    }

    private static List<Registered> registered(SignedRecord record) {
        return switch (record.statement().facts()) {
            case LedgerFacts.Genesis genesis -> genesis.principals();
            case RegistryFacts.Key key when key.action() == RegistryFacts.KeyAction.ENROLL -> List.of(key.registered());
            default -> List.of();
        };
    }

    @Override
    public Optional<Long> originOf(String key) {
        return first(r -> registered(r).stream().anyMatch(p -> p.key().equals(key))
                || (r.statement().facts() instanceof RegistryFacts.Session s
                        && s.key().equals(key))
                || (r.statement().facts() instanceof SuccessionFacts.Successor s
                        && s.key().equals(key))
                || (r.statement().facts() instanceof LedgerFacts.Genesis g
                        && g.checkpointKey().equals(key)));
    }

    private Optional<Long> first(Predicate<SignedRecord> wanted) {
        for (int i = 0; i < leaves.size(); i++) {
            if (wanted.test(leaves.get(i))) {
                return Optional.of((long) i);
            }
        }
        return Optional.empty();
    }

    @Override
    public byte[] chunk(long number) {
        return state.bytes(number);
    }

    @Override
    public List<Hash> chunkPath(long number) {
        return state.path(number);
    }
}
