package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import java.io.IOException;
import java.util.Optional;

/**
 * Where an audit reads a log: what its node serves, or what a data folder holds. Nothing that it gives is believed.
 *
 * <p>An {@link IOException} means that nobody knows what is there: the audit ends without a verdict. Entries and bodies are asked
 * for by several threads at once, and ahead of their turn.
 */
public interface LogSource {
    /**
     * The newest checkpoint.
     *
     * @param known the log's key, where somebody outside has told it
     * @throws FormatException if what is there in its place is none, or nothing is: {@code checkpoint-missing}
     */
    SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException;

    /** Whether the checkpoint here has the log's second line, if the log has one: what is stored without it cannot be asked for it. */
    default boolean hasSecondLine() throws IOException {
        return true;
    }

    /** The bytes of an entry bundle; empty where nothing is. */
    Optional<byte[]> entries(EntryBundle bundle) throws IOException;

    /** The bytes of a hash tile; empty where nothing is. */
    Optional<byte[]> tile(Tile tile) throws IOException;

    /** Whether it is a defect that a tile which the log's size implies is not there. */
    boolean owes(Tile tile) throws IOException;

    /**
     * The body of a leaf; empty if it was erased, or bodies are not given here.
     *
     * @throws FormatException {@code body-damaged} if something is kept in its place, or was lost, although nobody erased it
     */
    default Optional<byte[]> body(long index) throws IOException, FormatException {
        return Optional.empty();
    }

    /** Whether of a body that is not given a half is there, its key or its bytes: that is a defect unless an erasure on the log names it. */
    default boolean isHalfGone(long index) throws IOException {
        return false;
    }

    /** Whether artefacts are given here, so that the absence of a published one is a defect. */
    default boolean hasArtefacts() {
        return false;
    }

    /** The artefact of this digest; empty where there is none, or a damaged one, or this source gives no such. */
    default Optional<byte[]> artefact(Hash digest) throws IOException {
        return Optional.empty();
    }
}
