package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.bundle.BundleExporter;
import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TlogProof;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private void grow(int size) {
        while (world.log().leaves().size() < size) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
    }

    /** Here nothing is indexed before the next commit: so far behind is an index that was lost. */
    @Test
    void whatAnIndexFarBehindHasNotReadIsUnknown() throws Exception {
        grow(2 * LedgerRig.CONFIG.tailRecordsMax() + 100);
        List<RecordId> ids =
                world.log().leaves().stream().map(leaf -> leaf.id()).toList();
        try (Ledger ledger = rig.open(rig.seed())) {
            assertEquals(0, ledger.status().indexed());
            assertEquals(
                    ids.getLast(),
                    ledger.record(ids.getLast()).orElseThrow().record().id());
            RecordId old = ids.get(50);
            assertEquals(
                    "index-lag",
                    assertThrows(LedgerException.class, () -> ledger.record(old))
                            .code());
            assertEquals(
                    "index-lag",
                    assertThrows(LedgerException.class, () -> ledger.trace(old)).code());
            ledger.reindex();
            assertEquals(50, ledger.record(old).orElseThrow().index().value());
            assertTrue(ledger.record(new RecordId(Hash.of(new byte[] {1}))).isEmpty());
        }
    }

    @Test
    void everyTileOfEverySizeIsWhatTheTreeHas() throws Exception {
        grow(500);
        try (Ledger ledger = rig.open(rig.seed())) {
            for (int i = 0; i < 30; i++) {
                committed(ledger.append(
                        group(world.observation(world.point(), "x" + i).sign())));
            }
            List<byte[]> leaves = new ArrayList<>();
            MerkleTree tree = new MerkleTree();
            for (long i = 0; i < ledger.head().size().value(); i++) {
                leaves.add(
                        ledger.record(new LeafIndex(i)).orElseThrow().record().leaf());
                tree.append(Rfc6962.leafHash(leaves.getLast()));
            }
            assertEquals(tree.root(), ledger.head().root());
            assertEquals(512, ledger.status().sealed());
            for (long size = 1; size <= ledger.head().size().value(); size++) {
                for (Tile tile : Tile.of(new TreeSize(size))) {
                    byte[] wanted = tile.encode(hashes(tree, tile));
                    assertArrayEquals(wanted, ledger.tile(tile.path()).orElseThrow(), tile.path());
                    if (tile.level() == 0) {
                        EntryBundle bundle = new EntryBundle(tile.index(), tile.width());
                        int first = (int) tile.index() * 256;
                        assertArrayEquals(
                                bundle.encode(leaves.subList(first, first + tile.width())),
                                ledger.tile(bundle.path()).orElseThrow(),
                                bundle.path());
                    }
                }
            }
            for (String path :
                    List.of("tile/0/002.p/99", "tile/0/003", "tile/2/000.p/1", "tile/0/x", "checkpoint", "../format")) {
                assertTrue(ledger.tile(path).isEmpty(), path);
            }
        }
    }

    private static List<Hash> hashes(MerkleTree tree, Tile tile) {
        List<Hash> hashes = new ArrayList<>();
        for (long i = 0; i < tile.width(); i++) {
            hashes.add(tree.hash(8 * tile.level(), tile.index() * 256 + i));
        }
        return hashes;
    }

    @Test
    void checkpointAndProofsVerify() throws Exception {
        grow(270);
        try (Ledger ledger = rig.open(rig.seed())) {
            LedgerHead head = ledger.head();
            NoteVerifier log =
                    NoteVerifier.log(World.ORIGIN, world.checkpointKey().verifyKey());
            SignedNote note = SignedNote.parse(head.checkpoint());
            assertEquals(1, note.verify(List.of(log)).size());
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            assertEquals(head.root(), checkpoint.root());
            for (long i = 0; i < head.size().value(); i += 7) {
                StoredRecord record = ledger.record(new LeafIndex(i)).orElseThrow();
                ledger.inclusion(record.index(), head.size())
                        .verify(Rfc6962.leafHash(record.record().leaf()), head.root());
                TlogProof.parse(ledger.tlogProof(record.index()))
                        .verify(Rfc6962.leafHash(record.record().leaf()), log, List.of());
            }
        }
    }

    @Test
    void actionsAreFoundByWhatIsAskedFor() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution done = world.execution();
            committed(ledger.append(group(authority(done))));
            committed(ledger.append(group(done.use().sign())));
            committed(ledger.append(
                    group(done.outcome(ExecutionFacts.Result.TOOL_ERROR).sign())));
            Execution denied = world.execution();
            Matter[] refusal = {
                denied.intent().sign(),
                denied.context().sign(),
                denied.denial("outside-root").sign()
            };
            committed(ledger.append(group(refusal)));

            assertEquals(2, ledger.search(Query.ALL).actions().size());
            Action found = only(ledger, query(Optional.of("tool-error"), Optional.empty()));
            assertEquals("read_text_file", found.tool());
            assertEquals(Optional.of("allow"), found.decision());
            assertEquals(world.agent().principal(), found.principal());
            Action no = only(ledger, query(Optional.empty(), Optional.of("deny")));
            assertEquals(Optional.of("outside-root"), no.reason());
            List<StoredRecord> trace = ledger.trace(done.id(Kind.OUTCOME));
            assertEquals(
                    List.of("intent", "context", "decision", "contract", "identity", "use", "outcome"),
                    trace.stream().map(r -> r.record().kind().wire()).toList());
            ActionPage first = ledger.search(page(OptionalLong.empty()));
            ActionPage second = ledger.search(page(first.next()));
            assertEquals(refusal[0].id().hash(), first.actions().getFirst().intent());
            assertEquals(
                    done.id(Kind.INTENT).hash(), second.actions().getFirst().intent());
            assertTrue(second.next().isEmpty());
        }
    }

    @Test
    void resourcesAndTimesNarrowASearch() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            long start = world.nowMillis();
            for (String path : List.of("/srv/a.txt", "/srv/b.txt", "/other/c.txt")) {
                Json resources = new Json.Arr(List.of(Json.of(path)));
                committed(ledger.append(group(world.execution()
                        .intent()
                        .body(b -> b.with("resources", resources))
                        .sign())));
                rig.now.addAndGet(200);
            }
            assertEquals(3, count(ledger, Optional.of("/*"), start));
            assertEquals(2, count(ledger, Optional.of("/srv/*"), start));
            assertEquals(1, count(ledger, Optional.of("/srv/a.txt"), start));
            assertEquals(0, count(ledger, Optional.of("/srv/a"), start));
            assertEquals(2, count(ledger, Optional.empty(), start + 200));
        }
    }

    @Test
    void aUseUnderARangedContractIsFoundByWhatItNames() throws Exception {
        Execution ranged = world.execution().ranged(5, 60_000).authorise();
        try (Ledger ledger = rig.open(rig.seed())) {
            for (String path : List.of("/srv/one.txt", "/srv/two.txt")) {
                Json resources = new Json.Arr(List.of(Json.of(path)));
                committed(ledger.append(group(
                        ranged.use().body(b -> b.with("resources", resources)).sign())));
            }
            assertEquals(1, count(ledger, Optional.of("/srv/one.txt"), 0));
            assertEquals(1, count(ledger, Optional.of("/srv/two.txt"), 0));
        }
    }

    private int count(Ledger ledger, Optional<String> resource, long since) throws LedgerException {
        Query query = new Query.Builder()
                .action(Optional.of("read_text_file"))
                .resource(resource)
                .since(OptionalLong.of(since))
                .until(OptionalLong.of(Math.max(since + 10_000, world.nowMillis() + 10_000)))
                .build();
        return ledger.search(query).actions().size();
    }

    private static Query query(Optional<String> outcome, Optional<String> decision) {
        return new Query.Builder().decision(decision).outcome(outcome).build();
    }

    private static Query page(OptionalLong before) {
        return new Query.Builder().before(before).limit(1).build();
    }

    private static Action only(Ledger ledger, Query query) throws LedgerException {
        List<Action> actions = ledger.search(query).actions();
        assertEquals(1, actions.size(), actions.toString());
        return actions.getFirst();
    }

    /** A person approves a call that waits, and a contract is given. */
    private void approve(Execution asked) {
        world.tick(500);
        asked.approval(world.approver()).admit();
        world.admit(asked.decisionAfterApproval().sign(), asked.contract().sign());
    }

    /** The approved call, made again and used. */
    private Execution repeat(Execution first) {
        Execution again = world.execution().anySession().repeats(first);
        world.admit(again.intent().sign(), again.identity().sign());
        return again.used();
    }

    @Test
    void anApprovedRepeatHasNoAuthorityInTheIndex() throws Exception {
        Execution first = world.execution().anySession();
        first.ask(1);
        approve(first);
        Execution again = repeat(first);
        try (Ledger ledger = rig.open(rig.seed())) {
            ledger.reindex();
            Action repeat = only(ledger, query(Optional.of("success"), Optional.of("allow")));

            assertEquals(again.id(Kind.INTENT).hash(), repeat.intent());
            assertEquals(Optional.of("approved"), repeat.reason());
            assertEquals(
                    List.of(
                            "intent",
                            "context",
                            "decision",
                            "approval",
                            "decision",
                            "contract",
                            "intent",
                            "identity",
                            "use",
                            "outcome"),
                    ledger.trace(again.id(Kind.OUTCOME)).stream()
                            .map(r -> r.record().kind().wire())
                            .toList());
            for (Kind kind : List.of(Kind.INTENT, Kind.APPROVAL, Kind.DECISION, Kind.CONTRACT)) {
                assertEquals(
                        List.of("intent", "identity", "use", "outcome"),
                        ledger.trace(first.id(kind)).stream()
                                .map(r -> r.record().kind().wire())
                                .skip(6)
                                .toList(),
                        "what came of the contract is not in the trace of what gave it");
            }
        }
    }

    @Test
    void aRecordOfAnActionLeavesOutWhatAnotherShows() throws Exception {
        Execution first = world.execution().anySession();
        first.ask(1);
        Matter refusal = world.draft(
                        world.point(),
                        new ExecutionFacts.Refusal("approval-pending", Optional.empty(), Optional.empty()))
                .references(References.NONE.withMany("decision", List.of(first.id(Kind.DECISION))))
                .body(ignored -> new ExecutionDetails.Refusal(Optional.empty(), List.of(), "ask a person").toJson())
                .sign();
        world.admit(refusal);
        approve(first);
        Execution again = repeat(first);
        try (Ledger ledger = rig.open(rig.seed())) {
            ledger.reindex();
            List<StoredRecord> whole = ledger.trace(first.id(Kind.INTENT));
            assertEquals(11, whole.size(), whole.toString());
            for (StoredRecord one : whole) {
                assertEquals(
                        whole,
                        ledger.trace(one.record().id()),
                        one.record().kind().wire());
            }
        }
    }

    @Test
    void whatNeverBecameAnIntentIsNotFound() throws Exception {
        Matter refusal = world.execution()
                .authorise()
                .refusal("json-duplicate-key")
                .references(References.NONE)
                .facts(f -> new Json.Obj(new TreeMap<>(Map.of("code", Json.of("json-duplicate-key")))))
                .body(b -> b.with("name", Json.of("tools/call")))
                .sign();
        world.admit(refusal);
        try (Ledger ledger = rig.open(rig.seed())) {
            ledger.reindex();
            Action found = only(ledger, query(Optional.of("refused"), Optional.of("deny")));

            assertEquals(refusal.id().hash(), found.intent());
            assertEquals(Optional.of("json-duplicate-key"), found.reason());
            assertEquals("tools/call", found.method());
            assertEquals(world.point().principal(), found.principal());
            assertEquals(1, ledger.trace(refusal.id()).size());
        }
    }

    @Test
    void aCallThatTheLedgerRefusedLooksAsIfNothingCameOfIt() throws Exception {
        Execution first = world.execution().anySession().windowMillis(15_000);
        first.ask(1);
        approve(first);
        rig.now.set(world.nowMillis());
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution used = world.execution().windowMillis(15_000);
            committed(ledger.append(group(authority(used))));
            Execution again = world.execution().anySession().repeats(first);
            Matter[] late = {again.intent().sign(), again.identity().sign()};
            rig.now.addAndGet(20_000);
            committed(ledger.append(group(late)));
            Action repeat = only(ledger, query(Optional.of("refused"), Optional.of("deny")));
            assertEquals(late[0].id().hash(), repeat.intent());
            assertEquals(Optional.of("contract-expired"), repeat.reason());
            assertEquals(List.of("intent", "refused"), traced(ledger, late[1].id()));

            Matter use = used.use().sign();
            committed(ledger.append(group(use)));
            Action call = only(ledger, query(Optional.of("refused"), Optional.of("allow")));
            assertEquals(used.id(Kind.INTENT).hash(), call.intent());
            assertEquals(Optional.of("contract-expired"), call.reason());
            assertEquals("refused", traced(ledger, use.id()).getLast());

            committed(
                    ledger.append(group(again.context().sign(), again.pending(1).sign())));
            Action asked = only(ledger, query(Optional.empty(), Optional.of("pending")));
            assertEquals(late[0].id().hash(), asked.intent());
            assertEquals(Optional.empty(), asked.outcome());
        }
    }

    @Test
    void whatSomebodyElseWasRefusedIsToldOfTheCall() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution call = world.execution();
            committed(ledger.append(group(authority(call))));
            Matter identity = call.matter(Kind.IDENTITY);
            Matter claim = world.draft(
                            world.point(), identity.record().statement().facts())
                    .references(identity.record().header().references())
                    .body(ignored -> new AuthorityDetails.Identity(call.eid()).toJson())
                    .sign();
            committed(ledger.append(group(claim)));
            assertEquals(
                    Optional.empty(),
                    ledger.search(Query.ALL).actions().getFirst().outcome());
            assertEquals(5, ledger.trace(call.id(Kind.INTENT)).size());
        }
    }

    private static List<String> traced(Ledger ledger, RecordId id) throws LedgerException {
        return ledger.trace(id).stream().map(r -> r.record().kind().wire()).toList();
    }

    private static Matter[] authority(Execution call) {
        return new Matter[] {
            call.intent().sign(),
            call.context().sign(),
            call.decision().sign(),
            call.contract().sign(),
            call.identity().sign()
        };
    }

    @Test
    void anIndexMadeAgainIsTheSame() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            for (int i = 0; i < 5; i++) {
                Execution call = world.execution().ranged(3, 60_000);
                committed(ledger.append(group(authority(call))));
                for (int use = 0; use < i % 3; use++) {
                    committed(ledger.append(group(call.use().sign())));
                    committed(ledger.append(
                            group(call.outcome(ExecutionFacts.Result.SUCCESS).sign())));
                }
            }
            List<Action> before = ledger.search(Query.ALL).actions();
            assertEquals(6, before.size(), "a second use is an action of its own");
            ledger.reindex();
            assertEquals(before, ledger.search(Query.ALL).actions());
            assertEquals(ledger.head().size().value(), ledger.search(Query.ALL).coveredSize());
        }
    }

    @Test
    void erasedBodiesAreGoneAndChangeNoVerdict() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        Matter tail = world.execution().intent().sign();
        LedgerHead head;
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(tail)));
            head = ledger.head();
            LedgerRig.erase(ledger, LongStream.range(0, head.size().value()).toArray());
            head = ledger.head();
            assertFalse(ledger.record(tail.id()).orElseThrow().body().isPresent());
        }
        try (Ledger ledger = rig.open(storage)) {
            assertEquals(head.root(), ledger.head().root());
            for (long i = 0; i < head.size().value(); i++) {
                assertTrue(ledger.record(new LeafIndex(i)).orElseThrow().body().isEmpty());
            }
            assertEquals(head.size().value(), LedgerRig.places(ledger).size());
            committed(ledger.append(group(world.execution().intent().sign())));
        }
    }

    @Test
    void aDamagedBodyLooksLikeAnErasedOne() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        long lost = 0;
        try (Ledger ledger = rig.open(storage)) {
            while (ledger.record(new LeafIndex(lost)).orElseThrow().body().isEmpty()) {
                lost++;
            }
            committed(ledger.append(group(world.execution().intent().sign())));
            assertEquals(256, ledger.status().sealed());
        }
        for (String path : List.of("body/000", "slots/body/000")) {
            FaultStorage damaged = storage.afterKill();
            damaged.flip(path, path.startsWith("slots") ? lost * 32 : 1024);
            try (Ledger ledger = rig.open(damaged)) {
                StoredRecord record = ledger.record(new LeafIndex(lost)).orElseThrow();
                assertTrue(record.bodyDamaged() && record.body().isEmpty(), path);
                assertEquals(List.of(lost), ledger.status().damagedBodies());
                assertEquals(
                        List.of(record.record().id()),
                        new BundleExporter(ledger).export(BundleExporter.all()).bodiesLost());
                LedgerRig.erase(ledger, lost);
                assertFalse(ledger.record(new LeafIndex(lost)).orElseThrow().bodyDamaged());
                assertEquals(List.of(), ledger.status().damagedBodies());
            }
        }
        FaultStorage truncated = storage.emptied("slots/body/000");
        try (Ledger ledger = rig.open(truncated)) {
            assertTrue(ledger.record(new LeafIndex(lost)).orElseThrow().bodyDamaged());
        }
    }

    /** A file of bodies is gone, and their keys are not: nobody erased them. */
    @Test
    void aLostFileOfBodiesLooksLikeAnErasure() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        List<Long> bodies = new ArrayList<>();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(world.execution().intent().sign())));
            assertEquals(256, ledger.status().sealed());
            LedgerRig.erase(ledger, 100);
            for (long i = 0; i < 256; i++) {
                if (ledger.record(new LeafIndex(i)).orElseThrow().body().isPresent()) {
                    bodies.add(i);
                }
            }
        }
        FaultStorage lost = storage.afterKill();
        lost.delete("body/000");
        try (Ledger ledger = rig.open(lost)) {
            assertEquals(bodies, ledger.status().damagedBodies());
            assertEquals(
                    bodies.size(),
                    new BundleExporter(ledger)
                            .export(BundleExporter.all())
                            .bodiesLost()
                            .size());
            assertFalse(ledger.record(new LeafIndex(100)).orElseThrow().bodyDamaged());
            LedgerRig.erase(ledger, bodies.getFirst());
            assertFalse(ledger.record(new LeafIndex(bodies.getFirst()))
                    .orElseThrow()
                    .bodyDamaged());
            assertEquals(bodies.subList(1, bodies.size()), ledger.status().damagedBodies());
        }
    }

    @Test
    void oneErasedBodyTakesNoOtherWithIt() throws Exception {
        grow(300);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            LedgerRig.erase(ledger, 100);
            LedgerRig.erase(ledger, 290);
        }
        try (Ledger ledger = rig.open(storage)) {
            for (long i = 0; i < 300; i++) {
                StoredRecord record = ledger.record(new LeafIndex(i)).orElseThrow();
                boolean kept = record.record().kind().hasBody() && i != 100 && i != 290;
                assertEquals(kept, record.body().isPresent(), "record " + i);
            }
        }
    }
}
