package dev.jurat.proof.contract;

/** Whether a call stays within what was granted. */
public sealed interface Containment {
    Containment WITHIN = new Within();

    /** It does. */
    record Within() implements Containment {}

    /**
     * It does not.
     *
     * @param code stable, such as {@code beyond-target}; listed in {@code docs/spec/contract.md}
     * @param path where, as a JSON Pointer into the arguments; may name what others chose, so it belongs in bodies, not in statements
     */
    record Beyond(String code, String path) implements Containment {}
}
