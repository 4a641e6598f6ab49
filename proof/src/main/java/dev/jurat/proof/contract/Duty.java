package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;

/** A piece of evidence that whoever uses a contract must leave. */
public enum Duty {
    /** A use, admitted before the call goes out. */
    USE("use"),
    /** An outcome, within the time that the use states. */
    OUTCOME("outcome"),
    /** The digest of what came back, in the outcome. */
    OUTPUT_DIGEST("output-digest");

    private final String text;

    Duty(String text) {
        this.text = text;
    }

    /** Reads the text form; {@code contract-duty} for any other. */
    public static Duty read(String text) throws FormatException {
        for (Duty duty : values()) {
            if (duty.text.equals(text)) {
                return duty;
            }
        }
        throw new FormatException("contract-duty", "not a duty of evidence");
    }

    public String text() {
        return text;
    }
}
