package dev.jurat.proof.bundle;

import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * One intent with the records that it led to, by their references. Nothing here is checked.
 *
 * @param contexts of this intent
 * @param decisions of this intent, the newest last
 * @param approvals of these decisions, rejections too
 * @param contracts of these decisions, or, where an approved call is repeated, the contract that the identity names
 * @param identities for this intent
 * @param uses of these identities
 * @param refusals at the boundary, that name these identities or decisions
 */
public record Action(
        Leaf intent,
        List<Leaf> contexts,
        List<Leaf> decisions,
        List<Leaf> approvals,
        List<Leaf> contracts,
        List<Leaf> identities,
        List<Use> uses,
        List<Leaf> refusals) {

    /** A use with the records that name it, by index. */
    public record Use(Leaf leaf, List<Leaf> outcomes, List<Leaf> incompletes, List<Leaf> violations) {}

    public AuthorityFacts.Intent facts() {
        if (intent.record().statement().facts() instanceof AuthorityFacts.Intent facts) {
            return facts;
        }
        throw new IllegalStateException("an action begins with an intent");
    }

    /** The decision that stands: the newest of this intent, or that of the contract which it repeats. */
    public Optional<Leaf> decision(Records records) {
        if (!decisions.isEmpty()) {
            return Optional.of(decisions.getLast());
        }
        return contracts.stream()
                .findFirst()
                .flatMap(c -> records.byId(c.header().references().one("decision")));
    }

    /** Every record of the action, by index. */
    public List<Leaf> leaves() {
        List<Leaf> all = new ArrayList<>();
        all.add(intent);
        all.addAll(contexts);
        all.addAll(decisions);
        all.addAll(approvals);
        all.addAll(contracts);
        all.addAll(identities);
        for (Use use : uses) {
            all.add(use.leaf());
            all.addAll(use.outcomes());
            all.addAll(use.incompletes());
            all.addAll(use.violations());
        }
        all.addAll(refusals);
        all.sort(Comparator.comparingLong(Leaf::index));
        return List.copyOf(all);
    }

    /** The actions of the followed leaves, by the index of their intents. */
    public static List<Action> of(Records records, SortedSet<Long> followed) {
        return records.ofKind(Kind.INTENT).stream()
                .filter(l -> followed.contains(l.index()))
                .map(l -> of(records, l))
                .toList();
    }

    private static Action of(Records records, Leaf intent) {
        List<Leaf> decisions = records.naming(intent.id(), Kind.DECISION);
        List<Leaf> identities = records.naming(intent.id(), Kind.IDENTITY);
        List<Leaf> contracts = new ArrayList<>(naming(records, decisions, Kind.CONTRACT));
        for (Leaf identity : identities) {
            records.byId(identity.header().references().one("contract"))
                    .filter(c -> c.kind() == Kind.CONTRACT && !contracts.contains(c))
                    .ifPresent(contracts::add);
        }
        List<Leaf> refusals = new ArrayList<>(naming(records, identities, Kind.REFUSAL));
        naming(records, decisions, Kind.REFUSAL).stream()
                .filter(r -> !refusals.contains(r))
                .forEach(refusals::add);
        return new Action(
                intent,
                records.naming(intent.id(), Kind.CONTEXT),
                decisions,
                naming(records, decisions, Kind.APPROVAL),
                List.copyOf(contracts),
                identities,
                naming(records, identities, Kind.USE).stream()
                        .map(u -> use(records, u))
                        .toList(),
                List.copyOf(refusals));
    }

    private static Use use(Records records, Leaf use) {
        return new Use(
                use,
                records.naming(use.id(), Kind.OUTCOME),
                records.naming(use.id(), Kind.INCOMPLETE),
                records.naming(use.id(), Kind.VIOLATION));
    }

    private static List<Leaf> naming(Records records, List<Leaf> named, Kind kind) {
        return named.stream()
                .flatMap(l -> records.naming(l.id(), kind).stream())
                .sorted(Comparator.comparingLong(Leaf::index))
                .distinct()
                .toList();
    }
}
