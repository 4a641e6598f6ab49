package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AppendTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

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
    void aWholeExecutionEntersInThreeCommits() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            long before = ledger.head().size().value();
            Execution call = world.execution();
            GroupAnswer.Committed authorised = committed(ledger.append(group(authority(call))));
            GroupAnswer.Committed used =
                    committed(ledger.append(group(call.use().sign())));
            committed(ledger.append(
                    group(call.outcome(ExecutionFacts.Result.SUCCESS).sign())));
            assertTrue(authorised.results().stream().allMatch(r -> r instanceof RecordAnswer.Admitted));
            assertEquals(before, authorised.results().getFirst().index().value());
            assertEquals(before + 5, used.results().getFirst().index().value());
            assertEquals(before + 7, ledger.head().size().value());
            assertEquals(ledger.head().clock(), authorised.clock());
        }
    }

    @Test
    void theSameBytesGiveTheSamePlaceAlsoAfterARestart() throws Exception {
        FaultStorage storage = rig.seed();
        Execution call = world.execution();
        Group sent = group(authority(call));
        List<RecordAnswer> first;
        try (Ledger ledger = rig.open(storage)) {
            first = committed(ledger.append(sent)).results();
            assertPresent(first, committed(ledger.append(sent)).results());
        }
        try (Ledger ledger = rig.open(storage)) {
            long size = ledger.head().size().value();
            rig.now.addAndGet(9_000);
            assertPresent(first, committed(ledger.append(sent)).results());
            assertEquals(size, ledger.head().size().value(), "a retry writes nothing");
        }
    }

    private static void assertPresent(List<RecordAnswer> first, List<RecordAnswer> again) {
        for (int i = 0; i < first.size(); i++) {
            RecordAnswer.Present present = assertInstanceOf(RecordAnswer.Present.class, again.get(i));
            assertEquals(first.get(i).index(), present.index());
            assertEquals(false, present.refused());
        }
    }

    @Test
    void parallelRetriesAdmitOnce() throws Exception {
        try (Ledger ledger = rig.open(rig.seed());
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Group sent = group(world.execution().intent().sign());
            List<Future<GroupAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(pool.submit(() -> ledger.append(sent)));
            }
            int admitted = 0;
            for (Future<GroupAnswer> answer : answers) {
                RecordAnswer result = committed(answer.get()).results().getFirst();
                admitted += result instanceof RecordAnswer.Admitted ? 1 : 0;
            }
            assertEquals(1, admitted);
            LedgerRig.places(ledger);
        }
    }

    @Test
    void aRefusedRecordLeavesEvidenceAndUsesItsNumber() throws Exception {
        FaultStorage storage = rig.seed();
        Execution call = world.execution();
        Matter[] records = authority(call);
        Group sent;
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(records)));
            committed(ledger.append(group(call.use().sign())));
            sent = group(call.use().sign());
            RecordAnswer.Refused refused = assertInstanceOf(
                    RecordAnswer.Refused.class,
                    committed(ledger.append(sent)).results().getFirst());
            assertEquals(Rule.CONTRACT_SPENT, refused.rule());
            StoredRecord evidence = ledger.record(refused.index()).orElseThrow();
            assertEquals(Kind.REFUSED, evidence.record().kind());
            assertEquals(
                    evidence.record().id(),
                    ledger.record(refused.id()).orElseThrow().record().id());
            RecordAnswer.Present again = assertInstanceOf(
                    RecordAnswer.Present.class,
                    committed(ledger.append(sent)).results().getFirst());
            assertTrue(again.refused());
            assertEquals(refused.index(), again.index());
        }
        try (Ledger ledger = rig.open(storage)) {
            assertInstanceOf(
                    RecordAnswer.Present.class,
                    committed(ledger.append(sent)).results().getFirst());
            committed(ledger.append(
                    group(call.outcome(ExecutionFacts.Result.SUCCESS).sign())));
        }
    }

    @Test
    void aRefusalStandsBeforeWhatFollowsInItsStream() throws Exception {
        FaultStorage storage = rig.seed();
        Matter intent = world.execution().intent().sign();
        Matter stale = world.execution()
                .intent()
                .seen(new RecordId(Hash.of(new byte[1])))
                .sign();
        Matter next = world.execution().intent().sign();
        try (Ledger ledger = rig.open(storage)) {
            List<RecordAnswer> results =
                    committed(ledger.append(group(intent, stale, next))).results();
            assertInstanceOf(RecordAnswer.Admitted.class, results.get(0));
            assertInstanceOf(RecordAnswer.Refused.class, results.get(1));
            assertInstanceOf(RecordAnswer.Admitted.class, results.get(2));
            assertTrue(results.get(1).index().value() < results.get(2).index().value());
        }
        rig.open(storage).close();
    }

    @Test
    void aPairThatIsRefusedNamesTheCauseFirst() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution call = world.execution();
            Matter[] records = {
                call.intent().sign(),
                call.context().sign(),
                call.decision().sign(),
                call.contract().sign(),
                call.identity()
                        .fact("notAfter", Json.of(world.nowMillis() + 999_999))
                        .sign()
            };
            List<RecordAnswer> results =
                    committed(ledger.append(group(records))).results();
            assertEquals(results.get(3).index(), results.get(4).index(), "one record tells of both");
            StoredRecord evidence = ledger.record(results.get(3).index()).orElseThrow();
            LedgerFacts.Refused facts = assertInstanceOf(
                    LedgerFacts.Refused.class, evidence.record().statement().facts());
            assertEquals(records[4].id(), facts.records().getFirst().id());
            assertEquals(Rule.TOGETHER.code(), facts.records().get(1).rule());
        }
    }

    @Test
    void aGapPushesTheWholeGroupBack() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            long size = ledger.head().size().value();
            Matter good = world.execution().intent().sign();
            Matter gap =
                    world.observation(world.point(), "tools/list").sequence(99).peek();
            GroupAnswer.PushedBack answer =
                    assertInstanceOf(GroupAnswer.PushedBack.class, ledger.append(group(good, gap)));
            assertEquals(Rule.SEQUENCE_GAP.code(), answer.code());
            committed(ledger.append(group(good)));
            assertEquals(size + 1, ledger.head().size().value());
        }
    }

    @Test
    void aSecondRecordForANumberIsKeptOnceAndEndsTheSession() throws Exception {
        FaultStorage storage = rig.seed();
        Matter first = world.observation(world.point(), "tools/list").peek();
        Matter second = world.observation(world.point(), "resources/list").peek();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(first)));
            for (int i = 0; i < 3; i++) {
                GroupAnswer.PushedBack answer =
                        assertInstanceOf(GroupAnswer.PushedBack.class, ledger.append(group(second)));
                assertEquals("conflict", answer.code());
            }
            StoredRecord kept = ledger.record(second.id()).orElseThrow();
            assertEquals(Kind.CONFLICT, kept.record().kind());
            assertEquals(
                    true,
                    ledger.ask(l -> l.head(world.point().stream()).orElseThrow().suspended()));
            assertEquals(kept.index().value() + 1, ledger.head().size().value(), "kept once");
        }
        try (Ledger ledger = rig.open(storage)) {
            long size = ledger.head().size().value();
            assertInstanceOf(GroupAnswer.PushedBack.class, ledger.append(group(second)));
            assertEquals(size, ledger.head().size().value(), "kept once, also after a restart");
        }
    }

    @Test
    void aRefusedOpeningOfAStreamIsAnsweredTheSameAgain() throws Exception {
        FaultStorage storage = rig.seed();
        Matter session = world.session("agent", "agent-2")
                .draft()
                .fact("node", Json.of("unclaimed"))
                .sign();
        RecordAnswer.Refused refused;
        try (Ledger ledger = rig.open(storage)) {
            refused = assertInstanceOf(
                    RecordAnswer.Refused.class,
                    committed(ledger.append(group(session))).results().getFirst());
            assertEquals(Rule.NODE_STATE, refused.rule());
        }
        try (Ledger ledger = rig.open(storage)) {
            long size = ledger.head().size().value();
            RecordAnswer.Present again = assertInstanceOf(
                    RecordAnswer.Present.class,
                    committed(ledger.append(group(session))).results().getFirst());
            assertEquals(refused.index(), again.index());
            assertTrue(again.refused());
            assertEquals(size, ledger.head().size().value());
        }
    }

    @Test
    void bodiesAreHeldAgainstTheirStatements() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Matter intent = world.execution().intent().sign();
            Group without = new Group(List.of(new Submission(intent.record(), Optional.empty())), List.of());
            RecordAnswer.Refused refused = assertInstanceOf(
                    RecordAnswer.Refused.class,
                    committed(ledger.append(without)).results().getFirst());
            assertEquals(Rule.BODY_MISSING, refused.rule());
        }
    }

    @Test
    void theBatchDoorAnswersInOrder() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            List<Group> groups = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                groups.add(group(world.observation(world.point(), "m" + i).sign()));
            }
            List<GroupAnswer> answers = ledger.appendAll(groups);
            long previous = -1;
            for (int i = 0; i < answers.size(); i++) {
                RecordAnswer result = committed(answers.get(i)).results().getFirst();
                assertEquals(groups.get(i).records().getFirst().record().id(), result.id());
                assertTrue(result.index().value() > previous);
                previous = result.index().value();
            }
        }
    }

    @Test
    void recordsAreFoundByIdAndIndexWithTheirBodies() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Matter intent = world.execution().intent().sign();
            committed(ledger.append(group(intent)));
            Map<RecordId, Long> places = LedgerRig.places(ledger);
            for (Map.Entry<RecordId, Long> place : places.entrySet()) {
                StoredRecord found = ledger.record(place.getKey()).orElseThrow();
                assertEquals(place.getValue(), found.index().value());
                assertEquals(
                        found.record().kind().hasBody(),
                        found.body().isPresent(),
                        found.record().toString());
            }
            assertTrue(ledger.record(new LeafIndex(places.size())).isEmpty());
        }
    }
}
