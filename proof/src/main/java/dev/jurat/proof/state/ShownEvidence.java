package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Evidence from a file: leaves that are under the checkpoint's root, and chunks under the root that the state leaf states. Not thread-safe.
 *
 * <p>Security property: nothing is answered that has no path to a root, and what nobody asked for is named by {@link #unwanted}.
 */
final class ShownEvidence implements Evidence {
    private final TreeMap<Long, Leaf> leaves = new TreeMap<>();
    private final Map<RecordId, Leaf> byId = new HashMap<>();
    private final Map<Long, StateChunk> chunks = new HashMap<>();
    private final Set<Long> leavesAsked = new HashSet<>();
    private final Set<Long> chunksAsked = new HashSet<>();
    private long size;

    /** Takes the leaves that are under the checkpoint's root; the codes of records and of inclusion proofs. */
    static ShownEvidence of(ProofFile file, Checkpoint checkpoint) throws FormatException {
        ShownEvidence evidence = new ShownEvidence();
        for (Map.Entry<Long, ProofFile.Part> entry : file.leaves().entrySet()) {
            ProofFile.Part part = entry.getValue();
            included(entry.getKey(), checkpoint.size().value(), part, checkpoint.root());
            SignedRecord record = SignedRecord.ofLeaf(part.bytes());
            if (!Arrays.equals(record.leaf(), part.bytes())) {
                throw new FormatException("leaf-syntax", "not the one form of this record's leaf");
            }
            Leaf leaf = new Leaf(entry.getKey(), record);
            evidence.leaves.put(leaf.index(), leaf);
            evidence.byId.putIfAbsent(record.id(), leaf);
        }
        return evidence;
    }

    /** Takes the chunks that are under the state's root; {@code state-chunk}, {@code state-number}, and the codes of inclusion proofs. */
    void chunks(ProofFile file, LedgerFacts.State state) throws FormatException {
        size = state.size();
        for (Map.Entry<Long, ProofFile.Part> entry : file.chunks().entrySet()) {
            long number = entry.getKey();
            included(number, StateChunk.count(size), entry.getValue(), state.root());
            chunks.put(number, StateChunk.decode(entry.getValue().bytes(), StateChunk.leaves(number, size)));
        }
    }

    private static void included(long at, long count, ProofFile.Part part, Hash root) throws FormatException {
        new InclusionProof(new LeafIndex(at), new TreeSize(count), part.path())
                .verify(Rfc6962.leafHash(part.bytes()), root);
    }

    @Override
    public Leaf at(long leaf) throws FormatException {
        Leaf shown = leaves.get(leaf);
        if (shown == null) {
            throw missing("leaf " + leaf);
        }
        leavesAsked.add(leaf);
        return shown;
    }

    @Override
    public Leaf record(RecordId id) throws FormatException {
        return asked(Optional.ofNullable(byId.get(id)), "record " + id);
    }

    @Override
    public Leaf opener(Stream stream) throws FormatException {
        return asked(first(record -> Beginnings.opens(record, stream)), "start of stream " + stream);
    }

    @Override
    public Leaf registration(String principal) throws FormatException {
        return asked(first(record -> Beginnings.registers(record, principal)), "registration of " + principal);
    }

    @Override
    public Leaf origin(String key) throws FormatException {
        return asked(first(record -> Beginnings.brings(record, key)), "record that brought key " + key);
    }

    private Optional<Leaf> first(Predicate<SignedRecord> wanted) {
        return leaves.values().stream()
                .filter(leaf -> wanted.test(leaf.record()))
                .findFirst();
    }

    private Leaf asked(Optional<Leaf> found, String what) throws FormatException {
        if (found.isEmpty()) {
            throw missing(what);
        }
        leavesAsked.add(found.get().index());
        return found.get();
    }

    @Override
    public Standing standing(Leaf leaf) throws FormatException {
        if (leaf.index() >= size) {
            throw StateProof.notCovered(leaf, size);
        }
        long number = StateChunk.numberOf(leaf.index());
        StateChunk chunk = chunks.get(number);
        if (chunk == null) {
            throw missing("chunk " + number);
        }
        chunksAsked.add(number);
        return Standing.decode(leaf.record().statement().facts(), chunk.standing(StateChunk.slotOf(leaf.index())));
    }

    private static FormatException missing(String what) {
        return new FormatException("state-proof-missing", "the proof does not show " + what);
    }

    /** Refuses what no step led to; {@code state-proof-unwanted}. */
    void unwanted() throws FormatException {
        if (leavesAsked.size() != leaves.size() || chunksAsked.size() != chunks.size()) {
            throw new FormatException("state-proof-unwanted", "the proof shows more than its subject needs");
        }
    }
}
