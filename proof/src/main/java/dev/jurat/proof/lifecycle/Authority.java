package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Decimal;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.Total;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.state.Standing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything between an intent and its outcome that later records may refer to, recomputed from records alone.
 *
 * <p>Entities name each other by record id and are looked up where they are needed, never held: what was let go of comes back as another
 * object.
 */
final class Authority {
    /** What an intent says; it never changes. */
    record Intent(RecordId id, Stream stream, AuthorityFacts.Intent facts) {
        static Intent of(SignedRecord record) {
            if (record.statement().facts() instanceof AuthorityFacts.Intent facts) {
                return new Intent(record.id(), record.header().stream(), facts);
            }
            throw new IllegalStateException("no intent: " + record);
        }
    }

    /** What one record of authority has come to. */
    abstract class Item extends Entity {
        Item(Place place) {
            super(place);
        }

        final RecordId id() {
            return place().id();
        }

        @Override
        final void letGo() {
            items.remove(id());
        }
    }

    final class Asked extends Item {
        final Intent intent;
        private Optional<Place> decision;

        Asked(Place place, Intent intent, Optional<Place> decision) {
            super(place);
            this.intent = intent;
            this.decision = decision;
        }

        /** The newest one. */
        Optional<RecordId> decision() {
            return decision.map(Place::id);
        }

        @Override
        Standing standing() {
            return new Standing.Intent(leaf(decision));
        }
    }

    final class Context extends Item {
        final RecordId intent;

        Context(Place place, RecordId intent) {
            super(place);
            this.intent = intent;
        }

        @Override
        Standing standing() {
            return NOTHING;
        }
    }

    final class Approval extends Item {
        final RecordId decision;
        final Stream stream;
        final String person;
        final AuthorityFacts.Approval facts;

        Approval(Place place, RecordId decision, Stream stream, AuthorityFacts.Approval facts) {
            super(place);
            this.decision = decision;
            this.stream = stream;
            this.person = stream.principal();
            this.facts = facts;
        }

        @Override
        Standing standing() {
            return NOTHING;
        }
    }

    /** Always in memory: there are few. */
    static final class Policy extends Entity {
        final RegistryFacts.Policy facts;
        /** Whether an administrator published it, rather than the governor what genesis names. */
        final boolean byAdministrator;

        boolean withdrawn;
        /** What was given under it has ended; a policy that is only withdrawn decides nothing more. */
        boolean revoked;

        Policy(Place place, RegistryFacts.Policy facts, boolean byAdministrator) {
            super(place);
            this.facts = facts;
            this.byAdministrator = byAdministrator;
        }

        static Policy again(
                Place place, RegistryFacts.Policy facts, boolean byAdministrator, Standing.Policy standing) {
            Policy policy = new Policy(place, facts, byAdministrator);
            policy.withdrawn = standing.withdrawn();
            policy.revoked = standing.revoked();
            return policy;
        }

        @Override
        Standing standing() {
            return new Standing.Policy(withdrawn, revoked);
        }

        @Override
        void letGo() {}
    }

    final class Decision extends Item {
        final AuthorityFacts.Decision facts;
        final Intent intent;
        final Policy policy;
        final long admittedEarliest;
        /** How many people approved what this decision rests on. */
        final int approvals;

        final List<Approval> given = new ArrayList<>();
        boolean superseded;
        boolean contracted;

        Decision(Place place, SignedRecord record, Intent intent, long admittedEarliest) {
            super(place);
            if (!(record.statement().facts() instanceof AuthorityFacts.Decision decided)) {
                throw new IllegalStateException("no decision: " + record);
            }
            Header header = record.header();
            this.facts = decided;
            this.intent = intent;
            this.policy = policyOf(header);
            this.admittedEarliest = admittedEarliest;
            this.approvals = header.references().many("approvals").size();
        }

        boolean rejected() {
            return given.stream().anyMatch(a -> a.facts.verdict() == AuthorityFacts.Verdict.REJECT);
        }

        @Override
        Standing standing() {
            List<Long> leaves = given.stream().map(a -> a.place().leaf()).toList();
            return new Standing.Decision(superseded, contracted, rejected(), admittedEarliest, leaves);
        }
    }

    final class Contract extends Item {
        final Grant grant;
        final RecordId decision;
        final Policy policy;
        /** How many people approved it. */
        final int approvals;

        final long notBefore;
        final long notAfter;
        private final Map<String, BigDecimal> spentTotals = new HashMap<>();
        private final List<Place> identities = new ArrayList<>();
        private final Set<String> sessionsWithIdentity = new HashSet<>();
        long spent;
        long ordinal;
        boolean revoked;
        boolean expired;

        Contract(Place place, Decision decision, Grant grant, long notBefore) {
            this(place, decision.id(), decision.policy, decision.approvals, grant, notBefore);
        }

        private Contract(Place place, RecordId decision, Policy policy, int approvals, Grant grant, long notBefore) {
            super(place);
            this.decision = decision;
            this.policy = policy;
            this.approvals = approvals;
            this.grant = grant;
            this.notBefore = notBefore;
            this.notAfter = notBefore + grant.windowMillis();
        }

        boolean hasIdentityFor(String session) {
            return sessionsWithIdentity.contains(session);
        }

        int identityCount() {
            return identities.size();
        }

        boolean withinTotals(Map<String, String> amounts) {
            Set<String> named = new HashSet<>(amounts.keySet());
            for (Total total : grant.totals()) {
                BigDecimal sum = sum(total.name()).add(new BigDecimal(amounts.getOrDefault(total.name(), "0")));
                if (sum.compareTo(limit(total.max())) > 0) {
                    return false;
                }
                named.remove(total.name());
            }
            return named.isEmpty();
        }

        private BigDecimal sum(String total) {
            return spentTotals.getOrDefault(total, BigDecimal.ZERO);
        }

        private static BigDecimal limit(Decimal max) {
            return new BigDecimal(max.text());
        }

        /** Whether an expiry will be due once its window is over. */
        private boolean mayExpire() {
            return !expired && spent < grant.uses();
        }

        @Override
        Standing standing() {
            return new Standing.Contract(
                    revoked,
                    expired,
                    notBefore,
                    spent,
                    ordinal,
                    identities.stream().map(Place::leaf).toList(),
                    grant.totals().stream()
                            .map(t -> sum(t.name()))
                            .map(Authority::plain)
                            .toList());
        }
    }

    final class Identity extends Item {
        final AuthorityFacts.Identity facts;
        final RecordId contract;
        final Stream session;
        /** Those of uses that came while it was in memory. */
        private final Set<String> nonces = new HashSet<>();
        /** Whether it was in memory since it began. */
        private final boolean whole;

        int openUses;
        long uses;
        boolean revoked;

        Identity(Place place, AuthorityFacts.Identity facts, RecordId contract, boolean whole) {
            super(place);
            this.facts = facts;
            this.contract = contract;
            this.session = new Stream(facts.grant().actor(), facts.session());
            this.whole = whole;
        }

        boolean hasSeen(String nonce) {
            return nonces.contains(nonce) || (!whole && archive.hasNonce(id(), nonce));
        }

        @Override
        Standing standing() {
            return new Standing.Identity(revoked, openUses, uses);
        }
    }

    final class Use extends Item {
        final RecordId identity;
        final String point;
        final long deadline;
        boolean open;
        boolean incomplete;
        boolean unknown;
        /** As which it stands unknown: of how many reconciliations of calls like it came before. */
        private long reconciliations;

        private Use(Place place, RecordId identity, String point, long deadline) {
            super(place);
            this.identity = identity;
            this.point = point;
            this.deadline = deadline;
        }

        @Override
        Standing standing() {
            return open || incomplete || unknown
                    ? new Standing.Use(open, incomplete, unknown, deadline, reconciliations)
                    : NOTHING;
        }
    }

    /** What makes calls alike when one of them ended unknown: the same agent, profile and tool. */
    record Likeness(String actor, Optional<Hash> profile, String method, String name) {
        static Likeness of(String actor, Tool tool) {
            return new Likeness(actor, tool.profile(), tool.method(), tool.name());
        }
    }

    /**
     * How calls of one likeness stand.
     *
     * @param reconciliations how often a person approved one since one first stood unknown
     * @param unknown how many stand unknown since the last of those
     */
    record Doubt(long reconciliations, long unknown) {
        static final Doubt NONE = new Doubt(0, 0);
    }

    /** Something that is due at a time. */
    record Due(long at, long leaf, RecordId id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(leaf, other.leaf);
        }
    }

    static final Standing NOTHING = new Standing.None();

    private final WorkingSet working;
    private final Archive archive;
    private final Held<RecordId, Item> items;
    /** In the order of the log. */
    final Map<RecordId, Policy> policies = new LinkedHashMap<>();
    /** The record that last made a policy the default, whether or not that is withdrawn since. */
    Optional<RecordId> newestDefault = Optional.empty();
    /** The decisions that wait for people and have not been followed by another one, oldest first. */
    final Map<RecordId, Place> pending = new LinkedHashMap<>();
    /** Contracts with unspent uses, by the end of their windows. */
    final NavigableSet<Due> ending = new TreeSet<>();
    /** Uses without an outcome, by their deadlines. */
    final NavigableSet<Due> awaited = new TreeSet<>();

    final Map<Likeness, Doubt> doubts = new HashMap<>();

    Authority(WorkingSet working, Archive archive) {
        this.working = working;
        this.archive = archive;
        this.items = new Held<>(working, id -> archive.find(id).flatMap(this::again));
    }

    private static long leaf(Optional<Place> place) {
        return place.map(Place::leaf).orElse(0L);
    }

    private static Decimal plain(BigDecimal sum) {
        try {
            return Decimal.read(
                    sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString());
        } catch (FormatException e) {
            throw new IllegalStateException("a sum of amounts is no decimal", e);
        }
    }

    // ---- what is there

    @Nullable
    Asked intent(RecordId id) {
        return items.get(id) instanceof Asked asked ? asked : null;
    }

    @Nullable
    Context context(RecordId id) {
        return items.get(id) instanceof Context context ? context : null;
    }

    @Nullable
    Decision decision(RecordId id) {
        return items.get(id) instanceof Decision decision ? decision : null;
    }

    @Nullable
    Approval approval(RecordId id) {
        return items.get(id) instanceof Approval approval ? approval : null;
    }

    @Nullable
    Contract contract(RecordId id) {
        return items.get(id) instanceof Contract contract ? contract : null;
    }

    @Nullable
    Identity identity(RecordId id) {
        return items.get(id) instanceof Identity identity ? identity : null;
    }

    @Nullable
    Use use(RecordId id) {
        return items.get(id) instanceof Use use ? use : null;
    }

    /** Whatever stands under this id. */
    @Nullable
    Item item(RecordId id) {
        return items.get(id);
    }

    Contract contractOf(Identity identity) {
        return there(contract(identity.contract), identity.contract);
    }

    Identity identityOf(Use use) {
        return there(identity(use.identity), use.identity);
    }

    private Policy policyOf(Header header) {
        RecordId id = header.references().one("policy");
        return there(policies.get(id), id);
    }

    /** What a rule has found before. */
    static <T> T there(@Nullable T found, RecordId id) {
        if (found == null) {
            throw new IllegalStateException("an effect reads what no rule has found: " + id);
        }
        return found;
    }

    /** Whether a policy is, by the very record that published it, the newest default. */
    boolean isDefault(Policy policy) {
        return newestDefault.map(policies::get).equals(Optional.of(policy));
    }

    // ---- what changes

    void changed(Entity entity) {
        working.changed(entity);
    }

    private void begins(Item item) {
        working.begins(item);
        items.put(item.id(), item);
    }

    void asked(SignedRecord record) {
        begins(new Asked(Place.unknown(record.id()), Intent.of(record), Optional.empty()));
    }

    void context(SignedRecord record) {
        begins(new Context(
                Place.unknown(record.id()), record.header().references().one("intent")));
    }

    void decided(SignedRecord record, long earliest) {
        RecordId intent = record.header().references().one("intent");
        Asked asked = there(intent(intent), intent);
        Decision decision = new Decision(Place.unknown(record.id()), record, asked.intent, earliest);
        begins(decision);
        record.header().references().optional("supersedes").ifPresent(this::supersede);
        if (decision.facts.outcome() == AuthorityFacts.Outcome.PENDING) {
            pending.put(record.id(), decision.place());
        }
        asked.decision = Optional.of(decision.place());
        changed(asked);
    }

    private void supersede(RecordId id) {
        Decision decision = there(decision(id), id);
        decision.superseded = true;
        changed(decision);
        pending.remove(id);
    }

    void approved(SignedRecord record, AuthorityFacts.Approval facts) {
        RecordId id = record.header().references().one("decision");
        Decision decision = there(decision(id), id);
        Approval approval = new Approval(Place.unknown(record.id()), id, record.header().stream(), facts);
        begins(approval);
        decision.given.add(approval);
        changed(decision);
    }

    /** The contract that a record would be. */
    Contract contractOf(SignedRecord record, long notBefore) {
        RecordId id = record.header().references().one("decision");
        Decision decision = there(decision(id), id);
        return new Contract(
                Place.unknown(record.id()), decision, decision.facts.grant().orElseThrow(), notBefore);
    }

    void contracted(Contract contract) {
        Decision decision = there(decision(contract.decision), contract.decision);
        decision.contracted = true;
        changed(decision);
        begins(contract);
        if (contract.approvals > 0) {
            reconcile(Likeness.of(contract.grant.actor(), contract.grant.tool()));
        }
    }

    void identified(SignedRecord record, AuthorityFacts.Identity facts) {
        RecordId id = record.header().references().one("contract");
        Contract contract = there(contract(id), id);
        Identity identity = new Identity(Place.unknown(record.id()), facts, id, true);
        begins(identity);
        contract.identities.add(identity.place());
        contract.sessionsWithIdentity.add(facts.session());
        changed(contract);
    }

    void used(SignedRecord record, ExecutionFacts.Use facts, Identity identity, long deadline) {
        identity.nonces.add(facts.nonce());
        identity.openUses++;
        identity.uses++;
        changed(identity);
        spend(contractOf(identity), facts);
        Use use = new Use(
                Place.unknown(record.id()),
                identity.id(),
                record.header().stream().principal(),
                deadline);
        use.open = true;
        begins(use);
    }

    private void spend(Contract contract, ExecutionFacts.Use facts) {
        contract.ordinal = facts.ordinal();
        contract.spent++;
        facts.amounts()
                .forEach((name, amount) -> contract.spentTotals.merge(name, new BigDecimal(amount), BigDecimal::add));
        changed(contract);
        settle(contract);
    }

    /** A refused use spends its ordinal. */
    void spendOrdinal(RecordId identity, long ordinal) {
        Contract contract = contractOf(there(identity(identity), identity));
        if (ordinal <= contract.grant.uses()) {
            contract.ordinal = Math.max(contract.ordinal, ordinal);
            changed(contract);
        }
    }

    void expired(Contract contract) {
        contract.expired = true;
        changed(contract);
        settle(contract);
    }

    private void settle(Contract contract) {
        if (!contract.mayExpire() && contract.place().isKnown()) {
            ending.remove(new Due(contract.notAfter, contract.place().leaf(), contract.id()));
        }
    }

    /** The use has its outcome, or will have none. */
    void close(Use use) {
        use.open = false;
        changed(use);
        if (use.place().isKnown()) {
            awaited.remove(new Due(use.deadline, use.place().leaf(), use.id()));
        }
        Identity identity = identityOf(use);
        identity.openUses--;
        changed(identity);
    }

    /** Takes note of where a record of authority stands. */
    void placed(RecordId id, long leaf) {
        switch (items.get(id)) {
            case Contract contract when contract.mayExpire() -> ending.add(new Due(contract.notAfter, leaf, id));
            case Use use when use.open -> awaited.add(new Due(use.deadline, leaf, id));
            case null, default -> {
                // Nothing will be due.
            }
        }
    }

    // ---- calls that stand unknown

    long unknowns(Likeness likeness) {
        return doubts.getOrDefault(likeness, Doubt.NONE).unknown();
    }

    void unknown(Use use) {
        Likeness likeness = likeness(use);
        Doubt doubt = doubts.getOrDefault(likeness, Doubt.NONE);
        if (!use.unknown || use.reconciliations != doubt.reconciliations()) {
            doubts.put(likeness, new Doubt(doubt.reconciliations(), doubt.unknown() + 1));
        }
        use.unknown = true;
        use.reconciliations = doubt.reconciliations();
        changed(use);
    }

    void known(Use use) {
        Likeness likeness = likeness(use);
        Doubt doubt = doubts.getOrDefault(likeness, Doubt.NONE);
        if (use.unknown && use.reconciliations == doubt.reconciliations()) {
            doubts.put(likeness, new Doubt(doubt.reconciliations(), doubt.unknown() - 1));
        }
        use.unknown = false;
        changed(use);
    }

    /** A person approved a like call: what stood unknown before is reconciled by that. */
    private void reconcile(Likeness likeness) {
        doubts.computeIfPresent(likeness, (like, doubt) -> new Doubt(doubt.reconciliations() + 1, 0));
    }

    private Likeness likeness(Use use) {
        Grant grant = identityOf(use).facts.grant();
        return Likeness.of(grant.actor(), grant.tool());
    }

    // ---- what comes back

    private Optional<Item> again(Archive.Kept kept) {
        return Optional.ofNullable(item(kept));
    }

    private @Nullable Item item(Archive.Kept kept) {
        SignedRecord record = kept.record();
        Place place = Place.at(record.id(), kept.leaf());
        Header header = record.header();
        return switch (record.statement().facts()) {
            case AuthorityFacts.Intent ignored -> new Asked(place, Intent.of(record), decisionOf(kept));
            case AuthorityFacts.Context ignored ->
                new Context(place, header.references().one("intent"));
            case AuthorityFacts.Decision ignored ->
                decisionAgain(place, record, kept.standing(Standing.Decision.class));
            case AuthorityFacts.Approval facts -> approvalAgain(place, record, facts);
            case AuthorityFacts.Contract facts ->
                contractAgain(place, record, facts.grant(), kept.standing(Standing.Contract.class));
            case AuthorityFacts.Identity facts ->
                identityAgain(place, record, facts, kept.standing(Standing.Identity.class));
            case ExecutionFacts.Use ignored -> useAgain(place, record, kept.standing(Standing.class));
            default -> null;
        };
    }

    private Optional<Place> decisionOf(Archive.Kept intent) {
        long leaf = intent.standing(Standing.Intent.class).decision();
        return leaf == 0 ? Optional.empty() : Optional.of(place(leaf));
    }

    private SignedRecord kept(RecordId id) {
        return archive.find(id)
                .orElseThrow(() -> new IllegalStateException("what a record rests on is no more: " + id))
                .record();
    }

    private Place place(long leaf) {
        return Place.at(archive.at(leaf).record().id(), leaf);
    }

    private Decision decisionAgain(Place place, SignedRecord record, Standing.Decision standing) {
        RecordId intent = record.header().references().one("intent");
        Decision decision = new Decision(place, record, Intent.of(kept(intent)), standing.earliest());
        decision.superseded = standing.superseded();
        decision.contracted = standing.contracted();
        for (long leaf : standing.approvals()) {
            SignedRecord approval = archive.at(leaf).record();
            if (!(approval.statement().facts() instanceof AuthorityFacts.Approval facts)) {
                throw new IllegalStateException("no approval: " + approval);
            }
            decision.given.add(approvalAgain(Place.at(approval.id(), leaf), approval, facts));
        }
        return decision;
    }

    private Approval approvalAgain(Place place, SignedRecord record, AuthorityFacts.Approval facts) {
        RecordId decision = record.header().references().one("decision");
        return new Approval(place, decision, record.header().stream(), facts);
    }

    private Contract contractAgain(Place place, SignedRecord record, Grant grant, Standing.Contract standing) {
        RecordId id = record.header().references().one("decision");
        Header decision = kept(id).header();
        int approvals = decision.references().many("approvals").size();
        Contract contract = new Contract(place, id, policyOf(decision), approvals, grant, standing.notBefore());
        contract.revoked = standing.revoked();
        contract.expired = standing.expired();
        contract.spent = standing.spent();
        contract.ordinal = standing.ordinal();
        for (long leaf : standing.identities()) {
            SignedRecord identity = archive.at(leaf).record();
            if (!(identity.statement().facts() instanceof AuthorityFacts.Identity facts)) {
                throw new IllegalStateException("no identity: " + identity);
            }
            contract.identities.add(Place.at(identity.id(), leaf));
            contract.sessionsWithIdentity.add(facts.session());
        }
        for (int i = 0; i < grant.totals().size(); i++) {
            String name = grant.totals().get(i).name();
            contract.spentTotals.put(
                    name, new BigDecimal(standing.totals().get(i).text()));
        }
        return contract;
    }

    private Identity identityAgain(
            Place place, SignedRecord record, AuthorityFacts.Identity facts, Standing.Identity standing) {
        Identity identity =
                new Identity(place, facts, record.header().references().one("contract"), false);
        identity.revoked = standing.revoked();
        identity.openUses = Math.toIntExact(standing.awaited());
        identity.uses = standing.uses();
        return identity;
    }

    private Use useAgain(Place place, SignedRecord record, Standing standing) {
        RecordId identity = record.header().references().one("identity");
        String point = record.header().stream().principal();
        if (!(standing instanceof Standing.Use kept)) {
            return new Use(place, identity, point, 0);
        }
        Use use = new Use(place, identity, point, kept.deadline());
        use.open = kept.awaits();
        use.incomplete = kept.incomplete();
        use.unknown = kept.unknown();
        use.reconciliations = kept.reconciled();
        return use;
    }

    // ---- what is kept of it beside standings

    private static final String ENDING = "ending";
    private static final String AWAITED = "awaited";
    private static final String DOUBTS = "doubts";

    void into(Parts parts) {
        parts.is(ENDING, rows(ending));
        parts.is(AWAITED, rows(awaited));
        parts.is(
                DOUBTS,
                doubts.entrySet().stream()
                        .map(e -> row(e.getKey(), e.getValue()))
                        .sorted(Comparator.comparing(row -> row.cells().toString()))
                        .toList());
    }

    private static List<Parts.Row> rows(NavigableSet<Due> dues) {
        return dues.stream()
                .map(due -> Parts.Row.of(due.at(), due.leaf(), due.id().hex()))
                .toList();
    }

    private static Parts.Row row(Likeness like, Doubt doubt) {
        return Parts.Row.of(
                like.actor(),
                like.profile().map(Hash::hex).orElse(""),
                like.method(),
                like.name(),
                doubt.reconciliations(),
                doubt.unknown());
    }

    void from(Map<String, byte[]> parts) throws FormatException {
        for (Parts.Row row : Parts.read(parts, ENDING)) {
            ending.add(new Due(row.number(0), row.number(1), RecordId.parse(row.word(2))));
        }
        for (Parts.Row row : Parts.read(parts, AWAITED)) {
            awaited.add(new Due(row.number(0), row.number(1), RecordId.parse(row.word(2))));
        }
        for (Parts.Row row : Parts.read(parts, DOUBTS)) {
            Optional<Hash> profile = row.word(1).isEmpty() ? Optional.empty() : Optional.of(Hash.fromHex(row.word(1)));
            Likeness like = new Likeness(row.word(0), profile, row.word(2), row.word(3));
            doubts.put(like, new Doubt(row.number(4), row.number(5)));
        }
    }
}
