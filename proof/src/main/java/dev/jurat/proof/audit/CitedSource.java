package dev.jurat.proof.audit;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import java.io.IOException;
import java.util.Optional;

/**
 * The statements of a log as far as a checkpoint of it goes that somebody kept, whatever came after. Bodies are not given, and of artefacts what it
 * cites of its own predecessor alone: neither bears on who its people are. Nor are tiles, which may be of another size: the root is computed.
 */
record CitedSource(LogSource log, SignedNote cited) implements LogSource {
    @Override
    public SignedNote checkpoint(Optional<NoteVerifier> known) {
        return cited;
    }

    @Override
    public boolean hasSecondLine() throws IOException {
        return log.hasSecondLine();
    }

    @Override
    public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
        return log.entries(bundle);
    }

    @Override
    public Optional<byte[]> tile(Tile tile) {
        return Optional.empty();
    }

    @Override
    public boolean owes(Tile tile) {
        return false;
    }

    @Override
    public Optional<byte[]> artefact(Hash digest) throws IOException {
        return log.artefact(digest);
    }
}
