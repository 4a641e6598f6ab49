package dev.jurat.app.http;

/** Takes a fault of our own, keeps its details inside the process, and says only what may leave it. */
@FunctionalInterface
public interface Faults {
    /** Notes the fault where the operator finds it. */
    void note(RuntimeException fault);

    default ApiAnswer answer(RuntimeException fault) {
        note(fault);
        return new ApiException(
                        500,
                        "internal",
                        "Jurat failed; this is its own fault",
                        Owner.JURAT,
                        "see the node's output; jurat doctor")
                .answer();
    }
}
