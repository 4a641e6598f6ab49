package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** One signature line of a note, not yet checked: a key name, a 4-byte key id, and bytes. Immutable, compared by value. */
public final class NoteSignature {
    static final String PREFIX = "\u2014 ";
    private static final int ID_BYTES = 4;

    private final String name;
    private final int keyId;
    private final byte[] bytes;

    NoteSignature(String name, int keyId, byte[] bytes) {
        this.name = name;
        this.keyId = keyId;
        this.bytes = bytes;
    }

    /**
     * Reads a line without its line feed.
     *
     * @throws FormatException {@code note-signature-line}
     */
    public static NoteSignature parse(String line) throws FormatException {
        int space = line.indexOf(' ', PREFIX.length());
        if (!line.startsWith(PREFIX) || space < 0) {
            throw refused();
        }
        String name = line.substring(PREFIX.length(), space);
        byte[] blob;
        try {
            blob = Base64Text.decode(line.substring(space + 1));
        } catch (FormatException e) {
            throw refused();
        }
        if (!NoteNames.isValid(name) || blob.length <= ID_BYTES) {
            throw refused();
        }
        int keyId = ByteBuffer.wrap(blob).getInt();
        return new NoteSignature(name, keyId, Arrays.copyOfRange(blob, ID_BYTES, blob.length));
    }

    public String name() {
        return name;
    }

    /** The key id, a big-endian number of 32 bits. */
    public int keyId() {
        return keyId;
    }

    /** What follows the key id; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The line without its line feed. */
    public String line() {
        byte[] blob = ByteBuffer.allocate(ID_BYTES + bytes.length)
                .putInt(keyId)
                .put(bytes)
                .array();
        return PREFIX + name + " " + Base64Text.encode(blob);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteSignature that
                && keyId == that.keyId
                && name.equals(that.name)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return line();
    }

    private static FormatException refused() {
        return new FormatException("note-signature-line", "a signature line is an em dash, a key name and base64");
    }
}
