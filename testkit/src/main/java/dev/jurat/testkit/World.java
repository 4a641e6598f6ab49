package dev.jurat.testkit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.FoldDetails;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.BundleWriter;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.P256Key;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.verify.TrustPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A whole small log for tests: keys from names, a clock that moves when told, a cast, and a draft for every kind of record.
 *
 * <p>Everything is the same on every run. A draft is sound as it stands; a test changes the one part that it is about. Not thread-safe.
 */
public final class World {
    public static final String ORIGIN = "ledger.example";
    public static final String NAMESPACE = "default";
    public static final long START_MILLIS = 1_800_000_000_000L;

    private static final long SESSION_MILLIS = 3_600_000;

    private final TestLog log = new TestLog();
    private final boolean claimed;
    private final boolean apart;
    private final Suite suite;
    private final SoftwareKey checkpointKey = key("checkpoint");
    private final Party ledger;
    private final Party administrator;
    private final Party approver;
    private final Hash starter;
    private final Hash observe;
    private final Hash profile;
    private long nowMillis = START_MILLIS;
    private Cast cast;

    /** The sessions that most tests need, and the policies that are published. */
    private record Cast(Party governor, Party broker, Party agent, Party point, RecordId policy, RecordId observe) {}

    private World(boolean claimed, boolean apart, Suite suite) {
        this.claimed = claimed;
        this.apart = apart;
        this.suite = suite;
        this.starter = log.artefact(policyArtefact("starter@v1"));
        this.observe = log.artefact(policyArtefact("observe@v1"));
        this.profile = log.artefact(Profiles.files());
        this.ledger = new Party(Stream.LEDGER, SignerType.SERVICE, key("ledger"), RecordId.NONE);
        genesis();
        this.administrator = person("administrator");
        this.approver = person("approver");
        tick(1_000);
        this.cast = new Cast(ledger, ledger, ledger, ledger, RecordId.NONE, RecordId.NONE);
        this.cast = enterCast();
        tick(1_000);
    }

    /** A node with an administrator and an approver in genesis, starter and observe published, one agent and one point in session. */
    public static World claimed() {
        return new World(true, false, Suite.ED25519_2026);
    }

    /** A node without an administrator, whose agent and point enrolled themselves. */
    public static World unclaimed() {
        return new World(false, false, Suite.ED25519_2026);
    }

    /** A claimed node whose agents sign for themselves, with keys in hardware, in no process of a point's. */
    public static World apart() {
        return new World(true, true, Suite.ED25519_2026);
    }

    /** A claimed node whose genesis names both suites, and whose agents, points and people have P-256 keys. */
    public static World onP256() {
        return new World(true, false, Suite.P256_2026);
    }

    private void genesis() {
        List<Registered> principals = new ArrayList<>();
        principals.add(registered("ledger", SignerType.SERVICE, Role.LEDGER));
        principals.add(registered("governor", SignerType.SERVICE, Role.GOVERNOR));
        principals.add(registered("broker", SignerType.SERVICE, Role.BROKER));
        List<SigningKey> signers = new ArrayList<>(List.of(key("ledger")));
        if (claimed) {
            principals.add(registered("administrator", SignerType.HUMAN, Role.ADMINISTRATOR));
            principals.add(registered("approver", SignerType.HUMAN, Role.APPROVER));
            signers.add(registeredKey("administrator"));
        }
        principals.sort(Comparator.comparing(Registered::principal));
        draft(
                        ledger,
                        new LedgerFacts.Genesis(
                                LedgerFacts.Genesis.SPEC,
                                1,
                                ORIGIN,
                                java.util.stream.Stream.of(Suite.ED25519_2026, suite)
                                        .distinct()
                                        .map(Suite::text)
                                        .toList(),
                                checkpointKey.verifyKey().text(),
                                principals,
                                List.of(starter, observe, profile).stream()
                                        .sorted()
                                        .toList(),
                                List.of(),
                                Optional.empty()))
                .header(h -> new Header(
                        h.kind(), h.stream(), h.signer(), 0, RecordId.NONE, RecordId.NONE, References.NONE, h.suite()))
                .subject(Hash.ZERO)
                .signedBy(signers.toArray(SigningKey[]::new))
                .append();
    }

    private Cast enterCast() {
        Party governor = session("governor", "governor-1").admitAndJoin();
        Party broker = session("broker", "broker-1").admitAndJoin();
        Party publisher = claimed ? administrator : governor;
        RecordId policy = publish(publisher, starter, "starter@v1", RegistryFacts.Publication.DEFAULT);
        RecordId observed = publish(publisher, observe, "observe@v1", RegistryFacts.Publication.AVAILABLE);
        draft(
                        publisher,
                        new RegistryFacts.Profile(
                                profile, "files@1.0.0", RegistryFacts.Publication.AVAILABLE, List.of()))
                .admit();
        enrol("agent", SignerType.AGENT, Role.AGENT).admitAndJoin();
        enrol("point", SignerType.SERVICE, Role.POINT).admitAndJoin();
        Party agent = session("agent", "agent-1").admitAndJoin();
        Party point = session("point", "point-1").admitAndJoin();
        return new Cast(governor, broker, agent, point, policy, observed);
    }

    private RecordId publish(Party publisher, Hash artefact, String name, RegistryFacts.Publication use) {
        return draft(publisher, new RegistryFacts.Policy(artefact, name, use, RegistryFacts.Floors.NONE))
                .admit()
                .id();
    }

    // ---- what is there

    public TestLog log() {
        return log;
    }

    /** Milliseconds since 1970 by this world's clock. */
    public long nowMillis() {
        return nowMillis;
    }

    public Party ledger() {
        return ledger;
    }

    /** The administrator of a claimed world. */
    public Party administrator() {
        return administrator;
    }

    /** The approver of a claimed world. */
    public Party approver() {
        return approver;
    }

    public Party governor() {
        return cast.governor();
    }

    public Party broker() {
        return cast.broker();
    }

    /** The first session of the agent {@code agent}. */
    public Party agent() {
        return cast.agent();
    }

    /** The first session of the enforcement point {@code point}. */
    public Party point() {
        return cast.point();
    }

    /** The record that published {@code starter@v1}. */
    public RecordId policy() {
        return cast.policy();
    }

    /** The record that published {@code observe@v1}. */
    public RecordId observePolicy() {
        return cast.observe();
    }

    public Hash starterArtefact() {
        return starter;
    }

    public Hash observeArtefact() {
        return observe;
    }

    /** The tool profile of a file server. */
    public Hash profileArtefact() {
        return profile;
    }

    /** The log's note key, as a trust policy names it. */
    public NoteVerifier logKey() {
        return NoteVerifier.log(ORIGIN, checkpointKey.verifyKey());
    }

    /** A signed checkpoint over every leaf so far. */
    public SignedNote checkpoint() {
        MerkleTree tree = log.tree();
        return NoteSigner.log(ORIGIN, checkpointKey).note(new Checkpoint(ORIGIN, tree.size(), tree.root()).text());
    }

    /** The trust policy of a reader who knows this log's key and genesis, and no witness. */
    public TrustPolicy trust() {
        return new TrustPolicy(logKey(), Optional.of(log.genesisId()), Optional.empty());
    }

    /** A bundle of a scope over every leaf so far. */
    public Bundle bundle(Scope scope) {
        return bundle(scope, checkpoint());
    }

    /** A bundle of a scope under a checkpoint of this log's key. */
    public Bundle bundle(Scope scope, SignedNote checkpoint) {
        TreeMap<Long, SignedRecord> leaves = new TreeMap<>();
        for (SignedRecord leaf : log.leaves()) {
            leaves.put((long) leaves.size(), leaf);
        }
        MerkleTree tree = log.tree();
        try {
            return new BundleWriter(
                            leaves,
                            VerifiedCheckpoint.open(checkpoint, logKey()),
                            index -> InclusionProof.make(tree, index, tree.size()),
                            index -> Optional.ofNullable(log.bodies()
                                            .get(log.leaves().get((int) index).id()))
                                    .map(Body::bytes),
                            digest -> Optional.ofNullable(log.artefacts().get(digest)))
                    .write(scope);
        } catch (FormatException e) {
            throw new IllegalStateException("no bundle: " + e.getMessage(), e);
        }
    }

    public SoftwareKey checkpointKey() {
        return checkpointKey;
    }

    /** A tool that the published profile knows. */
    public Tool tool(String name, Effect effect, boolean idempotent) {
        return new Tool(Optional.of(profile), "tools/call", name, effect, idempotent);
    }

    /** The index of the first leaf of a kind. */
    public long indexOf(Kind kind) {
        return index(r -> r.kind() == kind);
    }

    /** The index of a record's leaf. */
    public long indexOf(RecordId id) {
        return index(r -> r.id().equals(id));
    }

    private long index(Predicate<SignedRecord> wanted) {
        for (int i = 0; i < log.leaves().size(); i++) {
            if (wanted.test(log.leaves().get(i))) {
                return i;
            }
        }
        throw new IllegalStateException("no such record");
    }

    // ---- names, keys, salts

    /** The key that this name always has. */
    public static SoftwareKey key(String name) {
        return SoftwareKey.ofSeed(digest("key/" + name).bytes());
    }

    /** The P-256 key that this name always has. */
    public static P256Key p256Key(String name) {
        return P256Key.ofSecret(digest("p256-key/" + name).bytes());
    }

    /** The key that a principal of this name is registered with in this world; those of the node's own services are Ed25519. */
    public SigningKey registeredKey(String name) {
        boolean own = List.of("ledger", "governor", "broker").contains(name);
        return own || suite == Suite.ED25519_2026 ? key(name) : p256Key(name);
    }

    /** The principal id that this name always has: {@code system/…} for services, else in {@link #NAMESPACE}. */
    public static String principal(String name, SignerType type) {
        if (name.equals("ledger")) {
            return Stream.LEDGER.principal();
        }
        String namespace = type == SignerType.SERVICE ? "system" : NAMESPACE;
        return namespace + "/"
                + Base32.encode(Arrays.copyOf(digest("principal/" + name).bytes(), 16));
    }

    /** The salt that this purpose always has. */
    public Salt salt(String purpose) {
        return Salt.of(Arrays.copyOf(digest("salt/" + purpose).bytes(), Salt.BYTES));
    }

    static Hash digest(String text) {
        return Hash.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private Registered registered(String name, SignerType type, Role... roles) {
        return registered(registeredKey(name), name, type, roles);
    }

    private static Registered registered(SigningKey key, String name, SignerType type, Role... roles) {
        return new Registered(
                principal(name, type), type, List.of(roles), key.verifyKey().text());
    }

    private static byte[] policyArtefact(String name) {
        return CanonicalJson.write(JsonBuilder.object()
                .put("engine", "cedar")
                .put("name", name)
                .put("text", "permit (principal, action, resource);")
                .build());
    }

    /** The stream of somebody whom genesis names, at its start. */
    private Party person(String name) {
        SigningKey key = registeredKey(name);
        Stream stream = new Stream(principal(name, SignerType.HUMAN), Stream.sessionId(key.verifyKey()));
        return new Party(stream, SignerType.HUMAN, key, log.genesisId());
    }

    // ---- drafts

    /** A draft of any facts by any party, with an empty body and no references. */
    public Draft draft(Party party, Facts facts) {
        return new Draft(this, party, facts);
    }

    /** A draft that opens a stream, and the party that writes it from then on. */
    public record Entrance(Draft draft, Party party) {
        /** Admits the record and returns the party. */
        public Party admitAndJoin() {
            draft.admit();
            return party;
        }
    }

    /** Enrols a principal under its name: by the administrator in a claimed world, else by itself. */
    public Entrance enrol(String name, SignerType type, Role... roles) {
        return claimed ? enrolledBy(administrator, name, type, roles) : enrolsItself(name, type, roles);
    }

    /** Enrols a principal with a second signature by an administrator. */
    public Entrance enrolledBy(Party by, String name, SignerType type, Role... roles) {
        return enrolment(name, type, RegistryFacts.Enrolled.ADMINISTRATOR, Optional.of(by), roles);
    }

    /** The same under a key of any name. */
    public Entrance enrolledBy(Party by, SigningKey key, String name, SignerType type, Role... roles) {
        return enrolment(key, name, type, RegistryFacts.Enrolled.ADMINISTRATOR, Optional.of(by), roles);
    }

    /** Enrols an agent or a point on its own word. */
    public Entrance enrolsItself(String name, SignerType type, Role... roles) {
        return enrolment(name, type, RegistryFacts.Enrolled.SELF, Optional.empty(), roles);
    }

    /** Claims an unclaimed node for a person. */
    public Entrance claims(String name) {
        return enrolment(
                name,
                SignerType.HUMAN,
                RegistryFacts.Enrolled.CLAIM,
                Optional.empty(),
                Role.ADMINISTRATOR,
                Role.APPROVER);
    }

    /** Enrols a principal by the administrator, under another key than this world would give it. */
    public Entrance enrolsUnder(SigningKey key, String name, SignerType type, Role... roles) {
        return enrolment(key, name, type, RegistryFacts.Enrolled.ADMINISTRATOR, Optional.of(administrator), roles);
    }

    private Entrance enrolment(
            String name, SignerType type, RegistryFacts.Enrolled how, Optional<Party> by, Role... roles) {
        return enrolment(registeredKey(name), name, type, how, by, roles);
    }

    private Entrance enrolment(
            SigningKey key,
            String name,
            SignerType type,
            RegistryFacts.Enrolled how,
            Optional<Party> by,
            Role... roles) {
        Registered registered = registered(key, name, type, roles);
        Stream stream = new Stream(registered.principal(), Stream.sessionId(key.verifyKey()));
        Party party = new Party(stream, type, key, log.genesisId());
        Draft draft = draft(
                        party,
                        new RegistryFacts.Key(
                                RegistryFacts.KeyAction.ENROLL,
                                registered.principal(),
                                type,
                                registered.roles(),
                                registered.key(),
                                how,
                                by.map(Party::principal)))
                .body(new RegistryDetails.Key(name).toJson());
        by.ifPresent(b -> draft.signedBy(key, b.key()));
        return new Entrance(draft, party);
    }

    /** A change of a principal that is there, by the administrator. */
    public Draft changes(Party by, String name, SignerType type, RegistryFacts.KeyAction action, Role... roles) {
        Registered registered = registered(name, type, roles);
        return draft(
                        by,
                        new RegistryFacts.Key(
                                action,
                                registered.principal(),
                                type,
                                registered.roles(),
                                registered.key(),
                                RegistryFacts.Enrolled.SELF,
                                Optional.empty()))
                .body(new RegistryDetails.Key(name).toJson());
    }

    /** Opens a session of a principal, its key named by {@code session}. */
    public Entrance session(String name, String session) {
        SignerType type = name.equals("governor") || name.equals("broker") || name.startsWith("point")
                ? SignerType.SERVICE
                : SignerType.AGENT;
        SigningKey identity = registeredKey(name);
        SoftwareKey key = key("session/" + session);
        Stream stream = new Stream(principal(name, type), Stream.sessionId(key.verifyKey()));
        Party party = new Party(stream, type, key, log.genesisId());
        Draft draft = draft(
                        party,
                        new RegistryFacts.Session(
                                identity.verifyKey().text(),
                                key.verifyKey().text(),
                                nowMillis + SESSION_MILLIS,
                                apart ? RegistryFacts.Isolation.HARDWARE : RegistryFacts.Isolation.SAME_USER,
                                wrapped(type),
                                wrapped(type) ? RegistryFacts.Signs.WRAPPER : RegistryFacts.Signs.AGENT,
                                log.lifecycle().claimed(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()))
                .body(new RegistryDetails.Session("testkit", List.of(), Optional.empty(), Optional.empty()).toJson())
                .signedBy(identity, key);
        return new Entrance(draft, party);
    }

    private boolean wrapped(SignerType type) {
        return type == SignerType.AGENT && !apart;
    }

    /** The last record of a session. */
    public Draft sessionEnd(Party party) {
        return draft(party, new RegistryFacts.SessionEnd(party.next(), "closed"));
    }

    /** Moves the clock on and writes it. */
    public Matter tick(long millis) {
        nowMillis += millis;
        return clock(nowMillis, nowMillis + 5).admit();
    }

    /** A clock leaf of any interval. */
    public Draft clock(long earliest, long latest) {
        return draft(ledger, new LedgerFacts.Clock(earliest, latest, "system"));
    }

    /** What all records have come to, up to the {@code state} leaf before. */
    public Draft state() {
        return draft(ledger, WorldState.next(log.leaves()));
    }

    /** A revocation of a record's authority. */
    public Draft revokes(Party by, RegistryFacts.Target target, RecordId record) {
        return draft(by, new RegistryFacts.Revocation(target, "operator", Optional.empty(), Optional.empty()))
                .references(References.of("target", record))
                .body(new PersonDetails("no longer needed").toJson());
    }

    /** A revocation of a session. */
    public Draft revokes(Party by, Party session) {
        return draft(
                        by,
                        new RegistryFacts.Revocation(
                                RegistryFacts.Target.SESSION,
                                "operator",
                                Optional.of(session.stream()),
                                Optional.empty()))
                .body(new PersonDetails("stolen").toJson());
    }

    /** An erasure of the bodies of records of one stream, which are in the log. */
    public Draft erases(Party by, RecordId... records) {
        List<CustodyFacts.Erased> erased = Arrays.stream(records)
                .map(id -> new CustodyFacts.Erased(id, indexOf(id)))
                .sorted(Comparator.comparing(CustodyFacts.Erased::leaf))
                .toList();
        Stream stream = log.leaves().get((int) erased.getFirst().leaf()).header().stream();
        return draft(by, new CustodyFacts.Erasure(CustodyFacts.ErasureGround.SUBJECT_REQUEST, stream, erased));
    }

    /** A hold on the bodies of records. */
    public Draft holds(Party by, RecordId... records) {
        List<RecordId> held = Arrays.stream(records).sorted().toList();
        return holds(by, CustodyFacts.Scope.RECORDS, Optional.empty(), held);
    }

    /** A hold on every body of one principal's streams. */
    public Draft holds(Party by, String principal) {
        return holds(by, CustodyFacts.Scope.PRINCIPAL, Optional.of(principal), List.of());
    }

    /** A hold on every body of the log. */
    public Draft holdsEverything(Party by) {
        return holds(by, CustodyFacts.Scope.EVERYTHING, Optional.empty(), List.of());
    }

    private Draft holds(Party by, CustodyFacts.Scope scope, Optional<String> principal, List<RecordId> records) {
        return draft(by, new CustodyFacts.Place(CustodyFacts.HoldGround.LITIGATION, scope, principal, records));
    }

    /** The end of a hold. */
    public Draft lifts(Party by, RecordId hold) {
        return draft(by, new CustodyFacts.Lift()).references(References.of("hold", hold));
    }

    /** A message that passed without authority. */
    public Draft observation(Party party, String method) {
        return draft(party, new ExecutionFacts.Observation(method, digest("observed/" + method)))
                .body(new ExecutionDetails.Observation(method.length(), List.of()).toJson());
    }

    /** The end of a contract with uses unspent. */
    public Draft expiry(RecordId contract, long spent, long uses) {
        return draft(ledger, new LedgerFacts.Expiry(spent, uses)).references(References.of("contract", contract));
    }

    /** The missing outcome of a use. */
    public Draft incomplete(RecordId use) {
        return draft(ledger, new LedgerFacts.Incomplete()).references(References.of("use", use));
    }

    /** What the ledger writes of records of one stream that it refused by one rule, one after the other. */
    public Draft fold(String rule, Matter... refused) {
        Header first = refused[0].record().header();
        Matter last = refused[refused.length - 1];
        return draft(
                        ledger,
                        new LedgerFacts.RefusedFold(
                                first.stream(),
                                rule,
                                first.sequence(),
                                last.record().header().sequence(),
                                last.id()))
                .body(new FoldDetails(List.of(refused).stream().map(Matter::id).toList()).toJson());
    }

    // ---- executions

    /** A call of this world's agent through its point, step by step: a read of {@code /srv/notes.txt}. */
    public Execution execution() {
        return execution(agent(), point());
    }

    /** A call of an agent's session through a point's session, step by step. */
    public Execution execution(Party agent, Party point) {
        return new Execution(this, agent, point);
    }

    // ---- admission

    /** Enters records as one group; every one must be admitted. */
    public void admit(Matter... group) {
        log.admit(group);
    }

    /** Offers records as one group, as to a ledger: what is refused is recorded in one {@code refused} record. */
    public List<Judgement> offer(Matter... group) {
        boolean[] told = new boolean[group.length];
        List<Judgement> judgements = log.take(
                (found, index) -> {
                    Stream stream = group[index].record().header().stream();
                    boolean waits = false;
                    for (int i = 0; i < index; i++) {
                        waits |= !told[i]
                                && found.get(i) instanceof Judgement.Refused
                                && group[i].record().header().stream().equals(stream);
                    }
                    if (waits) {
                        tellRefused(found, index, told, group);
                    }
                },
                group);
        tellRefused(judgements, group.length, told, group);
        return judgements;
    }

    /** What was refused of a group up to a record and is not told of, in one record. */
    private void tellRefused(List<Judgement> judgements, int end, boolean[] told, Matter... group) {
        List<LedgerFacts.RefusedRecord> refused = new ArrayList<>();
        List<LedgerDetails.Kept> kept = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            if (!told[i] && judgements.get(i) instanceof Judgement.Refused r) {
                told[i] = true;
                Header header = group[i].record().header();
                LedgerFacts.RefusedRecord entry = new LedgerFacts.RefusedRecord(
                        header.stream(),
                        header.sequence(),
                        group[i].id(),
                        r.rule().code(),
                        r.identity(),
                        r.ordinal());
                // The cause stands first; within a stream the order is that of its numbers.
                boolean behindItsEffect = !r.rule().code().equals("together")
                        && !refused.isEmpty()
                        && refused.getLast().rule().equals("together")
                        && !refused.getLast().stream().equals(header.stream());
                int place = behindItsEffect ? refused.size() - 1 : refused.size();
                refused.add(place, entry);
                kept.add(
                        place,
                        LedgerDetails.Kept.of(group[i].record(), group[i].body().map(Body::bytes)));
            }
        }
        if (!refused.isEmpty()) {
            draft(ledger, new LedgerFacts.Refused(refused))
                    .body(new LedgerDetails(kept).toJson())
                    .admit();
        }
    }

    /** What the lifecycle would say of a group now; nothing changes. */
    public List<Judgement> judge(Matter... group) {
        return log.judge(group);
    }
}
