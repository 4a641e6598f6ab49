package dev.jurat.proof.audit;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** While a log is read, what of it shows how its people came to be who they are: leaves about principals, and the time of each. Not thread-safe. */
final class People {
    /** A record about a principal, and the clock leaf before it. */
    private record About(String principal, Leaf leaf, Optional<Long> clock) {}

    private final List<About> records = new ArrayList<>();
    private final Map<RecordId, Long> clocks = new HashMap<>();
    private Optional<Long> clock = Optional.empty();

    void judged(LogAudit.Judged record) {
        Leaf leaf = record.leaf();
        if (leaf.kind() == Kind.CLOCK) {
            clock = Optional.of(leaf.index());
            clocks.put(leaf.id(), leaf.index());
            return;
        }
        whom(leaf.record().statement().facts()).ifPresent(principal -> records.add(new About(principal, leaf, clock)));
    }

    private static Optional<String> whom(Facts facts) {
        return switch (facts) {
            case RegistryFacts.Key key -> Optional.of(key.principal());
            case SuccessionFacts succession -> Optional.of(succession.principal());
            case PrincipalFacts said -> Optional.of(said.principal());
            case RegistryFacts.Revocation revocation ->
                revocation.principal().or(() -> revocation.session().map(s -> s.principal()));
            case LedgerFacts.Conflict conflict -> Optional.of(conflict.stream().principal());
            default -> Optional.empty();
        };
    }

    /** The leaves that show these principals, leaf 0 among them. */
    SortedSet<Long> leavesOf(Set<String> principals) {
        SortedSet<Long> chosen = new TreeSet<>(Set.of(0L));
        for (About about : records) {
            if (principals.contains(about.principal())) {
                chosen.add(about.leaf().index());
                about.clock().ifPresent(chosen::add);
                Optional.ofNullable(clocks.get(about.leaf().header().seen())).ifPresent(chosen::add);
            }
        }
        return chosen;
    }
}
