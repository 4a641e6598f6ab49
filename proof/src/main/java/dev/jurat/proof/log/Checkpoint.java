package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;

/**
 * What a log says about itself at one moment: its origin, its size and its root. Unsigned; see {@link VerifiedCheckpoint}.
 *
 * <p>Three lines and no extension lines, which some cosignatures do not cover.
 */
public record Checkpoint(String origin, TreeSize size, Hash root) {
    /** Refuses an origin that cannot be a key name, and a root of the empty tree that is not, with an {@link IllegalArgumentException}. */
    public Checkpoint {
        if (!NoteNames.isValid(origin)) {
            throw new IllegalArgumentException("an origin is not empty and has no spaces and no plus");
        }
        if (size.value() == 0 && !root.equals(Rfc6962.EMPTY_ROOT)) {
            throw new IllegalArgumentException("the empty tree has one root");
        }
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws FormatException {@code checkpoint-syntax}, {@code checkpoint-extension}, {@code checkpoint-origin},
     *     {@code checkpoint-size}, {@code checkpoint-root}
     */
    public static Checkpoint parse(String text) throws FormatException {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[lines.length - 1].isEmpty()) {
            throw new FormatException("checkpoint-syntax", "a checkpoint is three lines");
        }
        if (lines.length > 4) {
            throw new FormatException("checkpoint-extension", "extension lines are not used");
        }
        if (!NoteNames.isValid(lines[0])) {
            throw new FormatException("checkpoint-origin", "not an origin");
        }
        TreeSize size = new TreeSize(Decimal.parse(lines[1], "checkpoint-size"));
        Hash root = root(lines[2]);
        if (size.value() == 0 && !root.equals(Rfc6962.EMPTY_ROOT)) {
            throw new FormatException("checkpoint-root", "the empty tree has one root");
        }
        return new Checkpoint(lines[0], size, root);
    }

    /** Three lines, each with its line feed: origin, size, root in base64. */
    public String text() {
        return origin + "\n" + size + "\n" + Base64Text.encode(root.bytes()) + "\n";
    }

    private static Hash root(String line) throws FormatException {
        byte[] bytes;
        try {
            bytes = Base64Text.decode(line);
        } catch (FormatException e) {
            throw new FormatException("checkpoint-root", "the root is not base64");
        }
        if (bytes.length != Hash.BYTES) {
            throw new FormatException("checkpoint-root", "the root has not 32 bytes");
        }
        return Hash.ofBytes(bytes);
    }
}
