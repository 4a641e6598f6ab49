package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditMark;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A data folder as somebody finds it who believes nothing of it. */
class AuditTest {
    private static FaultStorage built = new FaultStorage();

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);
    private final AtomicLong checked = new AtomicLong();

    @BeforeAll
    static void once() throws Exception {
        built = build();
    }

    /** A folder with one sealed bundle of entries, some more in the journal, one execution and one erased body. */
    private static FaultStorage build() throws Exception {
        World world = World.claimed();
        LedgerRig rig = new LedgerRig(world);
        while (world.log().leaves().size() < 250) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(world.execution().intent().sign())));
            rig.follow(ledger);
            for (int i = 0; i < 20; i++) {
                committed(ledger.append(
                        group(world.observation(world.point(), "x" + i).sign())));
                rig.follow(ledger);
            }
            assertEquals(256, ledger.status().sealed());
            LedgerRig.erase(ledger, 200);
        }
        return storage.afterKill();
    }

    private static FaultStorage folder() {
        return built.afterKill();
    }

    /** The same verdict, whether signatures are checked in batches or each by itself. */
    private AuditReport audit(FaultStorage storage, Optional<TrustPolicy> trust, Optional<AuditMark> mark)
            throws Exception {
        AuditReport inBatches = audit(storage, trust, mark, Optional.of(new Random(9)::nextBytes));
        AuditReport singly = audit(storage, trust, mark, Optional.empty());
        assertEquals(singly, inBatches);
        return singly;
    }

    private AuditReport audit(
            FaultStorage storage, Optional<TrustPolicy> trust, Optional<AuditMark> mark, Optional<RandomSource> batches)
            throws Exception {
        List<Defect> told = new ArrayList<>();
        checked.set(0);
        SignatureChecker counting = (key, message, signature) -> {
            checked.incrementAndGet();
            return LedgerRig.verifies(key, message, signature);
        };
        AuditReport report = new LogAudit(
                        FolderLog.open(new ReadOnlyStorage(storage, storage::open)),
                        trust,
                        mark,
                        counting,
                        batches,
                        told::add)
                .run((read, size) -> assertTrue(read <= size));
        assertEquals(told, report.defects());
        return report;
    }

    private AuditReport audit(FaultStorage storage) throws Exception {
        return audit(storage, Optional.of(world.trust()), Optional.empty());
    }

    private static Set<String> codes(AuditReport report) {
        return report.defects().stream().map(Defect::code).collect(Collectors.toSet());
    }

    @Test
    void aSoundLogHasADefect() throws Exception {
        FaultStorage folder = folder();
        var before = folder.files().keySet();
        AuditReport report = audit(folder);
        assertEquals(List.of(), report.defects());
        assertTrue(report.size() > 270);
        assertEquals(report.size(), report.leaves());
        assertTrue(report.anchored() && report.bodies() > 200 && report.bodiesGone() == 1);
        assertTrue(checked.get() > report.size());
        assertEquals(before, folder.files().keySet(), "an audit changes nothing");
        try (Ledger ledger = rig.open(folder)) {
            assertEquals(report.root(), ledger.head().root());
        }
    }

    /** Batches are of Ed25519 alone; among their signatures stand those of people and agents with P-256 keys. */
    @Test
    void aSignatureOnP256IsAnsweredOtherwiseInABatch() throws Exception {
        World mixed = World.onP256();
        LedgerRig other = new LedgerRig(mixed);
        FaultStorage storage = other.seed();
        try (Ledger ledger = other.open(storage)) {
            for (int i = 0; i < 20; i++) {
                committed(ledger.append(
                        group(mixed.observation(mixed.administrator(), "m" + i).sign())));
                committed(ledger.append(
                        group(mixed.observation(mixed.point(), "m" + i).sign())));
                other.follow(ledger);
            }
            committed(ledger.append(
                    group(mixed.enrol("b", SignerType.AGENT, Role.AGENT).draft().sign())));
            committed(ledger.append(group(mixed.session("b", "b-1").draft().sign())));
            other.follow(ledger);
        }
        Optional<TrustPolicy> trust = Optional.of(mixed.trust());
        assertEquals(
                List.of(), audit(storage.afterKill(), trust, Optional.empty()).defects());
        mixed.observation(mixed.administrator(), "another")
                .signedBy(World.key("administrator"))
                .append();
        Set<String> codes = codes(audit(signed(mixed), trust, Optional.empty()));
        assertEquals(Set.of("signature-invalid"), codes);
    }

    @Test
    void aLogWithoutTrustIsCalledAnchored() throws Exception {
        AuditReport report = audit(folder(), Optional.empty(), Optional.empty());
        assertTrue(report.clean());
        assertFalse(report.anchored());
    }

    /** The trust policy of another log, and that of another genesis. */
    @Test
    void anotherLogIsTakenForTheTrustedOne() throws Exception {
        FaultStorage folder = folder();
        TrustPolicy other = new TrustPolicy(
                NoteVerifier.log(World.ORIGIN, World.key("somebody").verifyKey()),
                Optional.of(RecordId.NONE),
                Optional.empty());
        Set<String> codes = codes(audit(folder, Optional.of(other), Optional.empty()));
        assertEquals(Set.of("trust-log", "trust-genesis", "note-signature-missing"), codes);
    }

    @ParameterizedTest
    @CsvSource({
        "tile/0/000, tile-missing",
        "journal, entries-missing",
        "slots/journal, entries-missing",
        "body/000, body-damaged",
    })
    void whatIsGoneIsNotMissed(String path, String code) throws Exception {
        AuditReport report = audit(folder().without(path));
        assertTrue(codes(report).contains(code), report.defects().toString());
        assertFalse(codes(report).contains("replay-stopped"));
        assertTrue(report.mark().isEmpty());
    }

    @Test
    void aPublishedArtefactThatIsGoneIsNotMissed() throws Exception {
        String hex = world.starterArtefact().hex();
        AuditReport report = audit(folder().without("artefact/" + hex.substring(0, 2) + "/" + hex));
        assertEquals(Set.of("artefact-missing"), codes(report));
    }

    @ParameterizedTest
    @CsvSource({"tile/0/000, 320, tile-mismatch, 'leaf 10, '", "body/000, 2000, body-damaged, leaf"})
    void aChangedByteIsNotNamed(String path, long position, String code, String where) throws Exception {
        FaultStorage folder = folder();
        folder.flip(path, position);
        AuditReport report = audit(folder);
        assertEquals(Set.of(code), codes(report));
        assertEquals(1, report.defectCount());
        assertTrue(
                report.defects().getFirst().where().startsWith(where),
                report.defects().toString());
    }

    /** Each byte of an entry is under a signature, and under the tile. */
    @Test
    void aChangedEntryIsNotNamed() throws Exception {
        FaultStorage folder = folder();
        byte[] bytes = folder.content("tile/entries/000");
        int at = 0;
        for (int leaf = 0; leaf < 100; leaf++) {
            at += 2 + ((bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff);
        }
        int length = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        for (int position = at + 2; position < at + 2 + length; position += 37) {
            FaultStorage changed = folder.afterKill();
            changed.flip("tile/entries/000", position);
            AuditReport report = audit(changed);
            assertTrue(report.defects().getFirst().where().startsWith("leaf 100"), "byte " + position);
            assertTrue(
                    codes(report).containsAll(Set.of("tile-mismatch", "root-mismatch")),
                    codes(report).toString());
        }
    }

    @Test
    void severalDefectsInOneLogHideEachOther() throws Exception {
        FaultStorage folder = folder();
        String hex = world.starterArtefact().hex();
        folder.flip("tile/0/000", 31 * 32);
        folder.flip("body/000", 1500);
        FaultStorage all = folder.without("artefact/" + hex.substring(0, 2) + "/" + hex);
        assertEquals(Set.of("tile-mismatch", "body-damaged", "artefact-missing"), codes(audit(all)));
    }

    // ---- a log whose own keys lied

    /** The world's log, whatever is in it, under its own signature. */
    private FaultStorage signed() throws Exception {
        return signed(world);
    }

    private static FaultStorage signed(World world) throws Exception {
        FaultStorage storage = new LedgerRig(world).seed();
        Hash root = world.log().tree().root();
        Checkpoint checkpoint = new Checkpoint(World.ORIGIN, world.log().tree().size(), root);
        byte[] signature = world.checkpointKey().sign(checkpoint.text().getBytes(StandardCharsets.UTF_8));
        HeadMark.open(storage, new HeadMark.Mark(world.log().leaves().size(), root, signature))
                .close();
        return storage.afterKill();
    }

    @Test
    void aRecordThatIsLeftOutIsNotMissed() throws Exception {
        world.observation(world.point(), "one").admit();
        world.observation(world.point(), "two").sign();
        Matter third = world.observation(world.point(), "three").sign();
        world.log().append(third);
        world.observation(world.point(), "four").sign();
        AuditReport report = audit(signed());
        assertEquals(Set.of("sequence-gap"), codes(report));
        assertTrue(report.defects().getFirst().where().contains(third.record().toString()));
    }

    @Test
    void aRecordThatStandsTwiceIsNotMissed() throws Exception {
        Matter one = world.observation(world.point(), "one").admit();
        world.log().append(one);
        world.observation(world.point(), "two").admit();
        AuditReport report = audit(signed());
        assertEquals(Set.of("record-twice"), codes(report));
        assertEquals(1, report.defectCount());
    }

    @Test
    void aRecordAfterTheEndOfItsSessionIsNotMissed() throws Exception {
        world.sessionEnd(world.point()).admit();
        world.log().append(world.observation(world.point(), "late").sign());
        assertEquals(Set.of("stream-ended"), codes(audit(signed())));
    }

    /** A leaf that nobody can read excuses what was before it, and nothing behind it. */
    @Test
    void aLeafThatCannotBeReadHidesWhatIsLeftOutAfterIt() throws Exception {
        while (world.log().leaves().size() < 260) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
        world.observation(world.point(), "left-out").sign();
        Matter next = world.observation(world.point(), "next").sign();
        world.log().append(next);
        FaultStorage storage = signed();
        LogSource unread = new Lying(of(storage)) {
            @Override
            public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
                Optional<byte[]> bytes = real.entries(bundle);
                if (bundle.index() == 0) {
                    // The first byte of an observation's entry.
                    int at = 0;
                    for (int leaf = 0; leaf < 100; leaf++) {
                        at += 2 + ((bytes.orElseThrow()[at] & 0xff) << 8 | bytes.get()[at + 1] & 0xff);
                    }
                    bytes.get()[at + 2] ^= 1;
                }
                return bytes;
            }
        };
        AuditReport report = new LogAudit(
                        unread,
                        Optional.of(world.trust()),
                        Optional.empty(),
                        LedgerRig::verifies,
                        Optional.empty(),
                        defect -> {})
                .run((read, size) -> {});
        assertTrue(
                report.defects().getFirst().where().startsWith("leaf 100"),
                report.defects().toString());
        assertTrue(codes(report).contains("sequence-gap"), report.defects().toString());
    }

    /** The checkpoint is signed by a key that is not the log's. */
    @Test
    void anothersSignatureIsTakenForTheLogs() throws Exception {
        FaultStorage storage = rig.seed();
        byte[] other = World.key("other").sign("checkpoint".getBytes(StandardCharsets.UTF_8));
        HeadMark.open(
                        storage,
                        new HeadMark.Mark(
                                world.log().leaves().size(), world.log().tree().root(), other))
                .close();
        assertEquals(Set.of("note-signature-invalid"), codes(audit(storage.afterKill())));
    }

    @Test
    void aRootThatIsNotThatOfTheLeavesIsBelieved() throws Exception {
        FaultStorage storage = rig.seed();
        Checkpoint checkpoint = new Checkpoint(World.ORIGIN, world.log().tree().size(), Hash.ZERO);
        byte[] signature = world.checkpointKey().sign(checkpoint.text().getBytes(StandardCharsets.UTF_8));
        HeadMark.open(storage, new HeadMark.Mark(world.log().leaves().size(), Hash.ZERO, signature))
                .close();
        assertEquals(Set.of("root-mismatch"), codes(audit(storage.afterKill())));
    }

    // ---- going on

    @Test
    void whatAnEarlierAuditCheckedIsCheckedAgain() throws Exception {
        world.observation(world.point(), "one").admit();
        AuditMark mark = AuditMark.read(audit(signed()).mark().orElseThrow().bytes());
        long whole = checked.get();
        world.observation(world.point(), "two").admit();
        AuditReport report = audit(signed(), Optional.of(world.trust()), Optional.of(mark));
        assertTrue(report.clean());
        assertEquals(mark.size(), report.checkedFrom());
        assertTrue(checked.get() < whole / 2, checked + " of " + whole);
        assertTrue(report.mark().orElseThrow().size() > mark.size());
    }

    @Test
    void aLogThatWasRewrittenSinceTheLastAuditIsNotNoticed() throws Exception {
        world.observation(world.point(), "one").admit();
        AuditMark mark = audit(signed()).mark().orElseThrow();
        World other = World.claimed();
        LedgerRig lying = new LedgerRig(other);
        other.observation(other.point(), "another").admit();
        other.observation(other.point(), "two").admit();
        FaultStorage storage = lying.seed();
        try (Ledger ledger = lying.open(storage)) {
            committed(ledger.append(group(other.observation(other.point(), "x").sign())));
        }
        AuditReport report = audit(storage.afterKill(), Optional.of(world.trust()), Optional.of(mark));
        assertEquals(Set.of("log-rewritten"), codes(report));
    }

    @Test
    void aLogThatBecameShorterIsNotNoticed() throws Exception {
        FaultStorage before = signed();
        world.observation(world.point(), "one").admit();
        AuditMark mark = audit(signed()).mark().orElseThrow();
        AuditReport report = audit(before, Optional.of(world.trust()), Optional.of(mark));
        assertEquals(Set.of("log-went-back"), codes(report));
    }

    // ---- a node that does something meanwhile

    /** It starts, takes in records, and seals, while somebody audits what was there before. */
    @Test
    void whatANodeAddsDuringAnAuditIsFoundLacking() throws Exception {
        FaultStorage storage = signed();
        LogSource before = of(storage);
        long size = world.log().leaves().size();
        try (Ledger ledger = rig.open(storage)) {
            rig.follow(ledger);
            for (int i = 0; i < 300; i++) {
                committed(ledger.append(
                        group(world.observation(world.point(), "n" + i).sign())));
            }
            assertTrue(ledger.status().sealed() >= 256);
        }
        AuditReport report = new LogAudit(
                        before,
                        Optional.of(world.trust()),
                        Optional.empty(),
                        LedgerRig::verifies,
                        Optional.empty(),
                        defect -> {})
                .run((read, of) -> {});
        assertEquals(List.of(), report.defects());
        assertEquals(size, report.size());
        assertEquals(0, report.bodiesGone());
    }

    /** A crash within sealing leaves keys without their bodies; the journal still has both. */
    @Test
    void aFolderWhoseSealingWasCutOffHasLostBodies() throws Exception {
        while (world.log().leaves().size() < 300) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
        FaultStorage storage = signed();
        FaultStorage sealed = storage.afterKill();
        try (LogStore store =
                LogStore.open(sealed, new Random(1)::nextBytes, LedgerRig.CONFIG.segmentBytes(), (index, leaf) -> {})) {
            assertTrue(store.sealNext());
        }
        assertTrue(sealed.files().containsKey("slots/body/000"));
        storage.putBack("slots/body", sealed);
        AuditReport report = audit(storage);
        assertEquals(List.of(), report.defects());
        assertEquals(0, report.bodiesGone());
    }

    // ---- what cannot be audited

    @Test
    void aFolderWithoutASignedSizeIsFoundClean() throws Exception {
        for (FaultStorage unusable : List.of(new FaultStorage(), folder().without("head"), folder().emptied("head"))) {
            FormatException e = assertThrows(FormatException.class, () -> audit(unusable));
            assertTrue(Set.of("checkpoint-missing", "head-damaged").contains(e.code()), e.code());
        }
    }

    @Test
    void aForeignMarkIsTaken() {
        for (String text : List.of("{}", "[]", "{\"genesis\":\"00\"}", "x".repeat(5000))) {
            assertThrows(FormatException.class, () -> AuditMark.read(text.getBytes(StandardCharsets.UTF_8)), text);
        }
    }

    /** Without leaf 0 nobody knows whose records they are; the tree is checked all the same. */
    @Test
    void aLogWithoutItsFirstLeafIsJudged() throws Exception {
        FaultStorage folder = folder().without("tile/entries/000");
        AuditReport report = audit(folder);
        assertEquals(Set.of("entries-missing", "genesis-missing"), codes(report));
        assertEquals(0, report.leaves());
        FormatException e =
                assertThrows(FormatException.class, () -> audit(folder, Optional.empty(), Optional.empty()));
        assertEquals("checkpoint-missing", e.code());
    }

    // ---- a source that lies about its size, and one that breaks off

    /** A log over another one, of which some is changed. */
    private abstract static class Lying implements LogSource {
        final LogSource real;

        Lying(LogSource real) {
            this.real = real;
        }

        @Override
        public SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException {
            return real.checkpoint(known);
        }

        @Override
        public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
            return real.entries(bundle);
        }

        @Override
        public Optional<byte[]> tile(Tile tile) throws IOException {
            return real.tile(tile);
        }

        @Override
        public boolean owes(Tile tile) {
            return false;
        }
    }

    private static LogSource of(FaultStorage storage) throws Exception {
        return FolderLog.open(new ReadOnlyStorage(storage, storage::open));
    }

    private static SignedNote note(long size, Hash root) throws Exception {
        String text = World.ORIGIN + "\n" + size + "\n" + Base64Text.encode(root.bytes()) + "\n";
        return NoteSigner.log(World.ORIGIN, World.key("somebody")).note(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, Long.MAX_VALUE, Long.MAX_VALUE - 100})
    void aSizeThatNoLogHasIsReadToItsEnd(long size) throws Exception {
        AtomicLong asked = new AtomicLong();
        LogSource lying = new Lying(of(folder())) {
            @Override
            public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
                asked.incrementAndGet();
                return super.entries(bundle);
            }

            @Override
            public SignedNote checkpoint(Optional<NoteVerifier> known) {
                try {
                    return note(size, Hash.ZERO);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        AuditReport report = new LogAudit(
                        lying,
                        Optional.of(world.trust()),
                        Optional.empty(),
                        LedgerRig::verifies,
                        Optional.empty(),
                        defect -> {})
                .run((read, of) -> {});
        assertTrue(
                codes(report).containsAll(Set.of("entries-missing", "note-signature-missing")),
                codes(report).toString());
        assertTrue(report.defectCount() < 100, "defects: " + report.defectCount());
        assertTrue(asked.get() < 150, "bundles asked for ahead: " + asked);
    }

    @Test
    void aLogOfNoLeavesIsFoundClean() throws Exception {
        LogSource empty = new Lying(of(folder())) {
            @Override
            public SignedNote checkpoint(Optional<NoteVerifier> known) {
                try {
                    return note(0, Rfc6962.EMPTY_ROOT);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        for (Optional<TrustPolicy> trust : List.of(Optional.of(world.trust()), Optional.<TrustPolicy>empty())) {
            AuditReport report = new LogAudit(
                            empty, trust, Optional.empty(), LedgerRig::verifies, Optional.empty(), defect -> {})
                    .run((read, of) -> {});
            assertTrue(codes(report).contains("genesis-missing"));
        }
    }

    /** What was read again without checking signatures is nobody's to mark before it is known to be what was checked then. */
    @Test
    void anAuditThatBreaksOffMarksWhatNobodyChecked() throws Exception {
        AuditMark mark = audit(folder()).mark().orElseThrow();
        FaultStorage forged = folder();
        forged.flip("tile/entries/000", 60_000);
        LogSource breaking = new Lying(of(forged)) {
            @Override
            public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
                if (bundle.index() == 1) {
                    throw new IOException("answers with status 500");
                }
                return real.entries(bundle);
            }
        };
        List<Optional<AuditMark>> reached = new ArrayList<>();
        LogAudit[] audit = new LogAudit[1];
        audit[0] = new LogAudit(
                breaking,
                Optional.of(world.trust()),
                Optional.of(mark),
                (k, m, s) -> true,
                Optional.empty(),
                defect -> {});
        assertThrows(IOException.class, () -> audit[0].run((read, size) -> reached.add(audit[0].reached())));
        assertEquals(List.of(Optional.empty()), reached);
    }

    // ---- one that goes on

    /** A folder as its node serves it while it grows, and what stands between. */
    private static final class Growing implements LogSource {
        private FolderLog now;
        private Function<byte[], byte[]> entries = bytes -> bytes;
        private Optional<SignedNote> other = Optional.empty();
        private boolean noTiles;
        private Function<byte[], byte[]> tiles = bytes -> bytes;

        Growing(FaultStorage storage) throws Exception {
            this.now = opened(storage);
        }

        private static FolderLog opened(FaultStorage storage) throws Exception {
            FaultStorage copy = storage.afterKill();
            return FolderLog.open(new ReadOnlyStorage(copy, copy::open));
        }

        void becomes(FaultStorage storage) throws Exception {
            now = opened(storage);
        }

        @Override
        public SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException {
            return other.isPresent() ? other.get() : now.checkpoint(known);
        }

        @Override
        public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
            return now.entries(bundle).map(entries);
        }

        @Override
        public Optional<byte[]> tile(Tile tile) throws IOException {
            if (noTiles) {
                throw new IOException("away");
            }
            return now.tile(tile).map(tiles);
        }

        @Override
        public boolean owes(Tile tile) throws IOException {
            return now.owes(tile);
        }
    }

    private LogAudit following(LogSource source, List<Defect> told) {
        return new LogAudit(
                source,
                Optional.of(world.trust()),
                Optional.empty(),
                (key, message, signature) -> {
                    checked.incrementAndGet();
                    return LedgerRig.verifies(key, message, signature);
                },
                Optional.of(new Random(9)::nextBytes),
                told::add);
    }

    private void grow(FaultStorage storage, int leaves) throws Exception {
        try (Ledger ledger = rig.open(storage)) {
            rig.follow(ledger);
            for (int i = 0; i < leaves; i++) {
                committed(ledger.append(
                        group(world.observation(world.point(), "more").sign())));
                rig.follow(ledger);
            }
        }
    }

    @Test
    void anAuditThatGoesOnReadsWhatItHasReadOrFindsLess() throws Exception {
        FaultStorage storage = rig.seed();
        grow(storage, 0);
        Growing log = new Growing(storage);
        List<Defect> told = new ArrayList<>();
        LogAudit audit = following(log, told);
        long size = audit.run((read, all) -> {}).size();
        for (int more : List.of(0, 1, 3, 250, 300, 7)) {
            grow(storage, more);
            log.becomes(storage);
            long before = checked.get();
            AuditReport report = audit.run((read, all) -> {});
            assertTrue(report.size() >= size + more, "it has grown");
            assertEquals(report.size(), report.leaves());
            assertTrue(
                    checked.get() - before <= 2 * (report.size() - size) + 3,
                    "signatures of what is new, and of the checkpoint");
            AuditReport whole = audit(storage);
            assertEquals(whole.root(), report.root());
            assertEquals(whole.leaves(), report.leaves());
            size = report.size();
        }
        assertEquals(List.of(), told);
    }

    @Test
    void aLeafThatComesLaterAndIsNotGenuineIsPassed() throws Exception {
        FaultStorage storage = rig.seed();
        grow(storage, 0);
        Growing log = new Growing(storage);
        List<Defect> told = new ArrayList<>();
        LogAudit audit = following(log, told);
        long size = audit.run((read, all) -> {}).size();
        grow(storage, 4);
        log.becomes(storage);
        log.entries = bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        };
        AuditReport report = audit.run((read, all) -> {});
        Set<String> codes = codes(report);
        assertTrue(codes.contains("signature-invalid") && codes.contains("root-mismatch"), codes.toString());
        assertTrue(told.getFirst().where().startsWith("leaf " + (report.size() - 1)), told.toString());
        assertTrue(report.size() > size);
        int count = told.size();
        audit.run((read, all) -> {});
        assertEquals(count, told.size(), "told once");
    }

    @Test
    void aLogThatGoesBackOrForksWhileItIsFollowedIsClean() throws Exception {
        FaultStorage storage = rig.seed();
        grow(storage, 0);
        FaultStorage old = storage.afterKill();
        grow(storage, 5);
        Growing log = new Growing(storage);
        List<Defect> told = new ArrayList<>();
        LogAudit audit = following(log, told);
        assertTrue(audit.run((read, all) -> {}).clean());
        log.becomes(old);
        assertEquals(Set.of("log-went-back"), codes(audit.run((read, all) -> {})));
        assertEquals(1, audit.run((read, all) -> {}).defectCount(), "told once");

        LedgerRig another = new LedgerRig(World.claimed());
        try (Ledger ledger = another.open(old)) {
            another.follow(ledger);
            for (int i = 0; i < 12; i++) {
                committed(ledger.append(group(another.world
                        .observation(another.world.point(), "other" + i)
                        .sign())));
                another.follow(ledger);
            }
        }
        log.becomes(old);
        assertTrue(codes(audit.run((read, all) -> {})).contains("root-mismatch"), told.toString());
    }

    @Test
    void whatWasReadBeforeTheLogWentAwayIsReadAgain() throws Exception {
        FaultStorage storage = rig.seed();
        grow(storage, 300);
        Growing log = new Growing(storage);
        List<Defect> told = new ArrayList<>();
        LogAudit audit = following(log, told);
        log.noTiles = true;
        for (int i = 0; i < 3; i++) {
            assertThrows(IOException.class, () -> audit.run((read, all) -> {}));
        }
        log.noTiles = false;
        AuditReport report = audit.run((read, all) -> {});
        assertEquals(List.of(), told);
        assertEquals(report.size(), report.leaves());
    }

    @Test
    void aTileThatIsWrongIsToldOfAnewWhileNothingComes() throws Exception {
        FaultStorage storage = rig.seed();
        grow(storage, 3);
        Growing log = new Growing(storage);
        List<Defect> told = new ArrayList<>();
        LogAudit audit = following(log, told);
        log.tiles = bytes -> {
            bytes[0] ^= 1;
            return bytes;
        };
        // A folder has tiles of what is sealed alone; this one is served as a node would.
        grow(storage, 300);
        log.becomes(storage);
        audit.run((read, all) -> {});
        int count = told.size();
        assertTrue(count > 0, "a tile that is wrong");
        audit.run((read, all) -> {});
        audit.run((read, all) -> {});
        assertEquals(count, told.size());
    }

    @Test
    void aStrangersCheckpointEndsAnAuditThatGoesOn() throws Exception {
        FaultStorage storage = rig.seed();
        grow(storage, 3);
        Growing log = new Growing(storage);
        List<Defect> told = new ArrayList<>();
        LogAudit audit = following(log, told);
        SignedNote good = log.checkpoint(Optional.empty());
        audit.run((read, all) -> {});
        Checkpoint huge = new Checkpoint(
                Checkpoint.parse(good.text()).origin(), new dev.jurat.proof.log.TreeSize(1_000_000), Hash.ZERO);
        log.other =
                Optional.of(NoteSigner.log(huge.origin(), World.key("stranger")).note(huge.text()));
        audit.run((read, all) -> {});
        audit.run((read, all) -> {});
        assertEquals(1, told.size(), told.toString());
        log.other = Optional.empty();
        grow(storage, 5);
        log.becomes(storage);
        AuditReport report = audit.run((read, all) -> {});
        assertEquals(1, report.defectCount());
        assertEquals(report.size(), report.leaves(), "it has gone on");
    }
}
