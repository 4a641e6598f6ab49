package dev.jurat.ledger.store;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.RightEdge;
import dev.jurat.proof.log.TreeSize;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The leaves of a log that its reader is not given, since it knows what they come to: how many, and what the tree has of them. Their root is the one that
 * the reader named; leaf 0 is under it.
 *
 * <p>To be used while it is handed over, and not later.
 */
public final class Skipped {
    private final byte[] genesis;
    private final RightEdge edge;
    private final Tiles tiles;

    Skipped(byte[] genesis, Tiles tiles) {
        this.genesis = genesis;
        this.edge = tiles.edge();
        this.tiles = tiles;
    }

    /** How many leaves. */
    public long size() {
        return edge.size().value();
    }

    /** Leaf 0. */
    public byte[] genesis() {
        return genesis.clone();
    }

    /** The right edge of the tree over them, which grows by itself from here. */
    public RightEdge edge() {
        return edge.copy();
    }

    /**
     * The root of the first of them, as the tiles have it.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    public Hash rootAt(long size) throws IOException {
        if (size > size()) {
            throw new IllegalArgumentException("of " + size() + " leaves, " + size + " have no root");
        }
        try {
            TreeSize at = new TreeSize(size);
            return Rfc6962.root(tiles.reader(at), at);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
