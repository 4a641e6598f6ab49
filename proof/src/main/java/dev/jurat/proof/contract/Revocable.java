package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;

/** Something whose revocation ends a contract. */
public enum Revocable {
    CONTRACT("contract"),
    IDENTITY("identity"),
    POLICY("policy"),
    PRINCIPAL("principal"),
    SESSION("session");

    private final String text;

    Revocable(String text) {
        this.text = text;
    }

    /** Reads the text form; {@code contract-revocation} for any other. */
    public static Revocable read(String text) throws FormatException {
        for (Revocable revocable : values()) {
            if (revocable.text.equals(text)) {
                return revocable;
            }
        }
        throw new FormatException("contract-revocation", "not something whose revocation ends a contract");
    }

    public String text() {
        return text;
    }
}
