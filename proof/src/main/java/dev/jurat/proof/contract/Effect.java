package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;

/**
 * What a call may change, by the worst that its arguments allow. Each class includes the ones before it; {@code unknown} includes all.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Effects.
 */
public enum Effect {
    /** Nothing that the server keeps is changed. */
    READ("read"),
    /** What the arguments name is made or given new content; what was there under the same name may be replaced. */
    WRITE("write"),
    /** Something is taken away, or changed without being named. */
    DESTROY("destroy"),
    /** Nobody has said. */
    UNKNOWN("unknown");

    private final String text;

    Effect(String text) {
        this.text = text;
    }

    /** Reads the text form; {@code contract-effect} for any other. */
    public static Effect read(String text) throws FormatException {
        for (Effect effect : values()) {
            if (effect.text.equals(text)) {
                return effect;
            }
        }
        throw new FormatException("contract-effect", "not an effect class");
    }

    public String text() {
        return text;
    }
}
