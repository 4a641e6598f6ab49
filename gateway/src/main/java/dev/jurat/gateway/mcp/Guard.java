package dev.jurat.gateway.mcp;

import dev.jurat.proof.record.ExecutionFacts;
import java.time.Duration;
import java.util.Optional;

/** What stands between a governed message and the server: leave to go out, and the evidence of what happened. Thread-safe. */
interface Guard {
    /** How an attempt to get leave ended. */
    sealed interface Passage {
        /** The use is admitted: the call may go out while {@link OpenUse#stillGoes} holds. */
        record Go(OpenUse use) implements Passage {}

        /** The call is not made. */
        record Stop(Refusal refusal) implements Passage {}
    }

    /**
     * Why a call is not made.
     *
     * @param code a stable code of {@code docs/spec/mcp.md}
     * @param text what happened, for the model
     * @param next what would help
     * @param decision the id of the decision that says so, where one does
     */
    record Refusal(String code, String text, String next, Optional<String> decision) {}

    /** An admitted use of which no outcome is recorded yet. */
    interface OpenUse {
        /** The bytes to send: the client's own, or the approved ones that mean the same. */
        byte[] line();

        /** Whether the time within which the call may go out is not over, by the monotonic clock. */
        boolean stillGoes();

        /**
         * Whether what the call was decided on still holds. Asked right before the bytes go out: from a yes on, nothing that the call counts
         * on may change.
         */
        boolean holds();
    }

    /** Hears that a call is waiting, about every two seconds. */
    interface Waiting {
        void waits(String text);

        /** Whether the client has given the call up. */
        boolean isCancelled();

        /** Whether it was given up because there is no client any more. */
        boolean isClientGone();
    }

    Passage admit(GovernedCall call, Waiting waiting) throws InterruptedException;

    /**
     * The call of this use has ended; {@code answer} is its result or error. Returns at once, unless much of earlier answers is still to be
     * digested by whoever records them.
     */
    void outcome(OpenUse use, ExecutionFacts.Result result, Optional<Wire> answer, Duration took);

    /** The call of this use was not made after all. Returns at once. */
    void notSent(OpenUse use, Refusal refusal);

    /**
     * The client tells the server folders of its own, or says that it can; the message goes on only if this says yes. From a yes on, no
     * call starts from a folder that the operator gave.
     */
    boolean clientTellsRoots();

    /** A message was refused by the table. Returns at once. */
    void refused(Verdict.Refused refused);

    /** An observed answer came. Returns at once, or after some seconds where much is still to be digested, like {@link #outcome}. */
    void observed(String method, Wire matter);

    /** The server listed its tools. Returns at once. */
    void tools(byte[] artefact, java.util.List<String> names, long bytes);
}
