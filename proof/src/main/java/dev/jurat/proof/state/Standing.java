package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Decimal;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What later leaves have made of a leaf, by its kind ({@code docs/spec/state.md} §3). A leaf is named by its index; 0 names none.
 *
 * <p>Security property: {@link #decode} accepts exactly what {@link #encode} writes.
 */
public sealed interface Standing {
    /** The bytes that stand in the chunk. */
    default byte[] encode() {
        return StandingBytes.encode(this);
    }

    /** Reads the standing of a leaf with these facts; {@code state-standing}, {@code state-number}. */
    static Standing decode(Facts facts, byte[] bytes) throws FormatException {
        return StandingBytes.decode(facts, bytes);
    }

    /** Of a leaf of which nothing needs to be known. */
    record None() implements Standing {}

    /**
     * A principal: part of the standing of genesis, or of the {@code key} record that enrolled it.
     *
     * @param selfEnrolled whether it is there on its own word only
     * @param sessions how many it has had
     * @param newest the leaf of the newest of them
     */
    record Principal(boolean suspended, boolean selfEnrolled, long sessions, long newest) {}

    /**
     * A registered key: part of the standing of the leaf that brought it.
     *
     * @param next the leaf of the key that follows it
     * @param report the leaf of the first report that it is in other hands
     * @param since the first leaf that it may have been misused at; 0 without a report
     */
    record Credential(long next, long report, long since) {}

    /**
     * A stream: part of the standing of the leaf that opened it.
     *
     * @param next its next number
     * @param previous the id that the next record names
     * @param awaited uses under its session whose outcome is awaited
     */
    record Head(boolean suspended, boolean ended, long next, RecordId previous, long awaited) {}

    /** A principal that genesis names, and its stream if genesis opens it: the ledger's and those of people. */
    record Named(Principal principal, Credential key, Optional<Head> stream) {}

    /** Of {@code genesis}: its principals in their order. */
    record Genesis(List<Named> principals) implements Standing {
        public Genesis {
            principals = List.copyOf(principals);
        }
    }

    /** Of a {@code key} record that enrols. */
    record Enrolled(Principal principal, Credential key, Head stream) implements Standing {}

    /** Of a {@code key} record that rotates or recovers. */
    record Succeeded(Credential key, Head stream) implements Standing {}

    /**
     * Of a {@code session}.
     *
     * @param before the leaf of the same principal's session before it
     */
    record Session(Head stream, long before) implements Standing {}

    /** Of a {@code policy} record that publishes one. */
    record Policy(boolean withdrawn, boolean revoked) implements Standing {}

    /** Of an {@code intent}: the leaf of its newest decision. */
    record Intent(long decision) implements Standing {}

    /**
     * Of a {@code decision}.
     *
     * @param earliest of the clock at its admission
     * @param approvals the leaves of the approvals given to it, rejections too, in their order
     */
    record Decision(boolean superseded, boolean contracted, boolean rejected, long earliest, List<Long> approvals)
            implements Standing {
        public Decision {
            approvals = List.copyOf(approvals);
        }
    }

    /**
     * Of a {@code contract}.
     *
     * @param notBefore start of its window
     * @param spent uses admitted
     * @param ordinal the highest that is spent
     * @param identities the leaves of its identities in their order
     * @param totals the sum of each total of its grant, in the grant's order
     */
    record Contract(
            boolean revoked,
            boolean expired,
            long notBefore,
            long spent,
            long ordinal,
            List<Long> identities,
            List<Decimal> totals)
            implements Standing {
        public Contract {
            identities = List.copyOf(identities);
            totals = List.copyOf(totals);
        }
    }

    /**
     * Of an {@code identity}.
     *
     * @param awaited uses whose outcome is awaited
     * @param uses admitted
     */
    record Identity(boolean revoked, long awaited, long uses) implements Standing {}

    /**
     * Of a {@code use} that does not have its outcome; one that has is {@link None}.
     *
     * @param reconciled how often calls like it had been reconciled when it became unknown
     */
    record Use(boolean awaits, boolean incomplete, boolean unknown, long deadline, long reconciled)
            implements Standing {}

    /** Of a {@code hold} that places one. */
    record Hold(boolean lifted) implements Standing {}

    /** Of an open record with flags; one without is {@link None}. Never {@link Flag#BODY_MISSING}, which a reader cannot know. */
    record Flagged(Set<Flag> flags) implements Standing {
        public Flagged {
            flags = Set.copyOf(flags);
        }
    }
}
