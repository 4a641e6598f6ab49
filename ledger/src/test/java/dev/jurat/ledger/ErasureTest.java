package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Fault;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an erasure takes, what it leaves, and what keeps it from it. */
class ErasureTest {
    private static final String MARKER = "zanzibar-47";

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private void grow(int leaves) {
        while (world.log().leaves().size() < leaves) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
    }

    private static Json resources(String... names) {
        return new Json.Arr(List.of(names).stream().<Json>map(Json::of).toList());
    }

    private static List<CustodyFacts.Erased> erased(Ledger ledger, RecordId... ids) throws LedgerException {
        List<CustodyFacts.Erased> out = new ArrayList<>();
        for (RecordId id : ids) {
            out.add(new CustodyFacts.Erased(
                    id, ledger.record(id).orElseThrow().index().value()));
        }
        return out;
    }

    private static RecordAnswer appended(Ledger ledger, SignedRecord record) {
        return committed(ledger.append(Group.of(new Submission(record, Optional.empty()))))
                .results()
                .getFirst();
    }

    // ---- files

    @Test
    void erasedPlaintextIsLeftInAFile(@TempDir Path folder) throws Exception {
        rig.seed(new DiskStorage(folder));
        List<RecordId> told = new ArrayList<>();
        long kept;
        try (Ledger ledger = open(folder)) {
            for (int i = 0; i < 300; i++) {
                int number = i;
                Execution call = world.execution().arguments("{\"path\":\"/srv/" + MARKER + i + "\"}");
                Matter intent = call.intent()
                        .body(b -> b.with("resources", resources("file:/srv/" + MARKER + "/" + number)))
                        .sign();
                committed(ledger.append(group(intent)));
                told.add(intent.id());
            }
            Matter other = world.execution()
                    .intent()
                    .body(b -> b.with("resources", resources("file:/srv/another")))
                    .sign();
            committed(ledger.append(group(other)));
            awaitIndex(ledger);
            assertEquals(1, found(ledger, "file:/srv/" + MARKER + "/7"));
            assertFalse(holding(folder).isEmpty(), "the index has the marker, or this test shows nothing");
            kept = ledger.record(other.id()).orElseThrow().index().value();
            LedgerRig.erase(
                    ledger,
                    erased(ledger, told.toArray(RecordId[]::new)).stream()
                            .mapToLong(CustodyFacts.Erased::leaf)
                            .toArray());
            assertEquals(List.of(), holding(folder), "while the node runs");
            assertEquals(0, found(ledger, "file:/srv/" + MARKER + "/7"));
            assertEquals(1, found(ledger, "file:/srv/another"));
            assertEquals(300, ledger.status().erased());
        }
        assertEquals(List.of(), holding(folder));
        try (Ledger ledger = open(folder)) {
            for (RecordId id : told) {
                assertTrue(ledger.record(id).orElseThrow().body().isEmpty());
            }
            assertTrue(ledger.record(new LeafIndex(kept)).orElseThrow().body().isPresent());
            ledger.reindex();
            assertEquals(0, found(ledger, "file:/srv/" + MARKER + "/7"));
        }
        assertEquals(List.of(), holding(folder));
    }

    private Ledger open(Path folder) throws LedgerException {
        TimeSource time = () -> new TimeReading(rig.now.get(), rig.now.get() + 5, "test");
        return Ledger.open(
                folder,
                LedgerRig.CONFIG,
                new LedgerKeys(World.key("ledger"), world.checkpointKey()),
                new LedgerPorts(time, RandomSource.secure(), SignatureProvider.fastest()));
    }

    private static int found(Ledger ledger, String resource) throws Exception {
        awaitIndex(ledger);
        Query query = new Query.Builder().resource(Optional.of(resource)).build();
        return ledger.search(query).actions().size();
    }

    private static void awaitIndex(Ledger ledger) throws Exception {
        while (ledger.status().indexed() < ledger.status().size()) {
            Thread.sleep(5);
        }
    }

    private static List<Path> holding(Path folder) throws Exception {
        List<Path> found = new ArrayList<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(MARKER)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Test
    void theBytesOfAnErasedBodyStayInThePack() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(world.execution().intent().sign())));
            int before = storage.content("body/000").length;
            LedgerRig.erase(ledger, 100, 101);
            int after = storage.content("body/000").length;
            assertTrue(after < before, before + " to " + after);
            for (long i = 0; i < 256; i++) {
                StoredRecord record = ledger.record(new LeafIndex(i)).orElseThrow();
                boolean whole = record.record().kind().hasBody() && i != 100 && i != 101;
                assertEquals(whole, record.body().isPresent(), "record " + i);
                assertFalse(record.bodyDamaged(), "record " + i);
            }
            assertEquals(0, ledger.status().packsToCompact());
        }
    }

    // ---- finding

    @Test
    void aBodyAboutSomebodyIsPassedOver() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            Execution call = world.execution().arguments("{\"path\":\"/srv/\\u007aanzibar-47\"}");
            committed(ledger.append(group(
                    call.intent().sign(),
                    call.context().sign(),
                    call.decision().sign(),
                    call.contract().sign(),
                    call.identity().sign())));
            committed(ledger.append(group(call.use().sign())));
            // The same contract once more: refused, and kept with its body in the ledger's own record.
            committed(ledger.append(group(call.use().sign())));
            committed(ledger.append(
                    group(call.outcome(ExecutionFacts.Result.SUCCESS).sign())));
            Set<Kind> calls = Set.of(Kind.INTENT, Kind.USE, Kind.REFUSED);
            assertEquals(calls, kinds(ledger, "ZANZIBAR-47"));
            assertEquals(Set.of(), kinds(ledger, "zanzibar-48"));
            Set<Kind> acts = kinds(ledger, world.agent().principal());
            for (Kind kind : List.of(
                    Kind.KEY,
                    Kind.SESSION,
                    Kind.INTENT,
                    Kind.CONTEXT,
                    Kind.DECISION,
                    Kind.CONTRACT,
                    Kind.IDENTITY,
                    Kind.USE,
                    Kind.OUTCOME,
                    Kind.REFUSED)) {
                assertTrue(acts.contains(kind), kind + " is not among " + acts);
            }
            assertEquals(acts, kinds(ledger, world.agent().stream().toString(), Kind.KEY));
            LedgerRig.erase(ledger, leaves(ledger, MARKER));
            assertEquals(Set.of(), kinds(ledger, MARKER));
        }
    }

    private static BodyQuery about(String subject) {
        return new BodyQuery(Optional.of(subject), Optional.empty(), OptionalLong.empty(), Set.of());
    }

    private static Set<Kind> kinds(Ledger ledger, String subject, Kind... more) throws LedgerException {
        Set<Kind> kinds = ledger.bodies(about(subject), 0, 2048).found().stream()
                .map(found -> found.record().kind())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
        kinds.addAll(List.of(more));
        return kinds;
    }

    private static long[] leaves(Ledger ledger, String subject) throws LedgerException {
        return ledger.bodies(about(subject), 0, 2048).found().stream()
                .mapToLong(found -> found.index().value())
                .toArray();
    }

    @Test
    void aTimeOrAKindIsNotKeptTo() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            long middle = world.nowMillis() - 500;
            rig.now.addAndGet(10_000);
            committed(ledger.append(group(world.execution().intent().sign())));
            BodyQuery old = new BodyQuery(Optional.empty(), Optional.empty(), OptionalLong.of(middle), Set.of());
            List<BodyPage.Found> found = ledger.bodies(old, 0, 2048).found();
            assertFalse(found.isEmpty());
            assertTrue(found.stream().allMatch(one -> one.atMillis() < middle));
            assertTrue(found.stream().noneMatch(one -> one.record().kind() == Kind.INTENT));
            BodyQuery intents =
                    new BodyQuery(Optional.empty(), Optional.empty(), OptionalLong.empty(), Set.of(Kind.INTENT));
            assertEquals(1, ledger.bodies(intents, 0, 2048).found().size());
            long size = ledger.head().size().value();
            assertEquals(List.of(), ledger.bodies(intents, 0, (int) size - 2).found());
            assertEquals(size - 2, ledger.bodies(intents, 0, (int) size - 2).next());
            assertEquals(1, ledger.bodies(intents, size - 2, 2048).found().size());
        }
    }

    // ---- crashes

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST", "DONE_BUT_FAILED", "SHORT", "KILLED"})
    void anErasureIsHalfDoneWhateverStepFails(Fault fault) throws Exception {
        grow(270);
        FaultStorage base = rig.seed();
        Matter tail = world.observation(world.point(), "tail").sign();
        try (Ledger ledger = rig.open(base)) {
            committed(ledger.append(group(tail)));
        }
        FaultStorage sound = base.afterKill();
        int before = sound.steps().size();
        erase(sound, tail.id());
        int steps = sound.steps().size() - before;
        assertTrue(sound.steps().stream().anyMatch(s -> s.startsWith("rename body/000.tmp")), "compacts");
        for (int step = 0; step < steps; step++) {
            String when = fault + " at step " + step;
            FaultStorage storage = base.afterKill();
            storage.failAt(step, fault);
            boolean answered = erase(storage, tail.id());
            storage.kill();
            check(step % 3 == 0 ? storage.afterKill() : storage.afterPowerLoss(step), tail.id(), answered, when);
        }
    }

    /** Erases a sealed body and one in the journal; answers whether that was acknowledged. */
    private boolean erase(FaultStorage storage, RecordId tail) throws Exception {
        Ledger ledger;
        try {
            ledger = rig.open(storage);
        } catch (LedgerException | FaultStorage.Killed e) {
            return false;
        }
        RecordId sealed =
                ledger.record(new LeafIndex(100)).orElseThrow().record().id();
        SignedRecord erasure = LedgerRig.erasure(ledger, world.point().stream(), erased(ledger, sealed, tail));
        GroupAnswer answer = ledger.append(Group.of(new Submission(erasure, Optional.empty())));
        try {
            ledger.close();
        } catch (LedgerException | FaultStorage.Killed e) {
            assertTrue(ledger.status().state() != LedgerStatus.State.RUNNING);
        }
        return answer instanceof GroupAnswer.Committed;
    }

    private void check(FaultStorage storage, RecordId tail, boolean answered, String when) throws Exception {
        boolean erased;
        long last;
        try (Ledger ledger = rig.open(storage)) {
            last = ledger.record(tail).orElseThrow().index().value();
            erased = ledger.erasureOf(new LeafIndex(100)).isPresent();
            assertTrue(erased || !answered, when + ": the erasure is lost");
            for (long i = 0; i < ledger.head().size().value(); i++) {
                StoredRecord record = ledger.record(new LeafIndex(i)).orElseThrow();
                boolean gone = erased && (i == 100 || i == last);
                assertEquals(
                        record.record().kind().hasBody() && !gone,
                        record.body().isPresent(),
                        when + ": body of record " + i);
                assertFalse(record.bodyDamaged(), when + ": record " + i);
            }
        }
        FolderLog files = FolderLog.open(new ReadOnlyStorage(storage, storage::open));
        assertEquals(erased, files.body(100).isEmpty(), when + ": on disk");
        assertEquals(erased, files.body(last).isEmpty(), when + ": in the journal");
    }

    private static List<String> audited(FaultStorage storage) throws Exception {
        AuditReport report = new LogAudit(
                        FolderLog.open(new ReadOnlyStorage(storage, storage::open)),
                        Optional.empty(),
                        Optional.empty(),
                        SignatureChecker.standard(),
                        Optional.empty(),
                        defect -> {})
                .run((read, size) -> {});
        return report.defects().stream().map(d -> d.code() + " " + d.where()).toList();
    }

    @Test
    void anAuditTakesAnErasureForDamageWhereOlderKeysWerePutBack() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(world.execution().intent().sign())));
        }
        FaultStorage old = storage.afterKill();
        try (Ledger ledger = rig.open(storage)) {
            LedgerRig.erase(ledger, 100);
        }
        assertEquals(List.of(), audited(storage.afterKill()));
        FaultStorage restored = storage.afterKill();
        restored.putBack("slots/body/000", old);
        assertEquals(List.of(), audited(restored));
    }

    @Test
    void aKeyThatVanishesPassesForAnErasure() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(world.execution().intent().sign())));
        }
        FaultStorage damaged = storage.afterKill();
        try (DurableFile file = damaged.open("slots/body/000")) {
            file.write(100 * 32, ByteBuffer.allocate(32));
        }
        assertEquals(List.of("body-damaged leaf 100"), audited(damaged.afterKill()));
        try (Ledger ledger = rig.open(damaged)) {
            assertTrue(ledger.record(new LeafIndex(100)).orElseThrow().bodyDamaged());
        }
    }

    @Test
    void aBodyComesBackWithAnOldSlotFile() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(world.execution().intent().sign())));
        }
        FaultStorage old = storage.afterKill();
        try (Ledger ledger = rig.open(storage)) {
            LedgerRig.erase(ledger, 100);
        }
        FaultStorage restored = storage.afterKill();
        restored.putBack("slots/body/000", old);
        restored.putBack("body/000", old);
        assertTrue(FolderLog.open(new ReadOnlyStorage(restored, restored::open))
                .body(100)
                .isPresent());
        try (Ledger ledger = rig.open(restored)) {
            assertTrue(ledger.record(new LeafIndex(100)).orElseThrow().body().isEmpty());
            assertTrue(ledger.record(new LeafIndex(101)).orElseThrow().body().isPresent());
        }
        assertTrue(FolderLog.open(new ReadOnlyStorage(restored, restored::open))
                .body(100)
                .isEmpty());
    }

    // ---- what is refused

    @Test
    void aHeldBodyIsErased() throws Exception {
        grow(270);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            StoredRecord held = ledger.record(new LeafIndex(260)).orElseThrow();
            RecordId id = held.record().id();
            SignedRecord hold = LedgerRig.byAdministrator(
                    ledger,
                    new CustodyFacts.Place(
                            CustodyFacts.HoldGround.LITIGATION,
                            CustodyFacts.Scope.RECORDS,
                            Optional.empty(),
                            List.of(id)),
                    References.NONE);
            LedgerRig.admitted(ledger, hold);
            RecordAnswer answer =
                    appended(ledger, LedgerRig.erasure(ledger, held.record().header().stream(), erased(ledger, id)));
            assertEquals(
                    "held",
                    assertInstanceOf(RecordAnswer.Refused.class, answer).rule().code());
            assertTrue(ledger.record(id).orElseThrow().body().isPresent());
            LedgerRig.admitted(
                    ledger,
                    LedgerRig.byAdministrator(ledger, new CustodyFacts.Lift(), References.of("hold", hold.id())));
            LedgerRig.erase(ledger, 260);
            assertTrue(ledger.record(id).orElseThrow().body().isEmpty());
            assertEquals(
                    Kind.ERASURE,
                    ledger.erasureOf(new LeafIndex(260)).orElseThrow().record().kind());
        }
    }

    @Test
    void anErasureNamesWhatIsNotThere() throws Exception {
        grow(270);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            SignedRecord there = ledger.record(new LeafIndex(260)).orElseThrow().record();
            SignedRecord bodiless =
                    ledger.record(new LeafIndex(0)).orElseThrow().record();
            long clock = world.indexOf(Kind.CLOCK);
            SignedRecord time =
                    ledger.record(new LeafIndex(clock)).orElseThrow().record();
            Stream stream = there.header().stream();
            long beyond = ledger.head().size().value() + 5;
            List<SignedRecord> wrong = List.of(
                    LedgerRig.erasure(ledger, stream, List.of(new CustodyFacts.Erased(there.id(), 261))),
                    LedgerRig.erasure(ledger, stream, List.of(new CustodyFacts.Erased(there.id(), beyond))),
                    LedgerRig.erasure(ledger, stream, List.of(new CustodyFacts.Erased(bodiless.id(), 260))),
                    LedgerRig.erasure(
                            ledger, world.agent().stream(), List.of(new CustodyFacts.Erased(there.id(), 260))),
                    LedgerRig.erasure(
                            ledger, time.header().stream(), List.of(new CustodyFacts.Erased(time.id(), clock))));
            for (SignedRecord one : wrong) {
                SignedRecord next =
                        LedgerRig.byAdministrator(ledger, one.statement().facts(), References.NONE);
                RecordAnswer answer = appended(ledger, next);
                assertEquals(
                        "target-unknown",
                        assertInstanceOf(RecordAnswer.Refused.class, answer, next + ": " + answer)
                                .rule()
                                .code());
            }
            assertTrue(ledger.record(new LeafIndex(260)).orElseThrow().body().isPresent());
        }
    }
}
