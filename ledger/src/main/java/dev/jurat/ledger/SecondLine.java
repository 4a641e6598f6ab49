package dev.jurat.ledger;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.MlDsaKey;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.SecondLineSigner;
import dev.jurat.proof.log.SignedNote;
import java.util.Optional;

/**
 * The checkpoints of a log as they leave it: with a second line, where it has a key for one. Signed once for each size that somebody asks for,
 * and not with each commit. Thread-safe.
 */
final class SecondLine {
    private final Optional<SecondLineSigner> signer;
    private Optional<Signed> newest = Optional.empty();

    private record Signed(byte[] given, SignedNote note) {}

    SecondLine(String origin, Optional<MlDsaKey> key) {
        this.signer = key.map(known -> new SecondLineSigner(origin, known));
    }

    Optional<SecondLineKey> key() {
        return signer.map(SecondLineSigner::verifier);
    }

    /** The checkpoint of a head, complete. */
    synchronized SignedNote of(LedgerHead head) {
        byte[] given = head.checkpoint();
        if (newest.isPresent() && newest.get().given() == given) {
            return newest.get().note();
        }
        try {
            SignedNote note = SignedNote.parse(given);
            if (signer.isPresent()) {
                note = note.with(signer.get().sign(Checkpoint.parse(note.text())));
            }
            newest = Optional.of(new Signed(given, note));
            return note;
        } catch (FormatException e) {
            throw new IllegalStateException("our own checkpoint does not parse", e);
        }
    }
}
