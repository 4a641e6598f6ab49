package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;

/** How far from the named resource something goes. */
public enum Reach {
    /** The resource alone; for a folder, its own list of names too. */
    ITSELF("itself"),
    /** The resource and everything below it. */
    BELOW("below"),
    /**
     * That, and names next to it in its folder: a server that replaces a file writes another one beside it first, and what is moved leaves
     * the folder's list.
     */
    BESIDE("beside");

    private final String text;

    Reach(String text) {
        this.text = text;
    }

    /** Reads the text form; {@code contract-reach} for any other. */
    public static Reach read(String text) throws FormatException {
        for (Reach reach : values()) {
            if (reach.text.equals(text)) {
                return reach;
            }
        }
        throw new FormatException("contract-reach", "not a reach");
    }

    public String text() {
        return text;
    }
}
