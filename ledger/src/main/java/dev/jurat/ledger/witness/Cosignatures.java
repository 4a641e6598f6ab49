package dev.jurat.ledger.witness;

import dev.jurat.proof.log.NoteSignature;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cosignatures that came in for the newest checkpoints asked about, each beside the log's own line. Not thread-safe. */
final class Cosignatures {
    /** A witness that answers a round later still finds its checkpoint here. */
    private static final int CHECKPOINTS_MAX = 8;

    private final Map<String, SignedNote> byText = new LinkedHashMap<>();

    /** Starts with what was kept before. */
    Cosignatures(Optional<SignedNote> kept) {
        kept.ifPresent(note -> byText.put(note.text(), note));
    }

    /** The checkpoint with one more line, in the place of an older one of that key. */
    SignedNote add(SignedNote asked, NoteVerifier key, NoteSignature line) {
        SignedNote before = byText.getOrDefault(asked.text(), asked);
        List<NoteSignature> lines = new ArrayList<>(before.signatures());
        lines.removeIf(key::matches);
        lines.add(line);
        SignedNote after = new SignedNote(asked.text(), lines);
        byText.put(asked.text(), after);
        if (byText.size() > CHECKPOINTS_MAX) {
            byText.remove(byText.keySet().iterator().next());
        }
        return after;
    }
}
