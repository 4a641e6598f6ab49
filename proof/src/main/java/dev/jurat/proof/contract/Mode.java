package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;

/** Whether a grant was decided by a policy that can refuse ({@code enforced}), or only written down ({@code observed}). */
public enum Mode {
    ENFORCED("enforced"),
    OBSERVED("observed");

    private final String text;

    Mode(String text) {
        this.text = text;
    }

    /** Reads the text form; {@code contract-mode} for any other. */
    public static Mode read(String text) throws FormatException {
        for (Mode mode : values()) {
            if (mode.text.equals(text)) {
                return mode;
            }
        }
        throw new FormatException("contract-mode", "not a mode");
    }

    public String text() {
        return text;
    }
}
