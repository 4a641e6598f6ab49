package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Rfc6962;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * The standings of 256 leaves in a row, fewer at the end of the log: a leaf of the state's tree ({@code docs/spec/state.md} §2). Immutable.
 *
 * <p>Security property: {@link #decode} accepts exactly what {@link #encode} writes, so that a chunk's hash has one meaning.
 */
public final class StateChunk {
    /** How many leaves a full chunk is of. */
    public static final int LEAVES = 256;

    private static final byte[] NOTHING = {};

    private final List<byte[]> standings;

    private StateChunk(List<byte[]> standings) {
        this.standings = standings;
    }

    /** The number of the chunk that a leaf is in. */
    public static long numberOf(long leaf) {
        return leaf / LEAVES;
    }

    /** The place of a leaf in its chunk. */
    public static int slotOf(long leaf) {
        return (int) (leaf % LEAVES);
    }

    /** How many chunks the state of a size has. */
    public static long count(long size) {
        return (size + LEAVES - 1) / LEAVES;
    }

    /** How many leaves a chunk is of in the state of a size that has it. */
    public static int leaves(long number, long size) {
        return (int) Math.min(LEAVES, size - number * LEAVES);
    }

    /** A chunk of so many leaves without standings. */
    public static StateChunk empty(int leaves) {
        return new StateChunk(List.of()).with(leaves, Collections.emptySortedMap());
    }

    /** Reads the standings of exactly so many leaves, 0 to 256; {@code state-chunk}, {@code state-number}. */
    public static StateChunk decode(byte[] bytes, int leaves) throws FormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<byte[]> standings = new ArrayList<>(leaves);
        for (int slot = 0; slot < leaves; slot++) {
            standings.add(standing(in));
        }
        if (in.hasRemaining()) {
            throw new FormatException("state-chunk", "a chunk goes on behind its last leaf");
        }
        return new StateChunk(standings);
    }

    private static byte[] standing(ByteBuffer in) throws FormatException {
        long length = Numbers.read(in);
        if (length > in.remaining()) {
            throw new FormatException("state-chunk", "a standing is shorter than it says");
        }
        if (length == 0) {
            return NOTHING;
        }
        byte[] standing = new byte[(int) length];
        in.get(standing);
        return standing;
    }

    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 * LEAVES);
        for (byte[] standing : standings) {
            Numbers.write(out, standing.length);
            out.writeBytes(standing);
        }
        return out.toByteArray();
    }

    /** The chunk grown to so many leaves, with these standings, by slot, in place of what was there. */
    public StateChunk with(int leaves, SortedMap<Integer, byte[]> changed) {
        if (leaves < leaves() || leaves > LEAVES) {
            throw new IllegalArgumentException("a chunk of " + leaves() + " leaves cannot become one of " + leaves);
        }
        List<byte[]> next = new ArrayList<>(leaves);
        next.addAll(standings);
        while (next.size() < leaves) {
            next.add(NOTHING);
        }
        changed.forEach((slot, standing) -> next.set(slot, standing.clone()));
        return new StateChunk(next);
    }

    /** The standing of the leaf in a slot; empty for most. */
    public byte[] standing(int slot) {
        return standings.get(slot).clone();
    }

    public int leaves() {
        return standings.size();
    }

    /** The hash of an encoded chunk as a leaf of the state's tree. */
    public static Hash hash(byte[] encoded) {
        return Rfc6962.leafHash(encoded);
    }
}
