package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.PointsWord;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which leaves a bundle of a scope holds: what its records rest on, and what they led to ({@code docs/spec/bundle.md} §4). Decided from
 * statements alone.
 *
 * <p>A leaf is <em>followed</em> when it is part of what the scope is about: then what names it is in the bundle too. The others are
 * <em>shown</em> because a followed one rests on them. The closure of a closure is itself, which is how a reader checks it.
 */
public final class Closure {
    /** The kinds that lead from an intent to its outcomes. */
    public static final Set<Kind> FOLLOWED = Collections.unmodifiableSet(EnumSet.of(
            Kind.INTENT,
            Kind.CONTEXT,
            Kind.DECISION,
            Kind.APPROVAL,
            Kind.CONTRACT,
            Kind.IDENTITY,
            Kind.USE,
            Kind.OUTCOME,
            Kind.REFUSAL,
            Kind.VIOLATION));

    /** The kinds that say how a stream stands. */
    private static final Set<Kind> STANDING =
            Collections.unmodifiableSet(EnumSet.of(Kind.KEY, Kind.SESSION, Kind.SESSION_END));

    private final Records records;
    private final SortedSet<Long> included = new TreeSet<>();
    private final SortedSet<Long> followed = new TreeSet<>();
    private final Set<String> principals = new HashSet<>();
    private final Set<Stream> streams = new HashSet<>();
    private final Set<Hash> artefacts = new HashSet<>();
    private final Map<Stream, Long> lastOfWhole = new HashMap<>();
    private final Map<Stream, Integer> shownOfWhole = new HashMap<>();
    private final Deque<Leaf> work = new ArrayDeque<>();

    private Closure(Records records) {
        this.records = records;
    }

    /**
     * The leaves of the bundle.
     *
     * @param included the indices of all
     * @param followed of those that the scope is about
     * @param passing of those that only show that nothing was left out of a point's stream
     */
    public record Result(SortedSet<Long> included, SortedSet<Long> followed, SortedSet<Long> passing) {}

    /**
     * The closure of a scope over the leaves at hand.
     *
     * @throws FormatException {@code scope-missing} if the scope names an intent or a stream that is not there
     */
    public static Result of(Records records, Scope scope) throws FormatException {
        Closure closure = new Closure(records);
        switch (scope) {
            case Scope.All ignored -> closure.all();
            case Scope.Session session -> closure.session(session.stream());
            case Scope.Action action -> closure.action(action.intent());
        }
        SortedSet<Long> passing = new TreeSet<>();
        for (long index : closure.included) {
            records.at(index).filter(closure::isPassing).ifPresent(leaf -> passing.add(index));
        }
        return new Result(closure.included, closure.followed, passing);
    }

    private void all() {
        for (Leaf leaf : records.all()) {
            included.add(leaf.index());
            followed.add(leaf.index());
        }
    }

    private void action(RecordId intent) throws FormatException {
        Leaf leaf = records.byId(intent)
                .filter(l -> l.kind() == Kind.INTENT)
                .orElseThrow(() -> new FormatException("scope-missing", "no such intent is there"));
        start();
        follow(leaf);
        run();
    }

    private void session(Stream stream) throws FormatException {
        List<Leaf> leaves = records.stream(stream);
        if (leaves.isEmpty()) {
            throw new FormatException("scope-missing", "no record of this stream is there");
        }
        start();
        records.refusedIn(stream, 0, Long.MAX_VALUE).forEach(this::show);
        leaves.forEach(this::follow);
        run();
    }

    /** What every bundle has: genesis, who claimed the node, and the newest clock. */
    private void start() {
        records.at(0).ifPresent(this::show);
        for (Leaf leaf : records.ofKind(Kind.KEY)) {
            boolean claim = leaf.record().statement().facts() instanceof RegistryFacts.Key key
                    && key.enrolled() == RegistryFacts.Enrolled.CLAIM;
            if (claim) {
                show(leaf);
            }
        }
        records.newestClock().ifPresent(this::show);
    }

    private void run() {
        while (!work.isEmpty()) {
            visit(work.poll());
        }
    }

    private void follow(Leaf leaf) {
        if (followed.add(leaf.index())) {
            included.add(leaf.index());
            work.add(leaf);
        }
    }

    private void show(Leaf leaf) {
        if (included.add(leaf.index())) {
            work.add(leaf);
        }
    }

    private void reach(Leaf leaf) {
        if (FOLLOWED.contains(leaf.kind())) {
            follow(leaf);
        } else {
            show(leaf);
        }
    }

    /** A record of a point about other actions: it is there for its place in the stream alone. */
    private boolean isPassing(Leaf leaf) {
        return !STANDING.contains(leaf.kind())
                && records.isPoint(leaf.stream().principal())
                && !followed.contains(leaf.index());
    }

    private void visit(Leaf leaf) {
        if (isPassing(leaf)) {
            party(leaf.stream());
            continuity(leaf);
            return;
        }
        records.byId(leaf.header().seen()).filter(l -> l.kind() == Kind.CLOCK).ifPresent(this::show);
        records.clockBefore(leaf.index()).ifPresent(this::show);
        party(leaf.stream());
        Facts facts = leaf.record().statement().facts();
        parties(facts);
        continuity(leaf);
        if (leaf.kind() == Kind.HOLD) {
            records.naming(leaf.id(), Kind.HOLD).forEach(this::show);
        }
        if (followed.contains(leaf.index())) {
            leaf.header().references().all().forEach(id -> records.byId(id).ifPresent(this::reach));
            if (FOLLOWED.contains(leaf.kind())) {
                records.naming(leaf.id()).stream()
                        .filter(naming -> counts(leaf, naming))
                        .forEach(this::reach);
                refusedNext(leaf);
            }
            rules(leaf);
        } else if (!FOLLOWED.contains(leaf.kind())) {
            leaf.header().references().all().forEach(id -> records.byId(id).ifPresent(this::show));
        }
    }

    /** Whether what names a record says something of it. */
    private boolean counts(Leaf named, Leaf naming) {
        return switch (naming.kind()) {
            case OUTCOME, VIOLATION, REFUSAL ->
                pointOf(named)
                        .filter(point -> PointsWord.counts(naming.record(), point))
                        .isPresent();
            default -> true;
        };
    }

    /** The enforcement point that a use, an identity or a decision is for. */
    private Optional<String> pointOf(Leaf leaf) {
        return switch (leaf.record().statement().facts()) {
            case ExecutionFacts.Use ignored -> Optional.of(leaf.stream().principal());
            case AuthorityFacts.Identity identity ->
                Optional.of(identity.grant().point());
            case AuthorityFacts.Decision ignored ->
                records.byId(leaf.header().references().one("intent"))
                        .map(intent -> intent.record().statement().facts())
                        .filter(AuthorityFacts.Intent.class::isInstance)
                        .map(facts -> ((AuthorityFacts.Intent) facts).point());
            default -> Optional.empty();
        };
    }

    /** Everything that says who a signer is and how they stand. */
    private void party(Stream stream) {
        principal(stream.principal());
        if (!streams.add(stream)) {
            return;
        }
        for (Leaf leaf : records.stream(stream)) {
            boolean opens = leaf.kind() == Kind.SESSION || leaf.kind() == Kind.KEY;
            if (opens && leaf.header().sequence() == 0) {
                show(leaf);
            }
        }
        for (Leaf leaf : records.ofKind(Kind.REVOCATION)) {
            boolean ends = leaf.record().statement().facts() instanceof RegistryFacts.Revocation revocation
                    && revocation.session().filter(stream::equals).isPresent();
            if (ends) {
                show(leaf);
            }
        }
        for (Leaf leaf : records.ofKind(Kind.CONFLICT)) {
            boolean doubled = leaf.record().statement().facts() instanceof LedgerFacts.Conflict conflict
                    && conflict.stream().equals(stream);
            if (doubled) {
                show(leaf);
            }
        }
    }

    private void principal(String principal) {
        if (!principals.add(principal)) {
            return;
        }
        for (Leaf leaf : records.ofKind(Kind.KEY)) {
            boolean about = switch (leaf.record().statement().facts()) {
                case RegistryFacts.Key key -> key.principal().equals(principal);
                case PrincipalFacts said -> said.principal().equals(principal);
                case SuccessionFacts successor -> successor.principal().equals(principal);
                default -> false;
            };
            if (about) {
                show(leaf);
            }
        }
        for (Leaf leaf : records.ofKind(Kind.COMPROMISE)) {
            boolean about = leaf.record().statement().facts() instanceof SuccessionFacts.Compromise report
                    && report.principal().equals(principal);
            if (about) {
                show(leaf);
            }
        }
        for (Leaf leaf : records.ofKind(Kind.REVOCATION)) {
            boolean ends = leaf.record().statement().facts() instanceof RegistryFacts.Revocation revocation
                    && revocation.principal().filter(principal::equals).isPresent();
            if (ends) {
                show(leaf);
            }
        }
    }

    private void parties(Facts facts) {
        switch (facts) {
            case RegistryFacts.Key key -> {
                principal(key.principal());
                SuccessionFacts.cosigners(key).forEach(this::principal);
            }
            case RegistryFacts.Policy policy -> policy.with().ifPresent(this::principal);
            case RegistryFacts.Profile profile -> profile.with().ifPresent(this::principal);
            case SuccessionFacts succession -> {
                principal(succession.principal());
                SuccessionFacts.cosigners(succession).forEach(this::principal);
            }
            case PrincipalFacts said -> {
                principal(said.principal());
                if (said instanceof PrincipalFacts.Description description) {
                    description.owner().ifPresent(this::principal);
                }
            }
            case AuthorityFacts.Intent intent -> principal(intent.point());
            default -> {
                // Other facts name principals that their references lead to.
            }
        }
    }

    /** The stream of an agent or a point is whole up to the last record of it in the bundle, and has its end where there is one. */
    private void continuity(Leaf leaf) {
        if (!records.isWhole(leaf)) {
            return;
        }
        Stream stream = leaf.stream();
        List<Leaf> leaves = records.stream(stream);
        if (leaves.getLast().kind() == Kind.SESSION_END) {
            show(leaves.getLast());
        }
        long to = leaf.header().sequence();
        long from = lastOfWhole.getOrDefault(stream, 0L);
        if (to <= from) {
            return;
        }
        lastOfWhole.put(stream, to);
        records.refusedIn(stream, from, to).forEach(this::show);
        int next = shownOfWhole.getOrDefault(stream, 0);
        while (next < leaves.size() && leaves.get(next).header().sequence() < to) {
            show(leaves.get(next));
            next++;
        }
        shownOfWhole.put(stream, next);
    }

    /** A refusal that directly follows a record of the scope in its stream is of the same flight. */
    private void refusedNext(Leaf leaf) {
        long next = leaf.header().sequence() + 1;
        records.refusedIn(leaf.stream(), next, next + 1).forEach(this::show);
    }

    /** The publications, withdrawals and revocations of the rules that were used. */
    private void rules(Leaf leaf) {
        switch (leaf.record().statement().facts()) {
            case AuthorityFacts.Decision decision -> {
                decision.grant().filter(grant -> grant.mode() == Mode.ENFORCED).ifPresent(grant -> replaced(leaf));
                if (artefacts.add(decision.policy())) {
                    policy(decision.policy());
                }
            }
            case AuthorityFacts.Intent intent ->
                intent.tool().profile().filter(artefacts::add).ifPresent(this::profile);
            default -> {
                // Only decisions and intents name rules.
            }
        }
    }

    /** What made another policy the default before a decision, or the contract of it, that should have been made under that one. */
    private void replaced(Leaf decision) {
        Optional<Leaf> named = records.byId(decision.header().references().one("policy"));
        if (named.isEmpty()) {
            return;
        }
        long until = records.naming(decision.id(), Kind.CONTRACT).stream()
                .mapToLong(Leaf::index)
                .reduce(decision.index(), Math::max);
        for (Leaf leaf : records.ofKind(Kind.POLICY)) {
            boolean later = leaf.record().statement().facts() instanceof RegistryFacts.Policy policy
                    && policy.publication() == RegistryFacts.Publication.DEFAULT
                    && leaf.index() > named.get().index()
                    && leaf.index() < until;
            if (later) {
                show(leaf);
            }
        }
    }

    private void policy(Hash artefact) {
        for (Leaf leaf : records.ofKind(Kind.POLICY)) {
            boolean same = leaf.record().statement().facts() instanceof RegistryFacts.Policy policy
                    && policy.artefact().equals(artefact);
            if (same) {
                show(leaf);
                records.naming(leaf.id(), Kind.REVOCATION).forEach(this::show);
            }
        }
    }

    private void profile(Hash artefact) {
        for (Leaf leaf : records.ofKind(Kind.PROFILE)) {
            boolean same = leaf.record().statement().facts() instanceof RegistryFacts.Profile profile
                    && profile.artefact().equals(artefact);
            if (same) {
                show(leaf);
            }
        }
    }
}
