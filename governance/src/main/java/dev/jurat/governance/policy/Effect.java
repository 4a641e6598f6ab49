package dev.jurat.governance.policy;

import dev.jurat.proof.FormatException;

/** What a tool does to what it touches, as its profile says; the tool's own annotations are never believed. */
public enum Effect {
    READ,
    WRITE,
    DESTROY,
    UNKNOWN;

    /** The word that stands in inputs, profiles and records. */
    public String text() {
        return switch (this) {
            case READ -> "read";
            case WRITE -> "write";
            case DESTROY -> "destroy";
            case UNKNOWN -> "unknown";
        };
    }

    /** Reads a word; {@code effect-unknown} for any other. */
    public static Effect read(String text) throws FormatException {
        for (Effect effect : values()) {
            if (effect.text().equals(text)) {
                return effect;
            }
        }
        throw new FormatException("effect-unknown", "no such effect: " + text);
    }
}
