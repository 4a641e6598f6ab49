package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.TlogProof;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.SignedRecord;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes bundles from a log: the leaves of a scope, their proofs, the bodies and artefacts that are still there, and what follows from them.
 *
 * <p>Deterministic: the same log, checkpoint and scope give the same bytes.
 */
public final class BundleWriter {
    private final SortedMap<Long, SignedRecord> log;
    private final VerifiedCheckpoint checkpoint;
    private final Proofs proofs;
    private final Bodies bodies;
    private final Artefacts artefacts;

    /** Where the paths from leaves to the checkpoint's root come from. */
    @FunctionalInterface
    public interface Proofs {
        InclusionProof of(LeafIndex index);
    }

    /** Where bodies come from; empty for one that is erased. */
    @FunctionalInterface
    public interface Bodies {
        Optional<byte[]> at(long index);
    }

    /** Where artefacts come from; empty for one that is not there. */
    @FunctionalInterface
    public interface Artefacts {
        Optional<byte[]> of(Hash digest);
    }

    /**
     * A writer over a log as a checkpoint has it.
     *
     * @param log the records of the tree, or at least those of every scope asked for; none beyond the checkpoint's size
     */
    public BundleWriter(
            SortedMap<Long, SignedRecord> log,
            VerifiedCheckpoint checkpoint,
            Proofs proofs,
            Bodies bodies,
            Artefacts artefacts) {
        this.log = log;
        this.checkpoint = checkpoint;
        this.proofs = proofs;
        this.bodies = bodies;
        this.artefacts = artefacts;
    }

    /**
     * The bundle of a scope.
     *
     * @throws FormatException {@code scope-missing}; {@code bundle-large} where the scope has more files or bytes than a bundle may have
     */
    public Bundle write(Scope scope) throws FormatException {
        Records all = Records.of(log);
        Closure.Result closure = Closure.of(all, scope);
        TreeMap<Long, SignedRecord> chosen = new TreeMap<>();
        for (long index : closure.included()) {
            all.at(index).ifPresent(leaf -> chosen.put(index, leaf.record()));
        }
        return assemble(scope, chosen, closure.passing());
    }

    private Bundle assemble(Scope scope, NavigableMap<Long, SignedRecord> chosen, Set<Long> passing)
            throws FormatException {
        boolean part = chosen.size() < checkpoint.checkpoint().size().value();
        if (chosen.size() * (part ? 2L : 1L) > StrictZip.ENTRIES_MAX) {
            throw large();
        }
        NavigableMap<Long, byte[]> leafBytes = new TreeMap<>();
        chosen.forEach((index, record) -> leafBytes.put(index, record.leaf()));
        NavigableMap<Long, byte[]> bodyBytes = bodies(chosen, passing);
        Records records = Records.of(chosen);
        NavigableMap<Hash, byte[]> artefactBytes = new TreeMap<>();
        for (Hash digest : Derived.artefactsNamed(records)) {
            artefacts.of(digest).ifPresent(bytes -> artefactBytes.put(digest, bytes));
        }
        NavigableMap<Long, byte[]> proofBytes = new TreeMap<>();
        if (part) {
            for (long index : chosen.keySet()) {
                proofBytes.put(index, proof(new LeafIndex(index)));
            }
        }
        Bundle bare = new Bundle(
                scope, checkpoint.note(), leafBytes, proofBytes, bodyBytes, artefactBytes, new byte[0], new byte[0]);
        return sized(Derived.complete(bare, records));
    }

    /** Reads no more of them than a bundle may hold. */
    private NavigableMap<Long, byte[]> bodies(NavigableMap<Long, SignedRecord> chosen, Set<Long> passing)
            throws FormatException {
        NavigableMap<Long, byte[]> found = new TreeMap<>();
        long bytes = 0;
        for (Map.Entry<Long, SignedRecord> leaf : chosen.entrySet()) {
            if (leaf.getValue().kind().hasBody() && !passing.contains(leaf.getKey())) {
                Optional<byte[]> body = bodies.at(leaf.getKey());
                body.ifPresent(b -> found.put(leaf.getKey(), b));
                bytes += body.map(b -> b.length).orElse(0);
                if (bytes > StrictZip.BYTES_MAX) {
                    throw large();
                }
            }
        }
        return found;
    }

    private byte[] proof(LeafIndex index) {
        return new TlogProof(index, proofs.of(index).path(), checkpoint.note()).bytes();
    }

    private static Bundle sized(Bundle bundle) throws FormatException {
        long bytes = bundle.summary().length;
        long files = 3;
        for (NavigableMap<?, byte[]> map :
                List.of(bundle.leaves(), bundle.proofs(), bundle.bodies(), bundle.artefacts())) {
            files += map.size();
            bytes += map.values().stream().mapToLong(b -> b.length + 256L).sum();
        }
        if (files > StrictZip.ENTRIES_MAX || bytes > StrictZip.BYTES_MAX) {
            throw large();
        }
        return bundle;
    }

    private static FormatException large() {
        return new FormatException(
                "bundle-large",
                "more than one bundle may hold, which is 65,535 files and 256 MiB: ask for a session or an action; a whole log is checked by jurat"
                        + " log audit");
    }
}
