package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;

/** What a note key signs: the type byte of C2SP signed notes. Both kinds here are Ed25519. */
public enum NoteKeyType {
    /** A signature over the note text: type 01. */
    ED25519(0x01),
    /** A timestamped cosignature of a checkpoint, {@code cosignature/v1}: type 04. */
    COSIGNATURE_V1(0x04);

    private final byte code;

    NoteKeyType(int code) {
        this.code = (byte) code;
    }

    /** The type byte. */
    public byte code() {
        return code;
    }

    static NoteKeyType of(byte code) throws FormatException {
        for (NoteKeyType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new FormatException("vkey-type", "note keys of this type are not supported");
    }
}
