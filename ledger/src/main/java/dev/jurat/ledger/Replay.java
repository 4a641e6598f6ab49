package dev.jurat.ledger;

import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.EntryReader;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.RightEdge;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Builds the lifecycle again from every leaf as a log is opened, and holds what it reads against the newest checkpoint that was signed.
 *
 * <p>Signatures are checked again except below a size whose root is under this ledger's own signature: there the root says that the leaves
 * are those that were checked when they came.
 */
final class Replay implements EntryReader {
    private final LedgerKeys keys;
    private final Lifecycle lifecycle;
    private final CheckedSignatures checker;
    private final Admission admission;
    private final Flagged flagged;
    private final Optional<HeadMark.Mark> mark;
    private final RightEdge edge = RightEdge.empty();
    private String origin = "";
    private boolean markSigned;

    Replay(
            LedgerKeys keys,
            Lifecycle lifecycle,
            CheckedSignatures checker,
            Admission admission,
            Flagged flagged,
            Optional<HeadMark.Mark> mark) {
        this.keys = keys;
        this.lifecycle = lifecycle;
        this.checker = checker;
        this.admission = admission;
        this.flagged = flagged;
        this.mark = mark;
    }

    @Override
    public void read(long index, byte[] leaf) throws StorageException {
        SignedRecord record = parse(index, leaf);
        if (index == 0) {
            begin(record);
        } else {
            checker.dangerouslyTrust(
                    markSigned && mark.isPresent() && index < mark.get().size());
            follow(index, record);
        }
        admission.replayed(index, record);
        edge.append(Rfc6962.leafHash(leaf));
        if (mark.isPresent()
                && mark.get().size() == index + 1
                && !edge.root().equals(mark.get().root())) {
            throw new StorageException("root-differs", "the root at size " + (index + 1) + " is not the one signed");
        }
    }

    /** What was signed was not cut off but lost, and what is left of it stays. */
    @Override
    public void torn() throws StorageException {
        long size = edge.size().value();
        if (mark.isPresent() && mark.get().size() > size) {
            throw new StorageException(
                    "log-went-back", "size " + mark.get().size() + " was signed, but the data folder holds " + size);
        }
    }

    /** Ends the reading; the log must reach at least to what was signed. */
    String end() throws StorageException {
        checker.dangerouslyTrust(false);
        torn();
        if (edge.size().value() == 0) {
            throw new StorageException("log-empty", "the data folder has no genesis");
        }
        return origin;
    }

    private static SignedRecord parse(long index, byte[] leaf) throws StorageException {
        try {
            return SignedRecord.ofLeaf(leaf);
        } catch (FormatException e) {
            throw new StorageException("entries-damaged", "leaf " + index + ": " + e.code());
        }
    }

    private void begin(SignedRecord record) throws StorageException {
        try {
            lifecycle.begin(record);
        } catch (FormatException e) {
            throw new StorageException("entries-damaged", "leaf 0: " + e.code());
        }
        if (!(record.statement().facts() instanceof LedgerFacts.Genesis genesis)) {
            throw new IllegalStateException("the lifecycle began with " + record);
        }
        String recordKey =
                lifecycle.principal(Stream.LEDGER.principal()).orElseThrow().key();
        boolean ours =
                genesis.checkpointKey().equals(keys.checkpoint().verifyKey().text())
                        && recordKey.equals(keys.record().verifyKey().text());
        if (!ours) {
            throw new StorageException("keys-differ", "the keys given are not those that genesis names");
        }
        origin = genesis.origin();
        markSigned = mark.isPresent() && isSigned(mark.get());
        if (mark.isPresent() && !markSigned) {
            throw HeadMark.damaged("is not signed by this log");
        }
    }

    private boolean isSigned(HeadMark.Mark signed) {
        Hash root = signed.root();
        boolean impossible = signed.size() <= 0;
        if (impossible) {
            return false;
        }
        byte[] text =
                new Checkpoint(origin, new TreeSize(signed.size()), root).text().getBytes(StandardCharsets.UTF_8);
        return keys.checkpoint().verifyKey().verifies(text, signed.signature());
    }

    private void follow(long index, SignedRecord record) throws StorageException {
        Judgement judgement = lifecycle.judge(Candidate.of(record));
        if (!(judgement instanceof Judgement.Admitted admitted)) {
            throw new StorageException("entries-damaged", "leaf " + index + " may not stand there: " + judgement);
        }
        lifecycle.placed(record, index, admitted.flags());
        flagged.put(index, admitted.flags());
    }
}
