package dev.jurat.proof.bundle;

import dev.jurat.proof.lifecycle.PointsWord;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * One intent with the records that it led to, by their references. Nothing here is checked.
 *
 * @param contexts of this intent
 * @param decisions of this intent, the newest last
 * @param approvals of these decisions, rejections too; where an approved call is repeated, those that its contract rests on
 * @param contracts of these decisions, or, where an approved call is repeated, the contract that the identity names
 * @param identities for this intent
 * @param uses of these identities
 * @param refusals at the boundary, that name these identities or decisions, by the point that the intent is for
 * @param revocations of what it rests on: these contracts and identities, the policies, and the sessions and principals of its records
 * @param foreign what others than the enforcement point say came of it; it does not count
 */
public record Action(
        Leaf intent,
        List<Leaf> contexts,
        List<Leaf> decisions,
        List<Leaf> approvals,
        List<Leaf> contracts,
        List<Leaf> identities,
        List<Use> uses,
        List<Leaf> refusals,
        List<Leaf> revocations,
        List<Leaf> foreign) {

    /** A use with what its enforcement point says of it, and whether the ledger found the outcome overdue, by index. */
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

    /** Every record of the action, by index; revocations are no part of it. */
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
        all.addAll(foreign);
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
        List<Leaf> uses = naming(records, identities, Kind.USE);
        Optional<String> point = pointOf(intent);
        List<Leaf> foreign = new ArrayList<>();
        for (Leaf use : uses) {
            Stream.of(Kind.OUTCOME, Kind.VIOLATION)
                    .flatMap(kind -> records.naming(use.id(), kind).stream())
                    .filter(said -> !counts(said, use))
                    .forEach(foreign::add);
        }
        refusals.stream()
                .filter(said ->
                        point.filter(p -> PointsWord.counts(said.record(), p)).isEmpty())
                .forEach(foreign::add);
        refusals.removeAll(foreign);
        List<Leaf> standing = new ArrayList<>(decisions);
        contracts.stream()
                .flatMap(contract -> records.byId(contract.header().references().one("decision")).stream())
                .filter(decision -> !standing.contains(decision))
                .forEach(standing::add);
        List<Leaf> approvals = approvals(records, decisions, standing);
        List<Leaf> restsOn = Stream.of(List.of(intent), standing, approvals, contracts, identities, uses)
                .flatMap(Collection::stream)
                .toList();
        return new Action(
                intent,
                records.naming(intent.id(), Kind.CONTEXT),
                decisions,
                approvals,
                List.copyOf(contracts),
                identities,
                uses.stream().map(u -> use(records, u)).toList(),
                List.copyOf(refusals),
                revocations(records, restsOn),
                List.copyOf(foreign));
    }

    /** Those that name a decision of the intent, and those that a decision which stands names. */
    private static List<Leaf> approvals(Records records, List<Leaf> decisions, List<Leaf> standing) {
        Stream<Leaf> named = standing.stream()
                .flatMap(decision -> decision.header().references().many("approvals").stream())
                .flatMap(id -> records.byId(id).stream());
        return Stream.concat(naming(records, decisions, Kind.APPROVAL).stream(), named)
                .filter(leaf -> leaf.kind() == Kind.APPROVAL)
                .sorted(Comparator.comparingLong(Leaf::index))
                .distinct()
                .toList();
    }

    private static List<Leaf> revocations(Records records, List<Leaf> restsOn) {
        Set<RecordId> ids = new HashSet<>();
        Set<String> principals = new HashSet<>();
        Set<dev.jurat.proof.record.Stream> streams = new HashSet<>();
        for (Leaf leaf : restsOn) {
            ids.add(leaf.id());
            ids.addAll(leaf.header().references().many("policy"));
            principals.add(leaf.stream().principal());
            streams.add(leaf.stream());
        }
        pointOf(restsOn.getFirst()).ifPresent(principals::add);
        return records.ofKind(Kind.REVOCATION).stream()
                .filter(leaf -> leaf.record().statement().facts() instanceof RegistryFacts.Revocation facts
                        && (leaf.header().references().many("target").stream().anyMatch(ids::contains)
                                || facts.session().filter(streams::contains).isPresent()
                                || facts.principal()
                                        .filter(principals::contains)
                                        .isPresent()))
                .toList();
    }

    private static Optional<String> pointOf(Leaf intent) {
        return intent.record().statement().facts() instanceof AuthorityFacts.Intent facts
                ? Optional.of(facts.point())
                : Optional.empty();
    }

    private static Use use(Records records, Leaf use) {
        return new Use(
                use,
                said(records, use, Kind.OUTCOME),
                records.naming(use.id(), Kind.INCOMPLETE),
                said(records, use, Kind.VIOLATION));
    }

    private static List<Leaf> said(Records records, Leaf use, Kind kind) {
        return records.naming(use.id(), kind).stream()
                .filter(said -> counts(said, use))
                .toList();
    }

    /** A use is made by the point that it is at. */
    private static boolean counts(Leaf said, Leaf use) {
        return PointsWord.counts(said.record(), use.stream().principal());
    }

    private static List<Leaf> naming(Records records, List<Leaf> named, Kind kind) {
        return named.stream()
                .flatMap(l -> records.naming(l.id(), kind).stream())
                .sorted(Comparator.comparingLong(Leaf::index))
                .distinct()
                .toList();
    }
}
