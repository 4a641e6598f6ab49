package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.RightEdge;
import dev.jurat.proof.log.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tree over the leaves as they are read, and whether the tiles that a source gives are this tree's. Holds one tile a level. Not
 * thread-safe.
 */
final class TileCheck {
    private static final String LEAF = "leaf ";

    private final LogSource source;
    private final Tell defect;
    private final RightEdge edge = RightEdge.empty();
    /** The tile of each level that is being filled. */
    private final List<List<Hash>> growing = new ArrayList<>();

    private final List<Full> full = new ArrayList<>();
    private boolean unknown;

    @FunctionalInterface
    interface Tell {
        void defect(String code, String where, String text);
    }

    private record Full(Tile tile, List<Hash> hashes) {}

    TileCheck(LogSource source, Tell defect) {
        this.source = source;
        this.defect = defect;
    }

    /** Adds the leaf that follows. */
    void add(Hash leaf) {
        edge.append(leaf, this::complete);
    }

    private void complete(int level, long index, Hash hash) {
        if (level % 8 != 0) {
            return;
        }
        if (growing.size() == level / 8) {
            growing.add(new ArrayList<>());
        }
        List<Hash> tile = growing.get(level / 8);
        tile.add(hash);
        if (tile.size() == Tile.WIDTH_MAX) {
            full.add(new Full(new Tile(level / 8, index / Tile.WIDTH_MAX, Tile.WIDTH_MAX), List.copyOf(tile)));
            tile.clear();
        }
    }

    long size() {
        return edge.size().value();
    }

    /** The root over all leaves so far; empty where some could not be had in any way. */
    Optional<Hash> root() {
        return unknown ? Optional.empty() : Optional.of(edge.root());
    }

    /** Goes on behind leaves that cannot be read, from one of them on: by their hashes, where a tile has those. */
    void unread(EntryBundle bundle, long from) throws IOException {
        Tile tile = new Tile(0, bundle.index(), bundle.width());
        try {
            Optional<byte[]> bytes = source.tile(tile);
            if (bytes.isPresent()) {
                List<Hash> hashes = tile.decode(bytes.get());
                hashes.subList((int) (from % Tile.WIDTH_MAX), hashes.size()).forEach(this::add);
                full.removeIf(one -> one.tile().level() == 0);
                return;
            }
        } catch (FormatException e) {
            defect.defect(e.code(), tile.path(), String.valueOf(e.getMessage()));
        }
        unknown = true;
    }

    /** Compares the tiles that have been filled; one that cannot be had now is compared the next time. */
    void compare() throws IOException {
        while (!full.isEmpty()) {
            compare(full.getFirst().tile(), full.getFirst().hashes(), defect);
            full.removeFirst();
        }
    }

    /** Compares those that the last leaves have begun, too. */
    void end(Tell tell) throws IOException {
        compare();
        for (int level = 0; level < growing.size(); level++) {
            List<Hash> hashes = growing.get(level);
            if (!hashes.isEmpty()) {
                long index = edge.size().value() >>> (8 * level + 8);
                compare(new Tile(level, index, hashes.size()), hashes, tell);
            }
        }
    }

    private void compare(Tile tile, List<Hash> hashes, Tell tell) throws IOException {
        if (unknown) {
            return;
        }
        Optional<byte[]> bytes = source.tile(tile);
        if (bytes.isEmpty()) {
            if (source.owes(tile)) {
                tell.defect("tile-missing", tile.path(), "a tile of the checkpoint's size is not there");
            }
            return;
        }
        try {
            List<Hash> given = tile.decode(bytes.get());
            for (int i = 0; i < hashes.size(); i++) {
                if (!given.get(i).equals(hashes.get(i))) {
                    String which = tile.level() == 0 ? LEAF + (tile.index() * Tile.WIDTH_MAX + i) + ", " : "";
                    tell.defect("tile-mismatch", which + tile.path(), "hash " + i + " is not that of its leaves");
                    return;
                }
            }
        } catch (FormatException e) {
            tell.defect(e.code(), tile.path(), String.valueOf(e.getMessage()));
        }
    }
}
