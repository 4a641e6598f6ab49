package dev.jurat.ledger;

import dev.jurat.proof.lifecycle.Flag;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The flags of admitted records, as the rules gave them when the records came, or give them again as the log is opened: the same, since
 * they follow from statements. That a body was missing shows at intake alone, where later it may as well have been erased, so it is not
 * among them. Thread-safe; bounded by the flagged records of the log.
 */
final class Flagged {
    private final Map<Long, Set<Flag>> flags = new ConcurrentHashMap<>();

    void put(long index, Set<Flag> given) {
        EnumSet<Flag> lasting = EnumSet.noneOf(Flag.class);
        lasting.addAll(given);
        lasting.remove(Flag.BODY_MISSING);
        if (!lasting.isEmpty()) {
            flags.put(index, Collections.unmodifiableSet(lasting));
        }
    }

    Set<Flag> of(long index) {
        return flags.getOrDefault(index, Set.of());
    }
}
