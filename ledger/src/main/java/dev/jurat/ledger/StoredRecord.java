package dev.jurat.ledger;

import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.SignedRecord;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * A record of the log with its place.
 *
 * @param body its body's bytes; empty if its kind has none, it was erased, or it is damaged. They match the statement's digest
 * @param bodyDamaged whether the body is lost, or is not the one of the statement any more, although nobody erased it
 * @param flags what its admission found, in the order of {@link Flag}; computed from earlier records, and never {@code body-missing}
 */
public record StoredRecord(
        LeafIndex index, SignedRecord record, Optional<byte[]> body, boolean bodyDamaged, Set<Flag> flags) {
    private static final Set<Flag> WITHOUT_EFFECT =
            Set.of(Flag.ROLE_FORBIDDEN, Flag.FOREIGN_POINT, Flag.REFERENCE_UNKNOWN);

    /**
     * Whether this is a claim about a call by somebody whose word on it does not count: who is not the call's enforcement point, or names
     * what is not there. Such a record tells of its signer alone.
     */
    public boolean isStray() {
        return switch (record.kind()) {
            case OUTCOME, VIOLATION, REFUSAL -> !Collections.disjoint(flags, WITHOUT_EFFECT);
            default -> false;
        };
    }
}
