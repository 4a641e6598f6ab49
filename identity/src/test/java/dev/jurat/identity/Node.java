package dev.jurat.identity;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jurat.governance.Entry;
import dev.jurat.governance.Governor;
import dev.jurat.governance.GrantIndex;
import dev.jurat.governance.Lanes;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PolicyShelf;
import dev.jurat.governance.ProfileShelf;
import dev.jurat.governance.Publisher;
import dev.jurat.governance.Receipt;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.PolicyEngine;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.ledger.GenesisPlan;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.RecordAnswer;
import dev.jurat.ledger.SignatureProvider;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.ledger.Submission;
import dev.jurat.ledger.TimeReading;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.NextOfPerson;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A whole node without its doors: a real ledger in a folder, real Cedar, governor and broker; time moves when told. */
final class Node implements AutoCloseable {
    static final List<PolicyEngine> ENGINES = List.of(new CedarEngine());
    static final String ISSUER = "https://ledger.example";

    private static final RandomSource RANDOM = RandomSource.secure();
    private static final LedgerConfig CONFIG = new LedgerConfig(
            1 << 20,
            256,
            16 << 20,
            32,
            512,
            4 << 20,
            1 << 20,
            1 << 20,
            1 << 12,
            0,
            100,
            10_000,
            Long.MAX_VALUE,
            Long.MAX_VALUE);

    private final Path folder;
    private final boolean claimed;
    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
    private Ledger ledger;
    /** For how long the next question for the doors' time is not answered. */
    final AtomicLong stallMillis = new AtomicLong();
    /** How far the doors' time is behind the ledger's: what happens between their question and its commit. */
    long doorBehindMillis;

    /** What happens once, right before the next group that governor or broker append. */
    final AtomicReference<Optional<Runnable>> beforeAppend = new AtomicReference<>(Optional.empty());

    LedgerDoor door;
    Governor governor;
    Broker broker;

    Node(Path folder, boolean claimed, PolicyArtefact... policies) throws Exception {
        this.folder = folder;
        this.claimed = claimed;
        List<PolicyArtefact> all = new ArrayList<>(List.of(policies));
        all.addAll(ShippedPolicies.all());
        List<byte[]> artefacts =
                new ArrayList<>(all.stream().map(PolicyArtefact::bytes).toList());
        artefacts.add(profile().bytes());
        List<Registered> principals =
                new ArrayList<>(List.of(service("governor", Role.GOVERNOR), service("broker", Role.BROKER)));
        if (claimed) {
            principals.add(person("operator", Role.ADMINISTRATOR, Role.APPROVER));
            principals.add(person("second", Role.APPROVER));
        }
        ledger = Ledger.create(
                folder,
                CONFIG,
                keys(),
                ports(),
                new GenesisPlan(
                        "ledger.example", principals, artefacts, claimed ? List.of(key("operator")) : List.of()));
        start();
        new Publisher(door, lanes("governor")).publish(all, List.of(profile().bytes()));
    }

    private void start() {
        door = LedgerDoor.of(ledger, () -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(stallMillis.getAndSet(0)));
            return reading(now.get() - doorBehindMillis);
        });
        GrantIndex index = new GrantIndex();
        door.replay(0, index::add);
        LedgerDoor raced = raced();
        governor = new Governor(
                raced, index, lanes("governor"), new PolicyShelf(door, ENGINES), new ProfileShelf(door), RANDOM);
        broker = new Broker(
                raced,
                index,
                governor,
                lanes("broker"),
                key("broker"),
                ISSUER,
                RANDOM,
                SignatureProvider.fastest().checker());
    }

    /** The door with somebody else getting in first. */
    private LedgerDoor raced() {
        return (LedgerDoor) Proxy.newProxyInstance(
                LedgerDoor.class.getClassLoader(), new Class<?>[] {LedgerDoor.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("append")) {
                        beforeAppend.getAndSet(Optional.empty()).ifPresent(Runnable::run);
                    }
                    try {
                        return method.invoke(door, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Closes the ledger and starts everything again from the folder. */
    void restart() throws Exception {
        ledger.close();
        ledger = Ledger.open(folder, CONFIG, keys(), ports());
        start();
    }

    /** Has the operator erase a record's body. */
    void erase(RecordId id) throws Exception {
        StoredRecord erased = ledger.record(id).orElseThrow();
        NextOfPerson operator = new NextOfPerson(id("operator", SignerType.HUMAN), key("operator"));
        SignedRecord record = operator.sign(
                NextOfPerson.erasure(erased.record(), erased.index().value()),
                References.NONE,
                ledger.ask(state -> state.head(operator.stream())).orElseThrow(),
                ledger.head().clock(),
                ledger.head().genesis());
        GroupAnswer answer = ledger.append(Group.of(new Submission(record, Optional.empty())));
        GroupAnswer.Committed committed = assertInstanceOf(GroupAnswer.Committed.class, answer, answer.toString());
        assertInstanceOf(RecordAnswer.Admitted.class, committed.results().getFirst(), answer.toString());
    }

    private Lanes lanes(String service) {
        return new Lanes(
                door,
                id(service, SignerType.SERVICE),
                key(service),
                ports().signatures().signing(),
                RANDOM);
    }

    private LedgerPorts ports() {
        return new LedgerPorts(this::reading, RANDOM, SignatureProvider.fastest());
    }

    private TimeReading reading() {
        return reading(now.get());
    }

    private static TimeReading reading(long millis) {
        return new TimeReading(millis, millis + 5, "test");
    }

    private static LedgerKeys keys() {
        return new LedgerKeys(key("ledger"), key("checkpoint"));
    }

    void passMillis(long millis) {
        now.addAndGet(millis);
    }

    /** Has a clock written where there is no new one, as whoever begins asks the node to. */
    void writesClock() throws InterruptedException {
        ledger.headToSign();
    }

    long nowMillis() {
        return now.get();
    }

    boolean claimed() {
        return claimed;
    }

    Receipt append(Entry... entries) throws Exception {
        return door.append(List.of(entries), List.of());
    }

    static ToolProfile profile() throws Exception {
        try (var in = Governor.class.getResourceAsStream("profiles/filesystem.json")) {
            return ToolProfile.read(in.readAllBytes());
        }
    }

    static SoftwareKey key(String name) {
        return SoftwareKey.ofSeed(digest("key/" + name).bytes());
    }

    static String id(String name, SignerType type) {
        String namespace = type == SignerType.SERVICE ? "system" : "home";
        return namespace + "/"
                + Base32.encode(Arrays.copyOf(digest("principal/" + name).bytes(), 16));
    }

    private static Registered service(String name, Role role) {
        return new Registered(
                id(name, SignerType.SERVICE),
                SignerType.SERVICE,
                List.of(role),
                key(name).verifyKey().text());
    }

    private static Registered person(String name, Role... roles) {
        return new Registered(
                id(name, SignerType.HUMAN),
                SignerType.HUMAN,
                List.of(roles),
                key(name).verifyKey().text());
    }

    private static Hash digest(String text) {
        return Hash.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws Exception {
        ledger.close();
    }
}
