package dev.jurat.proof.predecessor;

import dev.jurat.proof.FormatException;
import java.util.Arrays;

/** Why a log was given up for another. */
public enum Reason {
    /** Its key, or all of its folder but a copy, is gone. */
    KEY_LOST("key-lost"),
    /** Its key is, or may be, in other hands. */
    KEY_STOLEN("key-stolen"),
    /** Neither: its people decided so. */
    PLANNED("planned");

    private final String wire;

    Reason(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** Reads what {@link #wire} writes; {@code predecessor-syntax}. */
    public static Reason parse(String wire) throws FormatException {
        return Arrays.stream(values())
                .filter(reason -> reason.wire.equals(wire))
                .findFirst()
                .orElseThrow(() ->
                        new FormatException(Citation.SYNTAX, "the reason is none of key-lost, key-stolen, planned"));
    }
}
