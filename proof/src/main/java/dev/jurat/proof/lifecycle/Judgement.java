package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.RecordId;
import java.util.Optional;
import java.util.Set;

/** What the lifecycle says of one record offered for admission. */
public sealed interface Judgement {
    /** Every rule holds, or the kind is open. It is part of the state from now on. */
    record Admitted(Set<Flag> flags) implements Judgement {
        public Admitted {
            flags = Set.copyOf(flags);
        }
    }

    /**
     * A strict record that is genuine and continues its stream but fails a later rule. Its number is used; it leaves evidence.
     *
     * @param identity where a use named a known identity: that identity
     * @param ordinal where a use named a known identity: the ordinal that it spent
     */
    record Refused(Rule rule, Optional<RecordId> identity, Optional<Long> ordinal) implements Judgement {
        static Refused of(Rule rule) {
            return new Refused(rule, Optional.empty(), Optional.empty());
        }
    }

    /** Not genuine, or not next in its stream. It leaves no leaf and uses no number. */
    record PushedBack(Rule rule) implements Judgement {}

    /** The same signed statement was admitted, or refused, before. */
    record Present(boolean refused) implements Judgement {}

    /** A second, different signed record for a used number. It is kept as evidence and suspends a session. */
    record Conflicting(RecordId admitted) implements Judgement {}
}
