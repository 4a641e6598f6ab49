package dev.jurat.ledger;

import dev.jurat.proof.lifecycle.Archive;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.state.Standing;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * The flags of admitted records, as the rules gave them when the records came, or give them again as the log is opened: the same, since
 * they follow from statements. That a body was missing shows at intake alone, where later it may as well have been erased, so it is not
 * among them. Those of records that a saved state covers are read there. Thread-safe.
 */
final class Flagged {
    private final Map<Long, Set<Flag>> flags = new ConcurrentHashMap<>();
    private final LongFunction<Archive.Kept> kept;
    private volatile long saved;

    /** With what reads a leaf that a saved state covers. */
    Flagged(LongFunction<Archive.Kept> kept) {
        this.kept = kept;
    }

    void put(long index, Set<Flag> given) {
        EnumSet<Flag> lasting = EnumSet.noneOf(Flag.class);
        lasting.addAll(given);
        lasting.remove(Flag.BODY_MISSING);
        if (!lasting.isEmpty()) {
            flags.put(index, Collections.unmodifiableSet(lasting));
        }
    }

    /** From here on the state of a size is saved. */
    void saved(long size) {
        saved = size;
        flags.keySet().removeIf(index -> index < size);
    }

    Set<Flag> of(long index, Kind kind) {
        // First here, then there: what goes from here is saved before.
        Set<Flag> here = flags.get(index);
        if (here != null) {
            return here;
        }
        boolean covered = index < saved && kind.gate() == Kind.Gate.OPEN && !kind.isLedgers();
        return covered && kept.apply(index).standing(Standing.class) instanceof Standing.Flagged(Set<Flag> all)
                ? all
                : Set.of();
    }
}
