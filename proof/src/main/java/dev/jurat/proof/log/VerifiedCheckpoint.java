package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint whose log signature has been checked, with the cosigners whose signatures were there and good. Only {@link #open} makes one.
 *
 * <p>Security property: the log's key was given from outside, and its name is the checkpoint's origin. That a log signed it says nothing
 * yet about other checkpoints of the same log: that is what cosigners and consistency proofs are for.
 */
public final class VerifiedCheckpoint {
    private final Checkpoint checkpoint;
    private final SignedNote note;
    private final List<NoteVerifier> cosigners;

    private VerifiedCheckpoint(Checkpoint checkpoint, SignedNote note, List<NoteVerifier> cosigners) {
        this.checkpoint = checkpoint;
        this.note = note;
        this.cosigners = cosigners;
    }

    /** Checks the log's signature alone; see {@link #open(SignedNote, NoteVerifier, List)}. */
    public static VerifiedCheckpoint open(SignedNote note, NoteVerifier log) throws FormatException {
        return open(note, log, List.of());
    }

    /**
     * Checks the log's signature, and those of every cosigner given that is there.
     *
     * @throws FormatException {@code note-signature-missing} if the log's is not there, {@code note-signature-invalid},
     *     {@code checkpoint-origin-mismatch}, or what {@link Checkpoint#parse} refuses
     */
    public static VerifiedCheckpoint open(SignedNote note, NoteVerifier log, List<NoteVerifier> cosigners)
            throws FormatException {
        return open(note, log, Optional.empty(), cosigners);
    }

    /**
     * The same, and the log's second line, where its key is known.
     *
     * @throws FormatException {@code second-line-missing}, {@code second-line-order} if it stands before the log's Ed25519 line,
     *     {@code note-signature-invalid} if one by this key does not verify
     */
    public static VerifiedCheckpoint open(
            SignedNote note, NoteVerifier log, Optional<SecondLineKey> second, List<NoteVerifier> cosigners)
            throws FormatException {
        note.verify(List.of(log));
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        if (!checkpoint.origin().equals(log.name())) {
            throw new FormatException("checkpoint-origin-mismatch", "the origin is not the name of the log's key");
        }
        if (second.isPresent()) {
            requireSecond(note, checkpoint, log, second.get());
        }
        return new VerifiedCheckpoint(checkpoint, note, note.present(cosigners));
    }

    private static void requireSecond(SignedNote note, Checkpoint checkpoint, NoteVerifier log, SecondLineKey second)
            throws FormatException {
        boolean first = false;
        boolean found = false;
        for (NoteSignature line : note.signatures()) {
            first = first || log.matches(line);
            if (second.matches(line)) {
                found = true;
                if (!first) {
                    throw new FormatException(
                            "second-line-order", "the log's second line stands before its Ed25519 line");
                }
                if (!second.verifies(checkpoint, line)) {
                    throw new FormatException(
                            "note-signature-invalid", "the second line of " + second.name() + " does not verify");
                }
            }
        }
        if (!found) {
            throw new FormatException("second-line-missing", "the checkpoint has no second line by the log");
        }
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** The note as it was read, unknown signatures included. */
    public SignedNote note() {
        return note;
    }

    /** Their cosignatures, with the time that each states. */
    public List<Cosigned> cosigned() {
        return cosigners.stream()
                .map(key -> new Cosigned(key.name(), seconds(key)))
                .toList();
    }

    private long seconds(NoteVerifier key) {
        return note.signatures().stream()
                .flatMapToLong(line -> key.cosignedAtSeconds(line).stream())
                .findFirst()
                .orElse(0);
    }

    /** The cosigners asked for whose signatures are there and good, in the order asked. */
    public List<NoteVerifier> cosigners() {
        return cosigners;
    }
}
