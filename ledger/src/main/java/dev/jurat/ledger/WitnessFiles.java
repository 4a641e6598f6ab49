package dev.jurat.ledger;

import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.HashReader;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a data folder keeps of its witnesses: the newest checkpoint that enough of them cosigned, in the file {@code witnessed}, and in
 * {@code halt} what each said that stopped the ledger. Thread-safe.
 *
 * <p>Both are whole or not there. A checkpoint that is ahead of the folder, or has another root, proves that the folder went back.
 */
final class WitnessFiles {
    private static final String WITNESSED = "witnessed";
    private static final String HALT = "halt";

    private final Storage storage;
    private final NoteVerifier log;
    private Optional<VerifiedCheckpoint> newest = Optional.empty();
    private Optional<TlogPolicy> policy = Optional.empty();
    private Quorum quorum = Quorum.NOBODY;
    private Halts halts = Halts.NONE;

    private WitnessFiles(Storage storage, NoteVerifier log) {
        this.storage = storage;
        this.log = log;
    }

    /**
     * Reads what is there.
     *
     * @throws StorageException {@code witnessed-damaged}, {@code log-went-back}, {@code root-differs}, {@code halt-damaged}
     */
    static WitnessFiles open(
            Storage storage, NoteVerifier log, TreeSize size, Hash root, Function<TreeSize, HashReader> hashes)
            throws IOException, StorageException {
        WitnessFiles files = new WitnessFiles(storage, log);
        files.halts = readHalts(storage);
        Optional<byte[]> content = storage.read(WITNESSED);
        if (content.isPresent()) {
            files.newest = Optional.of(files.read(content.get()));
            requireOurs(files.newest.get(), size, root, hashes);
        }
        return files;
    }

    private VerifiedCheckpoint read(byte[] content) throws StorageException {
        try {
            return VerifiedCheckpoint.open(SignedNote.parse(content), log);
        } catch (FormatException e) {
            throw new StorageException(
                    "witnessed-damaged", "the file witnessed is no checkpoint of this log: " + e.getMessage());
        }
    }

    private static void requireOurs(
            VerifiedCheckpoint kept, TreeSize size, Hash root, Function<TreeSize, HashReader> hashes)
            throws StorageException {
        TreeSize seen = kept.checkpoint().size();
        if (seen.compareTo(size) > 0) {
            throw new StorageException(
                    "log-went-back", "size " + seen + " was signed and cosigned, but the data folder holds " + size);
        }
        try {
            ConsistencyProof.make(hashes.apply(size), seen, size)
                    .verify(kept.checkpoint().root(), root);
        } catch (FormatException e) {
            throw new StorageException(
                    "root-differs", "the root at size " + seen + " is not the one that was signed and cosigned");
        }
    }

    NoteVerifier log() {
        return log;
    }

    // ---- the newest witnessed checkpoint

    synchronized Optional<SignedNote> newest() {
        return newest.map(VerifiedCheckpoint::note);
    }

    synchronized Quorum quorum() {
        return quorum;
    }

    /** From here on, what is witnessed is what this policy calls so; what is kept counts if it does. */
    synchronized void countBy(TlogPolicy wanted) {
        policy = Optional.of(wanted);
        TreeSize size = newest.filter(kept -> isMet(wanted, kept.note()))
                .map(kept -> kept.checkpoint().size())
                .orElse(TreeSize.EMPTY);
        quorum = new Quorum(wanted.quorum(), Optional.of(wanted.digest()), size);
    }

    private boolean isMet(TlogPolicy wanted, SignedNote note) {
        try {
            VerifiedCheckpoint seen = VerifiedCheckpoint.open(note, log, wanted.keys());
            return !seen.cosigners().isEmpty() && wanted.met(seen.cosigners());
        } catch (FormatException e) {
            return false;
        }
    }

    /**
     * Keeps a checkpoint that is not older than the one that is kept, durably once it returns, if enough have cosigned it; says whether they
     * have. The caller has it of this log.
     */
    synchronized boolean keep(SignedNote note) throws IOException, FormatException {
        VerifiedCheckpoint seen = VerifiedCheckpoint.open(note, log);
        TreeSize size = seen.checkpoint().size();
        if (policy.isEmpty() || size.compareTo(quorum.size()) < 0 || !isMet(policy.get(), note)) {
            return false;
        }
        WriteOnce file = new WriteOnce(storage);
        file.put(WITNESSED, note.bytes());
        // A crash before this leaves the older checkpoint or the new one, each whole; the witnesses sign again.
        file.finish();
        newest = Optional.of(seen);
        quorum = new Quorum(quorum.name(), quorum.policy(), size);
        return true;
    }

    // ---- why the ledger is halted

    private static Halts readHalts(Storage storage) throws IOException, StorageException {
        Optional<byte[]> content = storage.read(HALT);
        try {
            return content.isPresent() ? Halts.read(content.get()) : Halts.NONE;
        } catch (FormatException e) {
            throw new StorageException(
                    "halt-damaged", "the file halt, which says what witnesses have seen, cannot be read");
        }
    }

    synchronized List<Halt> halts() {
        return halts.all();
    }

    /** Remembers a halt beside those of other witnesses, and keeps it for later starts; where that fails, it is remembered all the same. */
    synchronized void keep(Halt why) throws IOException {
        halts = halts.with(why);
        // A crash in this forgets this halt, and no other: the next start asks the same witness before it signs.
        write(halts);
    }

    /** Forgets the halts that are over. */
    synchronized void drop(Predicate<Halt> over) throws IOException {
        Halts left = halts.without(over);
        if (left.equals(halts)) {
            return;
        }
        // A crash in this brings them back: the next start asks the same witnesses again.
        if (left.all().isEmpty()) {
            storage.delete(HALT);
            storage.syncFolder("");
        } else {
            write(left);
        }
        halts = left;
    }

    private void write(Halts wanted) throws IOException {
        WriteOnce file = new WriteOnce(storage);
        file.put(HALT, wanted.bytes());
        file.finish();
    }
}
