package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.SignedNote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A proof bundle as it was read: its files taken apart, nothing checked but their form ({@code docs/spec/bundle.md}). Immutable, if the
 * caller leaves the arrays alone.
 *
 * <p>Security property: {@link #parse} accepts exactly what {@link #bytes} writes. Whoever needs a bundle that proves something asks for a
 * {@link dev.jurat.proof.verify.VerifiedBundle}.
 *
 * @param leaves the bytes of leaves by their index
 * @param proofs {@code .tlog-proof} files by index; none where the bundle has every leaf of the tree
 * @param bodies by the index of their record
 * @param artefacts by their digest
 */
public record Bundle(
        Scope scope,
        SignedNote checkpoint,
        NavigableMap<Long, byte[]> leaves,
        NavigableMap<Long, byte[]> proofs,
        NavigableMap<Long, byte[]> bodies,
        NavigableMap<Hash, byte[]> artefacts,
        byte[] manifest,
        byte[] summary) {
    public Bundle {
        leaves = Collections.unmodifiableNavigableMap(new TreeMap<>(leaves));
        proofs = Collections.unmodifiableNavigableMap(new TreeMap<>(proofs));
        bodies = Collections.unmodifiableNavigableMap(new TreeMap<>(bodies));
        artefacts = Collections.unmodifiableNavigableMap(new TreeMap<>(artefacts));
    }

    /** The largest bundle, in bytes; a larger file need not be read. */
    public static int bytesMax() {
        return StrictZip.BYTES_MAX;
    }

    /** What the checkpoint states, unchecked; codes of {@link Checkpoint#parse}. */
    public Checkpoint stated() throws FormatException {
        return Checkpoint.parse(checkpoint.text());
    }

    public byte[] bytes() {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(Layout.MANIFEST.file(), manifest));
        entries.add(new Entry(Layout.CHECKPOINT.file(), checkpoint.bytes()));
        leaves.forEach((index, bytes) -> entries.add(new Entry(Layout.LEAF.name(index), bytes)));
        proofs.forEach((index, bytes) -> entries.add(new Entry(Layout.PROOF.name(index), bytes)));
        bodies.forEach((index, bytes) -> entries.add(new Entry(Layout.BODY.name(index), bytes)));
        artefacts.forEach((digest, bytes) -> entries.add(new Entry(Layout.ARTEFACT.name(digest), bytes)));
        entries.add(new Entry(Layout.SUMMARY.file(), summary));
        return StrictZip.write(entries);
    }

    /**
     * Takes a bundle apart.
     *
     * @throws FormatException the codes of {@code docs/spec/bundle.md} §6, steps 1 and 2
     */
    public static Bundle parse(byte[] zip) throws FormatException {
        List<Entry> entries = StrictZip.read(zip);
        requireFile(entries, 0, Layout.MANIFEST);
        requireFile(entries, 1, Layout.CHECKPOINT);
        requireFile(entries, entries.size() - 1, Layout.SUMMARY);
        NavigableMap<Long, byte[]> leaves = new TreeMap<>();
        NavigableMap<Long, byte[]> proofs = new TreeMap<>();
        NavigableMap<Long, byte[]> bodies = new TreeMap<>();
        NavigableMap<Hash, byte[]> artefacts = new TreeMap<>();
        for (Entry entry : entries) {
            Layout layout = Layout.require(entry.name());
            switch (layout) {
                case LEAF -> leaves.put(layout.index(entry.name()), entry.bytes());
                case PROOF -> proofs.put(layout.index(entry.name()), entry.bytes());
                case BODY -> bodies.put(layout.index(entry.name()), entry.bytes());
                case ARTEFACT -> artefacts.put(layout.digest(entry.name()), entry.bytes());
                case MANIFEST, CHECKPOINT, SUMMARY -> {
                    // Each stands once, as their order makes sure; taken by name above and below.
                }
            }
        }
        byte[] manifest = entries.getFirst().bytes();
        return new Bundle(
                Manifest.scope(manifest),
                SignedNote.parse(entries.get(1).bytes()),
                leaves,
                proofs,
                bodies,
                artefacts,
                manifest,
                entries.getLast().bytes());
    }

    private static void requireFile(List<Entry> entries, int at, Layout layout) throws FormatException {
        if (at >= entries.size() || at < 0 || !entries.get(at).name().equals(layout.file())) {
            throw new FormatException("entry-missing", "no " + layout.file() + " in its place");
        }
    }
}
