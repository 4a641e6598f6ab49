package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.store.Artefacts;
import dev.jurat.ledger.store.Entry;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.ledger.store.KeyedBody;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.audit.AuditMark;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * One log with a defect of each kind that {@code docs/spec/log.md} §9 names, those aside that leave nothing else to be found: each is found
 * where it is, under its own code, and nothing else is.
 */
class PlantedDefectsTest {
    private static final int SIZE = 6 * Tile.WIDTH_MAX + 10;
    private static final int UNREADABLE_FROM = 400;

    private final World world = World.claimed();
    private final RandomSource random = new Random(77)::nextBytes;
    private final List<String> planted = new ArrayList<>();
    /** What stands in place of an entry. */
    private final Map<Integer, byte[]> entries = new HashMap<>();

    private int parties;

    private Party party() {
        parties++;
        return world.session("point", "planted-" + parties).admitAndJoin();
    }

    /** Puts a record into the log that has this defect. */
    private void plant(String code, Matter matter) {
        planted.add(code + " leaf " + world.log().leaves().size());
        world.log().append(matter);
    }

    private void fill(int size) {
        while (world.log().leaves().size() < size) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
    }

    // ---- what it says that all has come to

    private Matter states(long size, Hash root) {
        return world.draft(world.ledger(), new LedgerFacts.State(size, root)).sign();
    }

    private long behindTheLast() {
        return ((LedgerFacts.State) world.state().peek().record().statement().facts()).size();
    }

    private void states() {
        world.state().admit();
        world.state().admit();
        plant("state-size", states(3, Hash.ZERO));
        plant("state-root", states(behindTheLast(), Hash.ZERO));
        // Of one that differs again nothing is said, until one agrees.
        world.log().append(states(behindTheLast(), Hash.ZERO));
        world.state().admit();
    }

    // ---- records that no ledger admits

    private void rules() throws Exception {
        Matter honest = world.observation(party(), "one").sign();
        byte[] other = world.checkpointKey().sign(honest.record().preAuthentication());
        plant(
                "signature-invalid",
                new Matter(SignedRecord.of(honest.record().payload(), List.of(other)), honest.body()));
        Party gap = party();
        world.observation(gap, "left-out").sign();
        plant("sequence-gap", world.observation(gap, "behind-it").sign());
        plant(
                "previous-mismatch",
                world.observation(party(), "another-past")
                        .previous(world.policy())
                        .sign());
        Party ended = party();
        world.sessionEnd(ended).admit();
        plant("stream-ended", world.observation(ended, "late").sign());
        plant(
                "role-forbidden",
                world.draft(party(), new LedgerFacts.Clock(world.nowMillis(), world.nowMillis(), "system"))
                        .sign());
        plant(
                "clock-backwards",
                world.clock(world.nowMillis() - 900, world.nowMillis() - 900).sign());
        plant("reference-unknown", world.expiry(world.policy(), 0, 1).sign());
        Party twice = party();
        Matter one = world.observation(twice, "one").admit();
        plant("record-twice", one);
        Party forked = party();
        long next = forked.next();
        RecordId previous = forked.previous();
        world.observation(forked, "one-story").admit();
        forked.advance(next - 1, previous);
        plant("record-conflict", world.observation(forked, "another-story").sign());
        bodies();
    }

    private void bodies() {
        plant(
                "body-mismatch",
                world.observation(party(), "one").subject(Hash.ZERO).sign());
        plant(
                "body-unwanted",
                world.draft(world.administrator(), publication("again@v1", world.starterArtefact()))
                        .subject(Hash.of(new byte[1]))
                        .sign());
        byte[] named =
                "{\"name\":\"true@v1\",\"type\":\"https://jurat.dev/policy/v1\"}".getBytes(StandardCharsets.UTF_8);
        Hash typed = world.log().artefact(named);
        plant(
                "artefact-differs",
                world.draft(world.administrator(), publication("false@v1", typed))
                        .sign());
        plant(
                "artefact-missing",
                world.draft(world.administrator(), publication("nowhere@v1", Hash.of(new byte[2])))
                        .sign());
    }

    private static RegistryFacts.Policy publication(String name, Hash artefact) {
        return new RegistryFacts.Policy(artefact, name, RegistryFacts.Publication.AVAILABLE, RegistryFacts.Floors.NONE);
    }

    private void unreadable() {
        entry("leaf-syntax", new byte[] {1, 2, 3});
        entry("leaf-large", new byte[SignedRecord.LEAF_BYTES_MAX + 1]);
        byte[] pae = Dsse.pae(Statement.PAYLOAD_TYPE, "{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
        entry(
                "json-not-canonical",
                ByteBuffer.allocate(pae.length + 66)
                        .put(pae)
                        .putShort((short) 64)
                        .array());
    }

    private void entry(String code, byte[] bytes) {
        int index = UNREADABLE_FROM + entries.size();
        planted.add(code + " leaf " + index);
        entries.put(index, bytes);
    }

    // ---- files

    private FaultStorage written() throws IOException {
        FaultStorage storage = new FaultStorage();
        Artefacts artefacts = new Artefacts(storage);
        for (byte[] artefact : world.log().artefacts().values()) {
            artefacts.put(artefact);
        }
        try (LogStore store = LogStore.create(storage, random, 1 << 20)) {
            List<Entry> commit = new ArrayList<>();
            for (SignedRecord leaf : world.log().leaves()) {
                Optional<Body> body = Optional.ofNullable(world.log().bodies().get(leaf.id()));
                byte[] bytes = entries.getOrDefault(commit.size(), leaf.leaf());
                commit.add(new Entry(bytes, body.map(b -> new KeyedBody(random.bytes(32), b.bytes()))));
            }
            for (int from = 0; from < commit.size(); from += 100) {
                store.append(commit.subList(from, Math.min(from + 100, commit.size())));
            }
            while (store.sealNext()) {
                store.trim();
            }
        }
        return storage.afterKill();
    }

    private FaultStorage damaged(FaultStorage storage) {
        planted.add("body-damaged leaf 300");
        byte[] pack = storage.content("body/001");
        int at = Tile.WIDTH_MAX * Integer.BYTES;
        for (int slot = 0; slot < 300 - Tile.WIDTH_MAX; slot++) {
            at += ByteBuffer.wrap(pack).getInt(slot * Integer.BYTES);
        }
        storage.flip("body/001", at + 5);
        planted.add("tile-mismatch leaf 290");
        storage.flip("tile/0/001", (290 - Tile.WIDTH_MAX) * Hash.BYTES);
        planted.add("entries-missing tile/entries/002");
        planted.add("tile-missing tile/0/005");
        return storage.without("tile/entries/002").without("tile/0/005");
    }

    /** A folder whose keeper cuts what he gives of two bundles and a tile, and states another root under another key. */
    private record Keeper(LogSource real, SignedNote note) implements LogSource {
        @Override
        public SignedNote checkpoint(Optional<NoteVerifier> known) {
            return note;
        }

        @Override
        public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
            Optional<byte[]> bytes = real.entries(bundle);
            return switch ((int) bundle.index()) {
                case 3 -> bytes.map(b -> Arrays.copyOf(b, b.length - 1));
                case 4 ->
                    bytes.map(b -> ByteBuffer.allocate(b.length + 3)
                            .put(b)
                            .putShort((short) 1)
                            .array());
                default -> bytes;
            };
        }

        @Override
        public Optional<byte[]> tile(Tile tile) throws IOException {
            Optional<byte[]> bytes = real.tile(tile);
            return tile.level() == 0 && tile.index() == 0 ? bytes.map(b -> Arrays.copyOf(b, 31)) : bytes;
        }

        @Override
        public boolean owes(Tile tile) throws IOException {
            return real.owes(tile);
        }

        @Override
        public Optional<byte[]> body(long index) throws IOException, dev.jurat.proof.FormatException {
            return real.body(index);
        }

        @Override
        public boolean hasArtefacts() {
            return true;
        }

        @Override
        public Optional<byte[]> artefact(Hash digest) throws IOException {
            return real.artefact(digest);
        }
    }

    @Test
    void aDefectHidesAnotherOrIsTakenForIt() throws Exception {
        states();
        rules();
        plant("state-root", states(behindTheLast(), Hash.ZERO));
        fill(450);
        plant("state-not-compared", states(3, Hash.ZERO));
        world.log().append(states(3, Hash.ZERO));
        fill(SIZE);
        unreadable();
        FaultStorage storage = damaged(written());
        planted.add("entry-bundle-truncated tile/entries/003");
        planted.add("entry-bundle-width tile/entries/004");
        planted.add("tile-length tile/0/000");
        planted.add("root-mismatch checkpoint");
        planted.add("trust-log leaf 0");
        planted.add("trust-genesis leaf 0");
        planted.add("witness-quorum checkpoint");
        planted.add("log-rewritten leaf 0"); // another genesis than then
        planted.add("log-rewritten leaf 0"); // and so another root
        String text = World.ORIGIN + "\n" + SIZE + "\n" + Base64Text.encode(Hash.ZERO.bytes()) + "\n";
        SignedNote note = NoteSigner.log(World.ORIGIN, World.key("other")).note(text);
        TrustPolicy trust = new TrustPolicy(
                NoteVerifier.log(World.ORIGIN, World.key("other").verifyKey()),
                Optional.of(world.policy()),
                Optional.of(new TrustPolicy.Witnesses.Counted(
                        1,
                        List.of(NoteSigner.cosigner("w.example/1", World.key("witness"))
                                .verifier()))));
        AuditMark mark = new AuditMark(world.policy(), 1, Hash.ZERO);
        for (Optional<RandomSource> batches : List.of(Optional.<RandomSource>empty(), Optional.of(random))) {
            LogSource source = new Keeper(FolderLog.open(new ReadOnlyStorage(storage, storage::open)), note);
            AuditReport report = new LogAudit(
                            source, Optional.of(trust), Optional.of(mark), LedgerRig::verifies, batches, defect -> {})
                    .run((read, size) -> {});
            List<String> found = report.defects().stream()
                    .map(PlantedDefectsTest::told)
                    .sorted()
                    .toList();
            assertEquals(String.join("\n", planted.stream().sorted().toList()), String.join("\n", found));
            assertEquals(planted.size(), report.defectCount());
        }
    }

    private static String told(Defect defect) {
        return defect.code() + " " + defect.where().split(",")[0];
    }
}
