package dev.jurat.ledger;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.ledger.store.Artefacts;
import dev.jurat.ledger.store.Entry;
import dev.jurat.ledger.store.KeyedBody;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.NextOfPerson;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A ledger over the log of a test world: the world's records are its past, and what the world signs next can be appended. */
final class LedgerRig {
    static final LedgerConfig CONFIG = new LedgerConfig(
            84 << 10,
            64,
            8 << 20,
            32,
            512,
            1 << 20,
            1 << 20,
            1 << 20,
            1024,
            1 << 20,
            100,
            10_000,
            Long.MAX_VALUE,
            Long.MAX_VALUE);
    /** The same, but with a state stated after so many records. */
    static LedgerConfig stating(long records) {
        return new LedgerConfig(
                CONFIG.segmentBytes(),
                CONFIG.queueGroupsMax(),
                CONFIG.queueBytesMax(),
                CONFIG.groupRecordsMax(),
                CONFIG.commitRecordsMax(),
                CONFIG.commitBytesMax(),
                CONFIG.bodyBytesMax(),
                CONFIG.artefactBytesMax(),
                CONFIG.tailRecordsMax(),
                CONFIG.freeBytesMin(),
                CONFIG.clockMillis(),
                CONFIG.clockIdleMillis(),
                10_000,
                records);
    }

    private static final ConcurrentHashMap<Hash, Boolean> VERIFIED = new ConcurrentHashMap<>();

    final World world;
    final AtomicLong now;
    private final RandomSource random;

    LedgerRig(World world) {
        this.world = world;
        this.now = new AtomicLong(world.nowMillis());
        this.random = new Random(42)::nextBytes;
    }

    /** A data folder that holds the world's log as it is now. */
    FaultStorage seed() throws IOException {
        FaultStorage storage = new FaultStorage();
        seed(storage);
        return storage;
    }

    void seed(Storage storage) throws IOException {
        Artefacts artefacts = new Artefacts(storage);
        for (byte[] artefact : world.log().artefacts().values()) {
            artefacts.put(artefact);
        }
        try (LogStore store = LogStore.create(storage, random, CONFIG.segmentBytes())) {
            List<Entry> commit = new ArrayList<>();
            for (SignedRecord leaf : world.log().leaves()) {
                Optional<Body> body = Optional.ofNullable(world.log().bodies().get(leaf.id()));
                commit.add(new Entry(leaf.leaf(), body.map(b -> new KeyedBody(random.bytes(32), b.bytes()))));
                if (commit.size() == 8) {
                    store.append(commit);
                    commit.clear();
                }
            }
            if (!commit.isEmpty()) {
                store.append(commit);
            }
        }
        WriteOnce batch = new WriteOnce(storage);
        batch.put("format", "jurat-ledger 1\n".getBytes(StandardCharsets.US_ASCII));
        batch.finish();
        new WordKeys(storage, random).renew();
    }

    Ledger open(Storage storage) throws LedgerException {
        return open(storage, CONFIG, () -> new TimeReading(now.get(), now.get() + 5, "test"));
    }

    /** Opens it and lets it sign nothing yet. */
    Ledger openHeld(Storage storage) throws LedgerException {
        TimeSource time = () -> new TimeReading(now.get(), now.get() + 5, "test");
        LedgerKeys keys = new LedgerKeys(World.key("ledger"), world.checkpointKey());
        return Faults.guard(
                () -> new Ledger(Engine.openHeld(storage, Derived.IN_MEMORY, false, CONFIG, keys, ports(time))));
    }

    /** The same with its index in a file. */
    Ledger open(Storage storage, Path index) throws LedgerException {
        TimeSource time = () -> new TimeReading(now.get(), now.get() + 5, "test");
        LedgerKeys keys = new LedgerKeys(World.key("ledger"), world.checkpointKey());
        return Faults.guard(() -> new Ledger(Engine.open(
                storage, new Derived("jdbc:sqlite:" + index, Optional.empty()), false, CONFIG, keys, ports(time))));
    }

    /** The same with a folder for its state. */
    Ledger open(Storage storage, LedgerConfig config, Path stateFolder) throws LedgerException {
        TimeSource time = () -> new TimeReading(now.get(), now.get() + 5, "test");
        Derived derived = new Derived(Derived.IN_MEMORY.indexUrl(), Optional.of(stateFolder));
        return Faults.guard(() -> new Ledger(Engine.open(storage, derived, false, config, ledgerKeys(), ports(time))));
    }

    private LedgerKeys ledgerKeys() {
        return new LedgerKeys(World.key("ledger"), world.checkpointKey());
    }

    /** Makes a new ledger in a folder, or does not. */
    Ledger create(Storage storage, GenesisPlan plan) throws LedgerException {
        TimeSource time = () -> new TimeReading(now.get(), now.get() + 5, "test");
        return Faults.guard(
                () -> new Ledger(Engine.create(storage, Derived.IN_MEMORY, false, CONFIG, keys(), ports(time), plan)));
    }

    private static LedgerKeys keys() {
        return new LedgerKeys(World.key("ledger"), World.key("checkpoint"));
    }

    private LedgerPorts ports(TimeSource time) {
        return new LedgerPorts(time, random, new SignatureProvider("rig", LedgerRig::verifies, key -> key));
    }

    Ledger open(Storage storage, LedgerConfig config, TimeSource time) throws LedgerException {
        return Faults.guard(() -> engine(storage, config, time));
    }

    Ledger open(Storage storage, LedgerConfig config, TimeSource time, SignatureChecker checker)
            throws LedgerException {
        LedgerPorts ports = new LedgerPorts(time, random, new SignatureProvider("rig", checker, key -> key));
        return Faults.guard(
                () -> new Ledger(Engine.open(storage, Derived.IN_MEMORY, false, config, ledgerKeys(), ports)));
    }

    private Ledger engine(Storage storage, LedgerConfig config, TimeSource time)
            throws IOException, StorageException, SQLException {
        LedgerKeys keys = new LedgerKeys(World.key("ledger"), world.checkpointKey());
        return new Ledger(Engine.open(storage, Derived.IN_MEMORY, false, config, keys, ports(time)));
    }

    /** Real checks, each made once in a run of the tests. */
    static boolean verifies(VerifyKey key, byte[] message, byte[] signature) {
        Hash all = Hash.of(key.bytes(), signature, message);
        return VERIFIED.computeIfAbsent(all, h -> SignatureChecker.standard().verifies(key, message, signature));
    }

    static Group group(Matter... matters) {
        return new Group(
                List.of(matters).stream()
                        .map(m -> new Submission(m.record(), m.body().map(Body::bytes)))
                        .toList(),
                List.of());
    }

    /** Takes the ledger's new leaves into the world, so that what it signs next has seen the newest clock. */
    void follow(Ledger ledger) throws LedgerException {
        List<StoredRecord> fresh = new ArrayList<>();
        for (long i = world.log().leaves().size(); i < ledger.head().size().value(); i++) {
            fresh.add(ledger.record(new LeafIndex(i)).orElseThrow());
        }
        for (StoredRecord stored : fresh) {
            world.log().append(new Matter(stored.record(), stored.body().map(LedgerRig::read)));
        }
    }

    /** Has the administrator erase the bodies of these leaves, where they are of a kind that has one; the world is not told. */
    static void erase(Ledger ledger, long... leaves) throws LedgerException {
        Map<Stream, List<CustodyFacts.Erased>> streams = new LinkedHashMap<>();
        for (long leaf : leaves) {
            SignedRecord record =
                    ledger.record(new LeafIndex(leaf)).orElseThrow().record();
            if (record.kind().hasBody()) {
                streams.computeIfAbsent(record.header().stream(), s -> new ArrayList<>())
                        .add(new CustodyFacts.Erased(record.id(), leaf));
            }
        }
        for (Map.Entry<Stream, List<CustodyFacts.Erased>> stream : streams.entrySet()) {
            for (int i = 0; i < stream.getValue().size(); i += 24) {
                List<CustodyFacts.Erased> some = stream.getValue()
                        .subList(i, Math.min(i + 24, stream.getValue().size()));
                admitted(ledger, erasure(ledger, stream.getKey(), some));
            }
        }
    }

    /** An erasure by the administrator, the next of their stream. */
    static SignedRecord erasure(Ledger ledger, Stream of, List<CustodyFacts.Erased> records) {
        CustodyFacts facts = new CustodyFacts.Erasure(CustodyFacts.ErasureGround.SUBJECT_REQUEST, of, records);
        return byAdministrator(ledger, facts, References.NONE);
    }

    /** A record without a body by the administrator, the next of their stream. */
    static SignedRecord byAdministrator(Ledger ledger, Facts facts, References references) {
        NextOfPerson administrator =
                new NextOfPerson(World.principal("administrator", SignerType.HUMAN), World.key("administrator"));
        return administrator.sign(
                facts,
                references,
                ledger.ask(state -> state.head(administrator.stream())).orElseThrow(),
                ledger.head().clock(),
                ledger.head().genesis());
    }

    /** Appends a record without a body, which must be admitted. */
    static void admitted(Ledger ledger, SignedRecord record) {
        GroupAnswer.Committed answer = committed(ledger.append(Group.of(new Submission(record, Optional.empty()))));
        if (!(answer.results().getFirst() instanceof RecordAnswer.Admitted)) {
            throw new AssertionError("not admitted: " + answer);
        }
    }

    private static Body read(byte[] bytes) {
        try {
            return Body.read(bytes);
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every record id with its index. */
    static Map<RecordId, Long> places(Ledger ledger) throws LedgerException {
        Map<RecordId, Long> places = new ConcurrentHashMap<>();
        for (long i = 0; i < ledger.head().size().value(); i++) {
            RecordId id = ledger.record(new LeafIndex(i)).orElseThrow().record().id();
            if (places.put(id, i) != null) {
                throw new AssertionError("record twice in the log: " + id);
            }
        }
        return places;
    }

    static GroupAnswer.Committed committed(GroupAnswer answer) {
        if (answer instanceof GroupAnswer.Committed committed) {
            return committed;
        }
        throw new AssertionError("not committed: " + answer);
    }
}
