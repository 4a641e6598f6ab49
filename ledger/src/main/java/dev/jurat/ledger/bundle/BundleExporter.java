package dev.jurat.ledger.bundle;

import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.BundleWriter;
import dev.jurat.proof.bundle.Derived;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes proof bundles out of a ledger, under its newest checkpoint ({@code docs/spec/bundle.md}).
 *
 * <p>Reads the log's entries from the first to the last, once for what belongs to the scope and once for what was found; appending goes on
 * meanwhile. Thread-safe.
 */
public final class BundleExporter {
    private final Ledger ledger;

    public BundleExporter(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The scope of every record. */
    public static Scope all() {
        return new Scope.All();
    }

    /** The scope of one session, given as {@code principal/session}; {@code stream-syntax} and the like. */
    public static Scope session(String stream) throws FormatException {
        return new Scope.Session(Stream.parse(stream));
    }

    /**
     * The scope of the action that a record belongs to: an intent, or whatever follows from one.
     *
     * @throws FormatException {@code scope-missing} if there is no such record, or it belongs to no action
     */
    public Scope action(RecordId record) throws FormatException, LedgerException {
        RecordId at = record;
        for (int steps = 0; steps < 8; steps++) {
            Optional<StoredRecord> found = ledger.record(at);
            if (found.isEmpty()) {
                break;
            }
            SignedRecord there = found.get().record();
            if (there.kind() == Kind.INTENT) {
                return new Scope.Action(there.id());
            }
            Optional<RecordId> up = up(there.header().references());
            if (up.isEmpty()) {
                break;
            }
            at = up.get();
        }
        throw new FormatException("scope-missing", "no action has a record of this id");
    }

    /** One step from a record to the intent behind it. */
    private static Optional<RecordId> up(References references) {
        for (String role : List.of("intent", "use", "identity", "contract", "decision")) {
            Optional<RecordId> named = references.optional(role);
            if (named.isPresent()) {
                return named;
            }
        }
        return Optional.empty();
    }

    /**
     * A bundle, and what is not in it although it belongs there: the folder has lost it.
     *
     * @param artefactsLost policies and profiles that were published, without which no verifier accepts the bundle, and others that are damaged
     * @param bodiesLost records whose bodies are damaged; whoever checks the bundle cannot tell them from erased ones
     */
    public record Export(Bundle bundle, List<Hash> artefactsLost, List<RecordId> bodiesLost) {}

    /**
     * The bundle of a scope, under the newest checkpoint; or under the newest that witnesses cosigned, where nothing of the scope came after
     * but the time.
     *
     * @throws FormatException {@code scope-missing}, {@code bundle-large}
     */
    public Export export(Scope scope) throws FormatException, LedgerException {
        Export newest = export(scope, ledger.checkpoint(ledger.head()));
        Optional<SignedNote> seen = ledger.witnessed();
        if (seen.isEmpty() || !mayStand(newest, size(seen.get()))) {
            return newest;
        }
        Export witnessed = export(scope, seen.get());
        return isAsMuch(newest.bundle(), witnessed.bundle()) ? witnessed : newest;
    }

    /**
     * The bundle of a scope as of the newest checkpoint that witnesses cosigned.
     *
     * @throws FormatException {@code not-witnessed}: there is none; and as {@link #export(Scope)}
     */
    public Export exportWitnessed(Scope scope) throws FormatException, LedgerException {
        SignedNote seen = ledger.witnessed()
                .orElseThrow(
                        () -> new FormatException("not-witnessed", "no quorum of witnesses has cosigned this log"));
        return export(scope, seen);
    }

    private static TreeSize size(SignedNote note) throws FormatException {
        return Checkpoint.parse(note.text()).size();
    }

    /** Whether all of a bundle but clock leaves is in the log of a size. */
    private static boolean mayStand(Export made, TreeSize size) throws FormatException {
        for (Map.Entry<Long, byte[]> leaf :
                made.bundle().leaves().tailMap(size.value()).entrySet()) {
            if (!isClock(leaf.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Whether the older of two bundles has all that the newer one has, clock leaves at the end aside: of these, one at least, where the newer has any. */
    private static boolean isAsMuch(Bundle newer, Bundle older) throws FormatException {
        Set<Long> lacking = new HashSet<>(newer.leaves().keySet());
        lacking.removeAll(older.leaves().keySet());
        boolean later =
                lacking.stream().allMatch(index -> index > older.leaves().lastKey());
        return later && (lacking.isEmpty() || isClock(older.leaves().lastEntry().getValue()));
    }

    private static boolean isClock(byte[] leaf) throws FormatException {
        return SignedRecord.ofLeaf(leaf).kind() == Kind.CLOCK;
    }

    private Export export(Scope scope, SignedNote note) throws FormatException, LedgerException {
        TreeSize whole = size(note);
        int size = Math.toIntExact(whole.value());
        Candidates candidates = new Candidates(scope);
        for (long tile = 0; tile * Tile.WIDTH_MAX < size; tile++) {
            int first = Math.toIntExact(tile * Tile.WIDTH_MAX);
            List<byte[]> entries = entries(tile, Math.min(Tile.WIDTH_MAX, size - first));
            for (int i = 0; i < entries.size(); i++) {
                candidates.add(first + i, SignedRecord.ofLeaf(entries.get(i)));
            }
        }
        TreeMap<Long, SignedRecord> leaves = chosen(candidates.chosen(), size);
        List<RecordId> bodiesLost = new ArrayList<>();
        SortedSet<Hash> missing = new TreeSet<>();
        try {
            Bundle bundle = new BundleWriter(
                            leaves,
                            checkpoint(note, leaves),
                            index -> proof(index, whole),
                            index -> body(index, bodiesLost),
                            digest -> artefact(digest, missing))
                    .write(scope);
            leaves.keySet().retainAll(bundle.leaves().keySet());
            return new Export(bundle, lost(missing, Records.of(leaves)), List.copyOf(bodiesLost));
        } catch (Reading e) {
            throw e.fault;
        }
    }

    /** Which of the artefacts that could not be read were there once: of some, nobody ever gave more than the digest. */
    private List<Hash> lost(SortedSet<Hash> missing, Records records) throws LedgerException {
        if (missing.isEmpty()) {
            return List.of();
        }
        Set<Hash> there = new HashSet<>(ledger.artefacts());
        there.addAll(Derived.artefactsRequired(records));
        return missing.stream().filter(there::contains).toList();
    }

    private TreeMap<Long, SignedRecord> chosen(BitSet chosen, int size) throws FormatException, LedgerException {
        TreeMap<Long, SignedRecord> leaves = new TreeMap<>();
        long tile = -1;
        List<byte[]> entries = List.of();
        for (int index = chosen.nextSetBit(0); index >= 0; index = chosen.nextSetBit(index + 1)) {
            if (index / Tile.WIDTH_MAX != tile) {
                tile = index / Tile.WIDTH_MAX;
                entries = entries(tile, (int) Math.min(Tile.WIDTH_MAX, size - tile * Tile.WIDTH_MAX));
            }
            leaves.put((long) index, SignedRecord.ofLeaf(entries.get(index % Tile.WIDTH_MAX)));
        }
        return leaves;
    }

    private List<byte[]> entries(long tile, int width) throws FormatException, LedgerException {
        EntryBundle bundle = new EntryBundle(tile, width);
        byte[] bytes = ledger.tile(bundle.path())
                .orElseThrow(() -> new IllegalStateException("the log has no " + bundle.path()));
        return bundle.decode(bytes);
    }

    private static VerifiedCheckpoint checkpoint(SignedNote note, TreeMap<Long, SignedRecord> leaves)
            throws FormatException {
        SignedRecord first = leaves.firstEntry().getValue();
        if (!(first.statement().facts() instanceof LedgerFacts.Genesis genesis)) {
            throw new IllegalStateException("leaf 0 is not a genesis");
        }
        NoteVerifier log =
                NoteVerifier.log(genesis.origin(), VerifyKey.parse(Suite.ED25519_2026, genesis.checkpointKey()));
        return VerifiedCheckpoint.open(note, log);
    }

    // ---- reading from inside the writer, which knows no ledger

    /** Carries the ledger's exception through the writer. */
    private static final class Reading extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient LedgerException fault;

        Reading(LedgerException fault) {
            super(fault);
            this.fault = fault;
        }
    }

    private InclusionProof proof(LeafIndex index, TreeSize size) {
        try {
            return ledger.inclusion(index, size);
        } catch (LedgerException e) {
            throw new Reading(e);
        }
    }

    private Optional<byte[]> body(long index, List<RecordId> lost) {
        try {
            Optional<StoredRecord> stored = ledger.record(new LeafIndex(index));
            stored.filter(StoredRecord::bodyDamaged)
                    .ifPresent(found -> lost.add(found.record().id()));
            return stored.flatMap(StoredRecord::body);
        } catch (LedgerException e) {
            throw new Reading(e);
        }
    }

    private Optional<byte[]> artefact(Hash digest, SortedSet<Hash> missing) {
        try {
            Optional<byte[]> bytes = ledger.artefact(digest);
            if (bytes.isEmpty()) {
                missing.add(digest);
            }
            return bytes;
        } catch (LedgerException e) {
            throw new Reading(e);
        }
    }
}
