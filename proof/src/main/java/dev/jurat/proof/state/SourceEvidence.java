package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.util.Optional;
import java.util.TreeMap;

/** Evidence from a log, which notes what was asked for: that and no more goes into the proof. Not thread-safe. */
final class SourceEvidence implements Evidence {
    private final StateSource source;
    private final TreeMap<Long, Leaf> leaves = new TreeMap<>();
    private final TreeMap<Long, ProofFile.Part> chunks = new TreeMap<>();
    private long size = Long.MAX_VALUE;
    private long weight;

    SourceEvidence(StateSource source) {
        this.source = source;
    }

    /** Standings are asked of the state of this size. */
    void covers(long newSize) {
        size = newSize;
    }

    @Override
    public Leaf at(long leaf) throws FormatException {
        Leaf known = leaves.get(leaf);
        if (known == null) {
            known = new Leaf(leaf, source.record(leaf));
            leaves.put(leaf, known);
            weigh(known.record().leaf().length);
        }
        return known;
    }

    @Override
    public Leaf record(RecordId id) throws FormatException {
        return at(found(source.leafOf(id), "record " + id));
    }

    @Override
    public Leaf opener(Stream stream) throws FormatException {
        return at(found(source.openerOf(stream), "stream " + stream));
    }

    @Override
    public Leaf registration(String principal) throws FormatException {
        return at(found(source.registrationOf(principal), "principal " + principal));
    }

    @Override
    public Leaf origin(String key) throws FormatException {
        return at(found(source.originOf(key), "key " + key));
    }

    private static long found(Optional<Long> leaf, String what) throws FormatException {
        return leaf.orElseThrow(() -> new FormatException("subject-unknown", "the log has no " + what));
    }

    @Override
    public Standing standing(Leaf leaf) throws FormatException {
        if (leaf.index() >= size) {
            throw StateProof.notCovered(leaf, size);
        }
        long number = StateChunk.numberOf(leaf.index());
        ProofFile.Part part = chunks.get(number);
        if (part == null) {
            part = new ProofFile.Part(source.chunk(number), source.chunkPath(number));
            chunks.put(number, part);
            weigh(part.bytes().length);
        }
        return Standing.decode(
                leaf.record().statement().facts(),
                StateChunk.decode(part.bytes(), StateChunk.leaves(number, size))
                        .standing(StateChunk.slotOf(leaf.index())));
    }

    /** Base64 takes a third more, and a path up to 63 hashes; nobody reads a larger file. */
    private void weigh(int bytes) throws FormatException {
        weight += bytes / 3 * 4L + 4_400;
        if (weight > StateProof.BYTES_MAX) {
            throw StateProof.tooLarge();
        }
    }

    ProofFile file(Subject subject, long stateLeaf) {
        TreeMap<Long, ProofFile.Part> shown = new TreeMap<>();
        leaves.forEach((index, leaf) ->
                shown.put(index, new ProofFile.Part(leaf.record().leaf(), source.path(index))));
        return new ProofFile(source.checkpoint(), subject, stateLeaf, shown, chunks);
    }
}
