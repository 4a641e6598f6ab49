package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import dev.jurat.proof.state.Standing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which record may follow which: the admission rules as one state machine, fed with statements and signatures alone
 * ({@code docs/spec/lifecycle.md}).
 *
 * <p>The ledger, a replica, an auditor and the verifier run this one text over the same leaves and reach the same verdicts. It reads no
 * clock, no network and no body; time is the last {@code clock} record. Kept whole because every rule reads what another one wrote.
 *
 * <p>Security property: a record is part of the state only after {@link #judge} admitted it, and nothing else changes the state. The
 * mistake that looks right but is not: judging against a state that already holds records whose commit may yet fail; whoever commits must
 * stop when a commit's outcome is unknown. Not thread-safe.
 */
public final class Lifecycle {
    static final long SESSION_MILLIS_MAX = 86_400_000;
    private static final String REGISTRY = "registry";
    private static final String ERASURES = "erasures";
    private static final String PENDING = "pending";
    private static final String OPEN = "open";

    private final SignatureChecker checker;
    private final Clocks clocks = new Clocks();
    private final WorkingSet working;
    private final Streams streams;
    private final Registry registry;
    private final Authority authority;
    private final Continuation continuation;
    private final Rules rules;
    private final LedgerRules ledgers;
    private final Publications published = new Publications();
    private final Holds holds;
    private final List<LedgerFacts.Registered> genesisPrincipals = new ArrayList<>();
    /** In the order of the log, by the last publication that accepts no definition. */
    private final LinkedHashMap<Hash, List<RegistryFacts.Profile>> profiles = new LinkedHashMap<>();

    /** The leaves of principals, policies, profiles and holds: what is in memory always. */
    private final List<Long> registryLeaves = new ArrayList<>();

    private final List<Long> erasureLeaves = new ArrayList<>();
    private final Parts parts = new Parts();
    private RecordId genesis = RecordId.NONE;

    /** A lifecycle that keeps everything in memory. */
    public Lifecycle(SignatureChecker checker) {
        this(checker, Archive.NONE);
    }

    /** A lifecycle that may be told to {@link #forget}, and finds again what it forgot. */
    public Lifecycle(SignatureChecker checker, Archive archive) {
        this.checker = checker;
        this.working = new WorkingSet(archive != Archive.NONE);
        this.holds = new Holds(working);
        this.streams = new Streams(working, archive);
        this.registry = new Registry(working, archive, streams);
        this.authority = new Authority(working, archive);
        this.continuation = new Continuation(registry, streams, checker);
        this.rules = new Rules(authority, registry, streams, clocks, checker);
        this.ledgers = new LedgerRules(authority, streams, clocks);
    }

    // ---- genesis

    /**
     * Starts from leaf 0.
     *
     * @throws FormatException {@code genesis-invalid}, {@code genesis-signature} or {@code genesis-twice}
     */
    public void begin(SignedRecord record) throws FormatException {
        if (!genesis.equals(RecordId.NONE)) {
            throw new FormatException("genesis-twice", "a log has one genesis");
        }
        Header header = record.header();
        boolean first = header.stream().equals(Stream.LEDGER)
                && header.sequence() == 0
                && header.previous().equals(RecordId.NONE)
                && header.seen().equals(RecordId.NONE)
                && header.signer() == SignerType.SERVICE
                && record.statement().subject().equals(Hash.ZERO);
        if (!first || !(record.statement().facts() instanceof LedgerFacts.Genesis facts)) {
            throw new FormatException("genesis-invalid", "leaf 0 is not a genesis");
        }
        checkGenesis(record, facts);
        genesis = record.id();
        clocks.genesis(genesis);
        continuation.genesis(genesis, Suites.of(facts));
        published.genesis(facts.artefacts().stream()
                .filter(digest -> !facts.predecessor().equals(Optional.of(digest)))
                .toList());
        genesisPrincipals.addAll(facts.principals());
        registry.bindKey(facts.checkpointKey());
        Origin origin = new Origin(Place.at(genesis, 0), working);
        for (LedgerFacts.Registered principal : facts.principals()) {
            origin.brings(registry.add(principal, false), openedByGenesis(principal));
        }
        working.changed(origin);
        streams.find(Stream.LEDGER).orElseThrow().use(genesis, false);
    }

    private Optional<Streams.State> openedByGenesis(LedgerFacts.Registered principal) throws FormatException {
        VerifyKey key = VerifyKey.parse(principal.key());
        if (principal.principal().equals(Stream.LEDGER.principal())) {
            return Optional.of(streams.open(Stream.LEDGER, key, genesis));
        }
        Stream own = new Stream(principal.principal(), Stream.sessionId(key));
        return principal.type() == SignerType.HUMAN ? Optional.of(streams.open(own, key, genesis)) : Optional.empty();
    }

    private void checkGenesis(SignedRecord record, LedgerFacts.Genesis facts) throws FormatException {
        List<VerifyKey> signers = new ArrayList<>();
        Suites suites = Suites.of(facts);
        Set<String> keys = new HashSet<>(Set.of(facts.checkpointKey()));
        for (LedgerFacts.Registered principal : facts.principals()) {
            if (!keys.add(principal.key())) {
                throw new FormatException("genesis-invalid", "a key belongs to one principal");
            }
            if (!Registry.isFirst(principal)) {
                throw new FormatException(
                        "genesis-invalid", "a principal of a class, namespace or role that genesis gives nobody");
            }
            VerifyKey key = suites.key(principal);
            if (principal.roles().contains(Role.LEDGER)) {
                signers.addFirst(key);
            } else if (principal.roles().contains(Role.ADMINISTRATOR)) {
                signers.add(key);
            }
        }
        VerifyKey.parse(Suite.ED25519_2026, facts.checkpointKey());
        if (facts.predecessor()
                .filter(digest -> !facts.artefacts().contains(digest))
                .isPresent()) {
            throw new FormatException("genesis-invalid", "what it cites of its predecessor is none of its artefacts");
        }
        boolean ledgerThere =
                facts.principals().stream().anyMatch(p -> p.principal().equals(Stream.LEDGER.principal()));
        if (!ledgerThere || signers.size() != record.signatures().size()) {
            throw new FormatException("genesis-signature", "the ledger and each administrator sign, and nobody else");
        }
        for (int i = 0; i < signers.size(); i++) {
            if (!checker.verifies(
                    signers.get(i),
                    record.preAuthentication(),
                    record.signatures().get(i))) {
                throw new FormatException("genesis-signature", "signature " + i + " does not verify");
            }
        }
    }

    // ---- judging

    /** Judges one record by itself, as a later reader does leaf by leaf. */
    public Judgement judge(Candidate candidate) {
        return judge(List.of(candidate)).getFirst();
    }

    /**
     * Judges the records of one group in order and takes what is admitted into the state. If one is pushed back, all are, and nothing
     * changes. A contract and the identity that follows it enter together or not at all.
     *
     * @return one judgement a record, in the same order
     */
    public List<Judgement> judge(List<Candidate> group) {
        Optional<List<Judgement>> early = continuation.judge(group);
        if (early.isPresent()) {
            return early.get();
        }
        List<Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            Candidate candidate = group.get(i);
            Optional<Judgement> known = continuation.present(candidate.record());
            if (known.isPresent()) {
                judgements.add(known.get());
            } else if (isPair(group, i)
                    && continuation.present(group.get(i + 1).record()).isEmpty()) {
                judgements.addAll(judgePair(candidate, group.get(i + 1)));
                i++;
            } else {
                judgements.add(judgeNext(candidate));
            }
        }
        return List.copyOf(judgements);
    }

    // ---- rules 3 to 5

    private static boolean isPair(List<Candidate> group, int index) {
        if (index + 1 >= group.size()) {
            return false;
        }
        SignedRecord first = group.get(index).record();
        SignedRecord second = group.get(index + 1).record();
        return first.kind() == Kind.CONTRACT
                && second.kind() == Kind.IDENTITY
                && second.header().references().one("contract").equals(first.id());
    }

    private List<Judgement> judgePair(Candidate contract, Candidate identity) {
        Optional<Rule> first = broken(contract, Optional.empty());
        Optional<Rule> second = first;
        if (first.isEmpty()) {
            second = broken(identity, Optional.of(authority.contractOf(contract.record(), now())));
        }
        if (second.isEmpty()) {
            return List.of(admit(contract.record()), admit(identity.record()));
        }
        Judgement cause = refuse(contract.record(), first.orElse(Rule.TOGETHER));
        return List.of(cause, refuse(identity.record(), first.isPresent() ? Rule.TOGETHER : second.get()));
    }

    private Judgement judgeNext(Candidate candidate) {
        SignedRecord record = candidate.record();
        if (record.kind().gate() == Kind.Gate.OPEN && !record.kind().isLedgers()) {
            return admitOpen(candidate);
        }
        Optional<Rule> rule = broken(candidate, Optional.empty());
        return rule.isPresent() ? refuse(record, rule.get()) : admit(record);
    }

    private Optional<Rule> broken(Candidate candidate, Optional<Authority.Contract> tentative) {
        SignedRecord record = candidate.record();
        Optional<Rule> standing = standing(record);
        if (standing.isPresent()) {
            return standing;
        }
        Optional<Rule> seen = seen(record);
        if (seen.isPresent()) {
            return seen;
        }
        Optional<Rule> step = step(record, tentative);
        return step.isPresent() ? step : candidate.bodyFault().or(() -> subject(record));
    }

    /** A kind without a body has the genesis id as its subject. */
    private Optional<Rule> subject(SignedRecord record) {
        boolean fits = record.kind().hasBody() || record.statement().subject().equals(genesis.hash());
        return fits ? Optional.empty() : Optional.of(Rule.BODY_UNWANTED);
    }

    /** Rule 3: the signer is what it says, may write this kind, and still may grant. */
    private Optional<Rule> standing(SignedRecord record) {
        if (Continuation.isEnrolment(record)) {
            boolean typeFits = record.statement().facts() instanceof RegistryFacts.Key key
                    && key.type() == record.header().signer();
            return typeFits ? Optional.empty() : Optional.of(Rule.SIGNER_TYPE);
        }
        Header header = record.header();
        Registry.Principal principal =
                registry.find(header.stream().principal()).orElseThrow();
        if (principal.type() != header.signer()) {
            return Optional.of(Rule.SIGNER_TYPE);
        }
        if (Continuation.isSuccession(record)) {
            return Optional.empty();
        }
        if (!mayWrite(principal, record.kind())) {
            return Optional.of(Rule.ROLE_FORBIDDEN);
        }
        if (principal.suspended) {
            return Optional.of(Rule.PRINCIPAL_SUSPENDED);
        }
        if (record.statement().facts() instanceof RegistryFacts.Session session) {
            return mayUse(
                    registry.credential(principal.id(), session.identityKey()).orElseThrow());
        }
        Streams.State stream = streams.find(header.stream()).orElseThrow();
        if (stream.suspended) {
            return Optional.of(Rule.SESSION_SUSPENDED);
        }
        Credential key = registry.credential(stream).orElseThrow();
        Optional<Rule> use = stream.session.isPresent() && !key.isCompromised() ? Optional.empty() : mayUse(key);
        if (use.isPresent()) {
            return use;
        }
        return clocks.expired(stream.notAfter()) ? Optional.of(Rule.SESSION_EXPIRED) : Optional.empty();
    }

    /** Whether a principal's key may open sessions, or sign what people sign with it. */
    private Optional<Rule> mayUse(Credential key) {
        if (key.isCompromised()) {
            return Optional.of(Rule.KEY_COMPROMISED);
        }
        return key.isRetired(clocks) ? Optional.of(Rule.KEY_RETIRED) : Optional.empty();
    }

    private static boolean mayWrite(Registry.Principal principal, Kind kind) {
        if (kind == Kind.KEY) {
            return principal.has(Role.ADMINISTRATOR);
        }
        return kind.writers().stream().anyMatch(principal::has);
    }

    private Optional<Rule> seen(SignedRecord record) {
        boolean exempt = isOnItsOwnWord(record)
                || isServicesSession(record)
                || record.kind().isLedgers();
        if (exempt) {
            return Optional.empty();
        }
        boolean slow = record.header().signer() == SignerType.HUMAN || Continuation.opens(record);
        return clocks.seen(record.header().seen(), slow ? Clocks.SEEN_MILLIS_MAX_PEOPLE : Clocks.SEEN_MILLIS_MAX);
    }

    /** Whether a record opens a session of the log's own services, which begin before there is a clock that is new. */
    private boolean isServicesSession(SignedRecord record) {
        return record.kind() == Kind.SESSION
                && registry.find(record.header().stream().principal())
                        .filter(p -> p.has(Role.GOVERNOR) || p.has(Role.BROKER))
                        .isPresent();
    }

    /** Whether a record enrols by no administrator's signature, which could lie somewhere until it is handed in. */
    private static boolean isOnItsOwnWord(SignedRecord record) {
        return Continuation.isEnrolment(record)
                && record.statement().facts() instanceof RegistryFacts.Key key
                && key.enrolled() != RegistryFacts.Enrolled.ADMINISTRATOR;
    }

    private Optional<Rule> step(SignedRecord record, Optional<Authority.Contract> tentative) {
        Header header = record.header();
        return switch (record.statement().facts()) {
            case LedgerFacts.Clock clock -> clocks.check(clock);
            case LedgerFacts.Genesis ignored -> Optional.of(Rule.STREAM_UNKNOWN);
            case LedgerFacts.Refused list -> ledgers.refused(list);
            case LedgerFacts.RefusedFold fold -> ledgers.fold(fold);
            case LedgerFacts.Conflict conflict -> ledgers.conflict(conflict);
            case LedgerFacts.Incomplete ignored -> ledgers.incomplete(header);
            case LedgerFacts.Expiry expiry -> ledgers.expiry(header, expiry);
            case LedgerFacts.State ignored -> Optional.empty();
            case RegistryFacts.Key key ->
                key.action() == RegistryFacts.KeyAction.ENROLL
                        ? registry.enrols(key)
                        : registry.changes(key, header.stream().principal());
            case SuccessionFacts.Successor successor -> registry.succeeds(successor, clocks);
            case SuccessionFacts.Compromise compromise -> registry.reports(compromise, header.stream());
            case PrincipalFacts said -> registry.says(said, header.stream().principal());
            case RegistryFacts.Session session -> session(session);
            case RegistryFacts.SessionEnd ignored -> Optional.empty();
            case RegistryFacts.Policy policy -> rules.policy(header, policy, published);
            case RegistryFacts.Profile profile -> rules.profile(header, profile, published);
            case RegistryFacts.Revocation revocation -> rules.revocation(header, revocation);
            case CustodyFacts.Erasure erasure -> holds.erasure(erasure);
            case CustodyFacts.Hold hold -> holds.hold(header, hold);
            case OperationFacts ignored -> Optional.empty();
            case AuthorityFacts.Intent ignored -> Optional.empty();
            case AuthorityFacts.Context ignored -> rules.context(header);
            case AuthorityFacts.Decision decision -> rules.decision(header, decision);
            case AuthorityFacts.Approval approval -> rules.approval(header, approval);
            case AuthorityFacts.Contract contract -> rules.contract(header, contract);
            case AuthorityFacts.Identity identity -> rules.identity(header, identity, tentative);
            case ExecutionFacts.Use use -> rules.use(header, use);
            case ExecutionFacts.Outcome ignored -> Optional.empty();
            case ExecutionFacts.Refusal ignored -> Optional.empty();
            case ExecutionFacts.Violation ignored -> Optional.empty();
            case ExecutionFacts.Observation ignored -> Optional.empty();
        };
    }

    private Optional<Rule> session(RegistryFacts.Session session) {
        if (registry.keyUsed(session.key())) {
            return Optional.of(Rule.KEY_REUSED);
        }
        if (session.claimed() != registry.claimed()) {
            return Optional.of(Rule.NODE_STATE);
        }
        if (clocks.expired(session.notAfter())) {
            return Optional.of(Rule.SESSION_EXPIRED);
        }
        boolean tooLong = session.notAfter() > clocks.current().latest() + SESSION_MILLIS_MAX;
        return clocks.running() && tooLong ? Optional.of(Rule.SESSION_TOO_LONG) : Optional.empty();
    }

    // ---- effects

    private Judgement refuse(SignedRecord record, Rule rule) {
        Header header = record.header();
        Optional<RecordId> identity = Optional.empty();
        Optional<Long> ordinal = Optional.empty();
        if (record.statement().facts() instanceof ExecutionFacts.Use use) {
            identity = Optional.of(header.references().one("identity")).filter(id -> rules.isRightful(id, header, use));
            ordinal = identity.map(i -> use.ordinal());
        }
        boolean opened = streams.find(header.stream()).isPresent();
        if (opened) {
            advance(header.stream(), record.id());
            spendOrdinal(identity, ordinal);
        }
        return new Judgement.Refused(rule, identity, ordinal);
    }

    private void advance(Stream stream, RecordId id) {
        streams.find(stream).orElseThrow().use(id, true);
    }

    private void spendOrdinal(Optional<RecordId> identity, Optional<Long> ordinal) {
        if (identity.isPresent() && ordinal.isPresent()) {
            authority.spendOrdinal(identity.get(), ordinal.get());
        }
    }

    /** The earliest that it can be. */
    private long now() {
        return clocks.current().earliest();
    }

    private Judgement admit(SignedRecord record) {
        open(record);
        streams.find(record.header().stream()).orElseThrow().use(record.id(), false);
        apply(record, record.statement().facts());
        return new Judgement.Admitted(Set.of());
    }

    private void open(SignedRecord record) {
        Stream stream = record.header().stream();
        Place place = Place.unknown(record.id());
        if (record.statement().facts() instanceof RegistryFacts.Session session) {
            Registry.Principal of = registry.find(stream.principal()).orElseThrow();
            streams.open(place, stream, key(session.key()), genesis, session, of);
        } else if (Continuation.isEnrolment(record)
                && record.statement().facts() instanceof RegistryFacts.Key enrolled) {
            Origin origin = new Origin(place, working);
            working.begins(origin);
            enrol(origin, record, enrolled);
        } else if (record.statement().facts() instanceof SuccessionFacts.Successor successor) {
            working.begins(succeed(place, record, successor));
        }
    }

    private Succession succeed(Place place, SignedRecord record, SuccessionFacts.Successor successor) {
        Streams.State opened = streams.open(record.header().stream(), key(successor.key()), genesis);
        Succession succession = new Succession(place, opened);
        succession.brings(registry.follow(successor, succession));
        return succession;
    }

    private void enrol(Origin origin, SignedRecord record, RegistryFacts.Key enrolled) {
        Streams.State opened = streams.open(record.header().stream(), key(enrolled.key()), genesis);
        boolean onItsOwnWord = enrolled.enrolled() == RegistryFacts.Enrolled.SELF;
        origin.brings(registry.add(enrolled.registered(), onItsOwnWord), Optional.of(opened));
    }

    private static VerifyKey key(String text) {
        try {
            return VerifyKey.parse(text);
        } catch (FormatException e) {
            throw new IllegalStateException("a key that rule 1 let through", e);
        }
    }

    private Judgement admitOpen(Candidate candidate) {
        SignedRecord record = candidate.record();
        Header header = record.header();
        Registry.Principal principal =
                registry.find(header.stream().principal()).orElseThrow();
        Streams.State stream = streams.find(header.stream()).orElseThrow();
        EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
        if (principal.type() != header.signer() || !mayWrite(principal, record.kind())) {
            flags.add(Flag.ROLE_FORBIDDEN);
        }
        if (principal.suspended || stream.suspended || registry.isCompromised(stream)) {
            flags.add(Flag.SIGNER_SUSPENDED);
        }
        if (clocks.expired(stream.notAfter())) {
            flags.add(Flag.SIGNER_EXPIRED);
        }
        if (candidate.bodyFault().isPresent()) {
            flags.add(Flag.BODY_MISSING);
        }
        stream.use(record.id(), false);
        if (!flags.contains(Flag.ROLE_FORBIDDEN)) {
            applyOpen(record, flags);
        }
        return new Judgement.Admitted(flags);
    }

    private void applyOpen(SignedRecord record, EnumSet<Flag> flags) {
        switch (record.statement().facts()) {
            case RegistryFacts.SessionEnd ignored -> {
                streams.end(streams.find(record.header().stream()).orElseThrow());
            }
            case ExecutionFacts.Outcome outcome -> outcome(record, outcome, flags);
            default -> {
                boolean dangling = record.header().references().all().stream().anyMatch(id -> !isKnown(id));
                if (dangling) {
                    flags.add(Flag.REFERENCE_UNKNOWN);
                }
                boolean foreign = record.header().references().all().stream()
                        .anyMatch(id -> pointOf(id)
                                .filter(point -> !PointsWord.counts(record, point))
                                .isPresent());
                if (foreign) {
                    flags.add(Flag.FOREIGN_POINT);
                }
            }
        }
    }

    /** The enforcement point that a use, an identity or a decision is for. */
    private Optional<String> pointOf(RecordId id) {
        return switch (authority.item(id)) {
            case Authority.Use use -> Optional.of(use.point);
            case Authority.Identity identity ->
                Optional.of(identity.facts.grant().point());
            case Authority.Decision decision ->
                Optional.of(decision.intent.facts().point());
            case null, default -> Optional.empty();
        };
    }

    private boolean isKnown(RecordId id) {
        return switch (authority.item(id)) {
            case Authority.Use ignored -> true;
            case Authority.Identity ignored -> true;
            case Authority.Decision ignored -> true;
            case Authority.Contract ignored -> true;
            case null, default -> false;
        };
    }

    private void outcome(SignedRecord record, ExecutionFacts.Outcome outcome, EnumSet<Flag> flags) {
        Authority.Use use = authority.use(record.header().references().one("use"));
        if (use == null) {
            flags.add(Flag.REFERENCE_UNKNOWN);
            return;
        }
        if (!PointsWord.counts(record, use.point)) {
            flags.add(Flag.FOREIGN_POINT);
            return;
        }
        boolean repeated = !use.open && !use.incomplete && !use.unknown;
        if (repeated) {
            flags.add(Flag.REPEATED);
            return;
        }
        if (use.incomplete || use.unknown || clocks.current().earliest() > use.deadline) {
            flags.add(Flag.LATE);
        }
        close(use);
        use.incomplete = false;
        if (outcome.result() == ExecutionFacts.Result.UNKNOWN) {
            authority.unknown(use);
        } else {
            authority.known(use);
        }
    }

    private void close(Authority.Use use) {
        if (use.open) {
            authority.close(use);
            Streams.State session =
                    streams.find(authority.identityOf(use).session).orElseThrow();
            session.openUses--;
            session.changed();
        }
    }

    private void apply(SignedRecord record, Facts facts) {
        Header header = record.header();
        switch (facts) {
            case LedgerFacts.Clock clock -> clocks.tick(record.id(), clock);
            case LedgerFacts.Refused list -> list.records().forEach(this::applyRefused);
            case LedgerFacts.RefusedFold fold -> applyFold(fold);
            case LedgerFacts.Conflict conflict -> suspendCloned(conflict.stream());
            case LedgerFacts.Incomplete ignored ->
                incomplete(header.references().one("use"));
            case LedgerFacts.Expiry ignored -> expire(header.references().one("contract"));
            case RegistryFacts.Key key -> registry.apply(key);
            case SuccessionFacts.Compromise compromise -> registry.report(compromise, record.id());
            case PrincipalFacts said -> registry.apply(said);
            case RegistryFacts.Policy policy -> publish(record, policy);
            case RegistryFacts.Profile profile -> publish(profile);
            case RegistryFacts.Revocation revocation -> revoke(header, revocation);
            case CustodyFacts.Hold hold -> holds.apply(record, hold);
            case AuthorityFacts.Intent ignored -> authority.asked(record);
            case AuthorityFacts.Context ignored -> authority.context(record);
            case AuthorityFacts.Decision ignored -> authority.decided(record, now());
            case AuthorityFacts.Approval approval -> authority.approved(record, approval);
            case AuthorityFacts.Contract ignored -> authority.contracted(authority.contractOf(record, now()));
            case AuthorityFacts.Identity identity -> authority.identified(record, identity);
            case ExecutionFacts.Use use -> use(record, use);
            default -> {
                // A session is opened before its effects; open kinds have theirs in applyOpen.
            }
        }
    }

    /** In the ledger that refused it, the head has already moved on; a later reader moves it here. */
    private void applyRefused(LedgerFacts.RefusedRecord entry) {
        streams.find(entry.stream()).filter(s -> s.next() == entry.sequence()).ifPresent(s -> {
            advance(entry.stream(), entry.id());
            spendOrdinal(entry.identity().filter(id -> authority.identity(id) != null), entry.ordinal());
        });
    }

    /** The same for a fold: of the records that it tells of a later reader knows the last one by its id. */
    private void applyFold(LedgerFacts.RefusedFold fold) {
        streams.find(fold.stream()).filter(s -> s.next() == fold.first()).ifPresent(s -> {
            s.skip(fold.last(), s.previous);
            advance(fold.stream(), fold.id());
        });
    }

    private void suspendCloned(Stream stream) {
        streams.find(stream).filter(s -> s.session.isPresent()).ifPresent(Lifecycle::suspend);
    }

    private static void suspend(Streams.State stream) {
        stream.suspended = true;
        stream.changed();
    }

    private void expire(RecordId id) {
        authority.expired(Authority.there(authority.contract(id), id));
    }

    private void incomplete(RecordId id) {
        Authority.Use use = Authority.there(authority.use(id), id);
        if (use.open) {
            close(use);
            use.incomplete = true;
            authority.unknown(use);
        }
    }

    private void publish(SignedRecord record, RegistryFacts.Policy policy) {
        published.add(policy.artefact());
        if (policy.publication() == RegistryFacts.Publication.WITHDRAWN) {
            authority.policies.values().stream()
                    .filter(p -> p.facts.artefact().equals(policy.artefact()))
                    .forEach(this::withdraw);
            return;
        }
        Place place = Place.unknown(record.id());
        Authority.Policy published = new Authority.Policy(place, policy, rules.isAdministrator(record.header()));
        working.begins(published);
        publish(published);
    }

    private void publish(Authority.Policy policy) {
        authority.policies.put(policy.place().id(), policy);
        if (policy.facts.publication() == RegistryFacts.Publication.DEFAULT) {
            authority.newestDefault = Optional.of(policy.place().id());
        }
    }

    private void withdraw(Authority.Policy policy) {
        policy.withdrawn = true;
        authority.changed(policy);
    }

    private void publish(RegistryFacts.Profile profile) {
        published.add(profile.artefact());
        if (profile.publication() == RegistryFacts.Publication.WITHDRAWN) {
            profiles.remove(profile.artefact());
        } else if (profile.accepts().isEmpty()) {
            profiles.putLast(profile.artefact(), with(profile));
        } else {
            profiles.put(profile.artefact(), with(profile));
        }
    }

    private List<RegistryFacts.Profile> with(RegistryFacts.Profile profile) {
        List<RegistryFacts.Profile> all = new ArrayList<>(profiles.getOrDefault(profile.artefact(), List.of()));
        all.add(profile);
        return List.copyOf(all);
    }

    private void revoke(Header header, RegistryFacts.Revocation revocation) {
        Optional<RecordId> target = header.references().optional("target");
        switch (revocation.target()) {
            case CONTRACT -> {
                RecordId id = target.orElseThrow();
                Authority.Contract contract = Authority.there(authority.contract(id), id);
                contract.revoked = true;
                authority.changed(contract);
            }
            case IDENTITY -> {
                RecordId id = target.orElseThrow();
                Authority.Identity identity = Authority.there(authority.identity(id), id);
                identity.revoked = true;
                authority.changed(identity);
            }
            case POLICY -> {
                RecordId id = target.orElseThrow();
                Authority.Policy policy = Authority.there(authority.policies.get(id), id);
                policy.revoked = true;
                withdraw(policy);
            }
            case SESSION ->
                suspend(streams.find(revocation.session().orElseThrow()).orElseThrow());
            case PRINCIPAL -> registry.suspend(revocation.principal().orElseThrow());
        }
    }

    private void use(SignedRecord record, ExecutionFacts.Use facts) {
        RecordId id = record.header().references().one("identity");
        Authority.Identity identity = Authority.there(authority.identity(id), id);
        Streams.State session = streams.find(identity.session).orElseThrow();
        session.openUses++;
        session.changed();
        long deadline = clocks.current().latest() + facts.goByMillis() + facts.outcomeByMillis();
        authority.used(record, facts, identity, deadline);
    }

    /**
     * Moves a stream's head over numbers that a reader of a part of the log was not shown, or refused. The ledger never calls it; a
     * verifier that does must report the stream as not shown whole, and an audit calls it behind a defect that it has told of.
     */
    public void dangerouslySkip(Stream stream, long next, RecordId previous) {
        streams.find(stream).filter(s -> next > s.next()).ifPresent(s -> s.skip(next, previous));
    }

    /**
     * Says that what is judged is a part of a log, in which an administrator may be left whom it does not show. The ledger never calls it; nor
     * does who has every leaf.
     */
    public void dangerouslyKnowsPart() {
        registry.isPart();
    }

    // ---- what is let go of, and comes back

    /**
     * Says at which leaf an admitted record stands; {@link #changes} is asked only when that is said of each.
     *
     * @param flags those that it was admitted with
     */
    public void placed(SignedRecord record, long leaf, Set<Flag> flags) {
        working.placed(record.id(), leaf);
        switch (record.kind()) {
            case CONTRACT, USE -> authority.placed(record.id(), leaf);
            case SESSION -> streams.placed(record.header().stream(), leaf);
            case KEY, POLICY, PROFILE, HOLD -> registryLeaves.add(leaf);
            case ERASURE -> erasureLeaves.add(leaf);
            default -> {
                // Nothing else is looked for by its place.
            }
        }
        EnumSet<Flag> lasting = EnumSet.noneOf(Flag.class);
        lasting.addAll(flags);
        lasting.remove(Flag.BODY_MISSING);
        if (!lasting.isEmpty()) {
            working.settles(leaf, new Standing.Flagged(lasting).encode());
        }
    }

    /** What has changed since this was asked last, all leaves being placed: a cut. */
    public Changes changes() {
        streams.prune(clocks);
        parts.is(REGISTRY, leaves(registryLeaves));
        parts.is(ERASURES, leaves(erasureLeaves));
        parts.is(
                PENDING,
                leaves(authority.pending.values().stream().map(Place::leaf).toList()));
        parts.is(OPEN, leaves(streams.openLeaves()));
        authority.into(parts);
        clocks.into(parts);
        return new Changes(working.cut(), parts.changes());
    }

    private static List<Parts.Row> leaves(List<Long> leaves) {
        return leaves.stream().map(Parts.Row::of).toList();
    }

    /**
     * Lets go of what has not changed for so many cuts; 0 lets go of whatever has not changed since the last one. All that {@link #changes}
     * gave must be in the archive by then, and nobody may hold what they were given before.
     */
    public void forget(int cuts) {
        working.forget(cuts);
    }

    /**
     * A lifecycle as it was at a cut, from what is kept of it.
     *
     * @param parts all that were given up to then, each as it was last
     * @throws FormatException if these are not parts, or leaf 0 does not begin a log
     */
    public static Lifecycle restore(SignatureChecker checker, Archive archive, Map<String, byte[]> parts)
            throws FormatException {
        Lifecycle again = new Lifecycle(checker, archive);
        Archive.Kept first = archive.at(0);
        again.begin(first.record());
        again.registry
                .find(Stream.LEDGER.principal())
                .orElseThrow()
                .origin()
                .become(first.standing(Standing.class), again.streams, archive);
        for (Parts.Row row : Parts.read(parts, REGISTRY)) {
            again.register(archive.at(row.number(0)), archive);
        }
        for (Parts.Row row : Parts.read(parts, ERASURES)) {
            again.erasureLeaves.add(row.number(0));
        }
        again.authority.from(parts);
        for (Parts.Row row : Parts.read(parts, PENDING)) {
            long leaf = row.number(0);
            RecordId id = archive.at(leaf).record().id();
            again.authority.pending.put(id, Place.at(id, leaf));
        }
        for (Parts.Row row : Parts.read(parts, OPEN)) {
            long leaf = row.number(0);
            again.streams.placed(archive.at(leaf).record().header().stream(), leaf);
        }
        again.clocks.from(parts);
        again.parts.were(parts);
        return again;
    }

    /** Takes again what everybody is judged by, and has always been in memory. */
    private void register(Archive.Kept kept, Archive archive) {
        SignedRecord record = kept.record();
        Place place = Place.at(record.id(), kept.leaf());
        registryLeaves.add(kept.leaf());
        switch (record.statement().facts()) {
            case RegistryFacts.Key key
            when key.action() == RegistryFacts.KeyAction.ENROLL -> {
                Origin origin = new Origin(place, working);
                enrol(origin, record, key);
                origin.become(kept.standing(Standing.class), streams, archive);
            }
            case PrincipalFacts said -> registry.again(said);
            case SuccessionFacts.Successor successor ->
                succeed(place, record, successor).become(kept.standing(Standing.Succeeded.class), archive);
            case RegistryFacts.Policy policy -> {
                published.add(policy.artefact());
                if (policy.publication() != RegistryFacts.Publication.WITHDRAWN) {
                    publish(Authority.Policy.again(
                            place,
                            policy,
                            rules.isAdministrator(record.header()),
                            kept.standing(Standing.Policy.class)));
                }
            }
            case RegistryFacts.Profile profile -> publish(profile);
            case CustodyFacts.Place hold
            when !kept.standing(Standing.Hold.class).lifted() -> holds.again(place, hold);
            default -> {
                // What it did is in the standing of what it did it to.
            }
        }
    }

    // ---- what the ledger has to write, and what others may read

    /** Contracts whose window has ended with uses unspent and whose expiry is not written yet; each is answered once. */
    public List<DueExpiry> expiriesDue() {
        List<DueExpiry> due = new ArrayList<>();
        while (!authority.ending.isEmpty()
                && clocks.expired(authority.ending.first().at())) {
            RecordId id = authority.ending.removeFirst().id();
            Authority.Contract contract = Authority.there(authority.contract(id), id);
            due.add(new DueExpiry(id, contract.spent, contract.grant.uses()));
        }
        return due;
    }

    /** A contract that has ended with uses unspent. */
    public record DueExpiry(RecordId contract, long spent, long uses) {}

    /** Uses whose outcome is overdue; each is answered once. */
    public List<RecordId> incompletesDue() {
        List<RecordId> due = new ArrayList<>();
        while (!authority.awaited.isEmpty() && now() > authority.awaited.first().at()) {
            due.add(authority.awaited.removeFirst().id());
        }
        return due;
    }

    /** Whether the outcome of any use is awaited. */
    public boolean anyAwaited() {
        return !authority.awaited.isEmpty();
    }

    /** The genesis id; {@link RecordId#NONE} before {@link #begin}. */
    public RecordId genesis() {
        return genesis;
    }

    /** The newest clock leaf's id, or the genesis id before any: what a statement signed now puts in {@code seen}. */
    public RecordId clockId() {
        return clocks.currentId();
    }

    public LedgerFacts.Clock clock() {
        return clocks.current();
    }

    /** Whether the node has an administrator. */
    public boolean claimed() {
        return registry.claimed();
    }

    /** Whether a principal is there on its own word only, and may therefore only be observed. */
    public boolean selfEnrolled(String principal) {
        return registry.find(principal).filter(p -> p.selfEnrolled).isPresent();
    }

    public Optional<LedgerFacts.Registered> principal(String principal) {
        return registry.find(principal).map(Registry.Principal::now);
    }

    /** The keys of a principal, the first one first: each follows the one before it. */
    public List<KeyStanding> keys(String principal) {
        return registry.find(principal).stream()
                .flatMap(p -> p.credentials.stream())
                .map(c -> c.standing(clocks))
                .toList();
    }

    /**
     * How a registered key stands.
     *
     * @param retired whether another one follows it and the time of both is over
     * @param report the first record that says that it is in other hands
     * @param since the first leaf that it may have been misused at: that of the report, unless two people said an earlier one; empty while the
     *     report has no place yet
     */
    public record KeyStanding(String key, boolean retired, Optional<RecordId> report, Optional<Long> since) {
        /** Whether it may open sessions, or sign what people sign. */
        public boolean usable() {
            return !retired && report.isEmpty();
        }

        /** Whether a record at this leaf that rests on the key is in doubt: at its boundary or behind it. */
        public boolean inDoubt(long leaf) {
            return since.filter(from -> leaf >= from).isPresent();
        }
    }

    /** The registered key that a stream rests on: its own, or the one that opened its session. */
    public Optional<String> restsOn(Stream stream) {
        return head(stream)
                .map(head -> head.session()
                        .map(RegistryFacts.Session::identityKey)
                        .orElse(head.key().text()));
    }

    /** The principal that is bound to a name that others know it by, given by the name's digest. */
    public Optional<String> bearer(Hash subject) {
        return registry.bearer(subject);
    }

    /** What administrators have said of a principal. */
    public Particulars particulars(String principal) {
        return registry.find(principal).map(registry::particulars).orElse(Particulars.NONE);
    }

    public boolean suspended(String principal) {
        return registry.find(principal).filter(p -> p.suspended).isPresent();
    }

    /** Everybody who is registered, sorted by principal id. */
    public List<LedgerFacts.Registered> principals() {
        return registry.all();
    }

    /** The principals that genesis names. */
    public List<LedgerFacts.Registered> genesisPrincipals() {
        return List.copyOf(genesisPrincipals);
    }

    /** Where a stream stands. */
    public Optional<StreamHead> head(Stream stream) {
        return streams.find(stream)
                .map(s -> new StreamHead(
                        s.next(), s.previous, s.key, s.session, s.suspended || registry.isCompromised(s), s.ended));
    }

    /**
     * A stream's next number, the id that the next record names as previous, and its standing.
     *
     * @param suspended also where the key that it rests on was reported to be in other hands
     */
    public record StreamHead(
            long next,
            RecordId previous,
            VerifyKey key,
            Optional<RegistryFacts.Session> session,
            boolean suspended,
            boolean ended) {}

    /** The record at a number of a stream, refused ones included. */
    public Optional<RecordId> recordAt(Stream stream, long sequence) {
        return streams.find(stream).flatMap(s -> s.at(sequence)).map(Streams.Taken::id);
    }

    /** Whether any session is open by the clock: then a clock leaf is due every 10 s. */
    public boolean sessionOpen() {
        return streams.anyOpen(clocks);
    }

    /** The sessions of a principal that neither ended nor are over by the clock, by their ends. */
    public List<Stream> openSessions(String principal) {
        return streams.open(clocks).stream()
                .filter(stream -> stream.principal().equals(principal))
                .toList();
    }

    /** The sessions of a principal, those that are over too, the newest first. */
    public List<Stream> sessions(String principal) {
        return registry.find(principal).map(streams::of).orElse(List.of());
    }

    /** How many like calls of this actor ended unknown and stand unreconciled. */
    public long unknowns(String actor, Tool tool) {
        return authority.unknowns(Authority.Likeness.of(actor, tool));
    }

    /** The policy record that decides where nothing else is asked for. */
    public Optional<RecordId> defaultPolicy() {
        return authority.newestDefault.filter(id -> !Authority.there(authority.policies.get(id), id).withdrawn);
    }

    /** The facts of a published policy that is not withdrawn. */
    public Optional<RegistryFacts.Policy> policy(RecordId id) {
        return Optional.ofNullable(authority.policies.get(id))
                .filter(p -> !p.withdrawn)
                .map(p -> p.facts);
    }

    /** The policy records that are published and not withdrawn, with their facts, in the order of the log. */
    public Map<RecordId, RegistryFacts.Policy> policies() {
        Map<RecordId, RegistryFacts.Policy> live = new LinkedHashMap<>();
        authority.policies.forEach((id, policy) -> {
            if (!policy.withdrawn) {
                live.put(id, policy.facts);
            }
        });
        return live;
    }

    /** The artefacts of all policies and profiles that were ever published, withdrawn ones too. */
    public Set<Hash> everPublished() {
        return published.all();
    }

    /**
     * The published profiles by artefact, each with the records that published it and accepted definitions under it. In the order of the
     * log: publishing one again puts it last, accepting a definition under one does not.
     */
    public Map<Hash, List<RegistryFacts.Profile>> profiles() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(profiles));
    }

    /** How a decision stands: what it rests on and what has become of it. */
    public Optional<DecisionStanding> decision(RecordId id) {
        return Optional.ofNullable(authority.decision(id))
                .map(d -> new DecisionStanding(
                        d.facts,
                        d.intent.id(),
                        d.given.stream().map(Authority.Item::id).toList(),
                        d.rejected(),
                        d.superseded,
                        d.contracted));
    }

    /** A decision with the approvals given to it. */
    public record DecisionStanding(
            AuthorityFacts.Decision facts,
            RecordId intent,
            List<RecordId> approvals,
            boolean rejected,
            boolean superseded,
            boolean contracted) {}

    /** The holds that were placed and not lifted, in the order of the log. */
    public Map<RecordId, CustodyFacts.Place> holds() {
        return holds.standing();
    }

    /** Where the erasures stand that are placed. */
    public List<Long> erasures() {
        return List.copyOf(erasureLeaves);
    }

    /** Whether the body of a record of a stream must be kept. */
    public boolean isHeld(Stream stream, RecordId id) {
        return holds.keeps(stream, id);
    }

    /** Decisions that wait for approvals. */
    public List<RecordId> pending() {
        return authority.pending.keySet().stream()
                .filter(id -> !Authority.there(authority.decision(id), id).rejected())
                .toList();
    }

    /** Those, and the ones that a person rejected of which no denial has come yet. */
    public List<RecordId> unsettled() {
        return List.copyOf(authority.pending.keySet());
    }

    /** The decision that stands for an intent: the newest. */
    public Optional<RecordId> decisionOf(RecordId intent) {
        return Optional.ofNullable(authority.intent(intent)).flatMap(Authority.Asked::decision);
    }

    /** How a contract stands. */
    public Optional<ContractStanding> contract(RecordId id) {
        return Optional.ofNullable(authority.contract(id)).map(this::standing);
    }

    /** Contracts that are neither expired nor revoked nor spent. */
    public List<ContractStanding> liveContracts() {
        return authority.ending.stream()
                .map(due -> standing(Authority.there(authority.contract(due.id()), due.id())))
                .filter(ContractStanding::live)
                .toList();
    }

    private ContractStanding standing(Authority.Contract c) {
        boolean live = !c.revoked && !c.policy.revoked && !clocks.expired(c.notAfter) && c.ordinal < c.grant.uses();
        return new ContractStanding(
                c.id(), c.grant, c.decision, c.notBefore, c.notAfter, c.spent, c.ordinal, c.revoked, live);
    }

    /** A contract's window, counts and standing by the last clock. */
    public record ContractStanding(
            RecordId id,
            Grant grant,
            RecordId decision,
            long notBefore,
            long notAfter,
            long spent,
            long ordinal,
            boolean revoked,
            boolean live) {}

    /** How a use stands: whose identity it is of, and whether its outcome is still awaited. */
    public Optional<UseStanding> use(RecordId id) {
        return Optional.ofNullable(authority.use(id))
                .map(u -> new UseStanding(u.identity, authority.identityOf(u).contract, u.point, u.open, u.unknown));
    }

    /** A use's identity, contract, point, and whether its outcome is awaited or unknown. */
    public record UseStanding(RecordId identity, RecordId contract, String point, boolean open, boolean unknown) {}

    /** The facts of an identity and the contract that it is under. */
    public Optional<IdentityStanding> identity(RecordId id) {
        return Optional.ofNullable(authority.identity(id))
                .map(i -> new IdentityStanding(i.facts, i.contract, i.revoked));
    }

    /** An identity's facts, its contract, and whether it is revoked. */
    public record IdentityStanding(AuthorityFacts.Identity facts, RecordId contract, boolean revoked) {}
}
