package dev.jurat.ledger.witness;

import dev.jurat.ledger.Halt;
import dev.jurat.ledger.Quorum;
import java.util.List;

/**
 * How a ledger stands with its witnesses.
 *
 * @param quorum whom it takes, and up to which size
 * @param start what they said before anything was signed at this start
 * @param halts which of them have seen another log than this, now or at an earlier start
 * @param each one a witness, in the order of the policy
 */
public record WitnessStatus(Quorum quorum, Start start, List<Halt> halts, List<Each> each) {
    public WitnessStatus {
        halts = List.copyOf(halts);
        each = List.copyOf(each);
    }

    /** What was heard before a start signed anything. */
    public enum Start {
        /** All that answered have cosigned this log, or nothing of it yet. */
        AGREED,
        /** Nobody was there to say whether the log has gone back. */
        UNANSWERED,
        /** One has seen more of it, or another. */
        CONTRADICTED
    }

    /**
     * One witness.
     *
     * @param size what it cosigned last; 0 before anything
     * @param atSeconds when, by its own clock; 0 before anything
     * @param fault the code of what went wrong when it was asked last, or empty
     * @param text the same for people
     * @param wentBack whether it has said since this start that it knew less of the log than it had cosigned
     */
    public record Each(
            String name,
            String vkey,
            String url,
            long size,
            long atSeconds,
            String fault,
            String text,
            boolean wentBack) {}
}
