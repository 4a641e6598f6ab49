package dev.jurat.testkit;

import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.SignedRecord;
import java.util.List;
import java.util.Optional;

/** A log in memory as an audit reads it, under a checkpoint; it has no tiles and no bodies. */
public record WorldSource(TestLog log, SignedNote note) implements LogSource {
    @Override
    public SignedNote checkpoint(Optional<NoteVerifier> known) {
        return note;
    }

    @Override
    public Optional<byte[]> entries(EntryBundle bundle) {
        int first = (int) bundle.index() * Tile.WIDTH_MAX;
        if (first + bundle.width() > log.leaves().size()) {
            return Optional.empty();
        }
        List<byte[]> leaves = log.leaves().subList(first, first + bundle.width()).stream()
                .map(SignedRecord::leaf)
                .toList();
        return Optional.of(bundle.encode(leaves));
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
    public boolean hasArtefacts() {
        return true;
    }

    @Override
    public Optional<byte[]> artefact(Hash digest) {
        return Optional.ofNullable(log.artefacts().get(digest));
    }
}
