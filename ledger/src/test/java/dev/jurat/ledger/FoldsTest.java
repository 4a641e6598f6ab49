package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class FoldsTest {
    /** One by one as many as this, then folded. */
    private static final int AT_ONCE = 32;

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);
    private final ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();

    private Matter stale() {
        return stale(world.agent());
    }

    private Matter stale(Party agent) {
        return world.execution(agent, world.point())
                .intent()
                .seen(new RecordId(Hash.of(new byte[1])))
                .sign();
    }

    private static Group each(List<Matter> matters, int from, int to) {
        return group(matters.subList(from, to).toArray(Matter[]::new));
    }

    private Future<GroupAnswer> send(Ledger ledger, Group group) {
        return pool.submit(() -> ledger.append(group));
    }

    private static long count(Ledger ledger, Kind kind) throws LedgerException {
        List<Kind> kinds = new ArrayList<>();
        ledger.replay(new LeafIndex(0), record -> kinds.add(record.kind()));
        return kinds.stream().filter(kind::equals).count();
    }

    private static LedgerFacts.RefusedFold fold(Ledger ledger, RecordAnswer answer) throws LedgerException {
        StoredRecord stored = ledger.record(answer.index()).orElseThrow();
        return assertInstanceOf(
                LedgerFacts.RefusedFold.class, stored.record().statement().facts());
    }

    /** The agent's refusals, one group after the other, until the next are folded. */
    private List<Matter> exhaust(Ledger ledger) {
        List<Matter> first = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            first.add(stale());
        }
        committed(ledger.append(each(first, 0, AT_ONCE)));
        return first;
    }

    private void passMillis(long millis) {
        rig.now.addAndGet(millis);
    }

    @Test
    void aFloodOfRefusalsMakesALeafEach() throws Exception {
        FaultStorage storage = rig.seed();
        List<Matter> flood = new ArrayList<>();
        try (Ledger ledger = rig.open(storage)) {
            exhaust(ledger);
            long size = ledger.head().size().value();
            List<Future<GroupAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                List<Matter> ten = new ArrayList<>();
                for (int j = 0; j < 10; j++) {
                    ten.add(stale());
                }
                flood.addAll(ten);
                answers.add(send(ledger, each(ten, 0, 10)));
                await(ledger, ten.getLast());
            }
            assertTrue(answers.stream().noneMatch(Future::isDone), "a refusal is told before it is durable");
            passMillis(1_100);
            List<RecordAnswer> results = new ArrayList<>();
            for (Future<GroupAnswer> answer : answers) {
                results.addAll(committed(answer.get()).results());
            }
            assertEquals(200, results.size());
            LedgerFacts.RefusedFold fold = fold(ledger, results.getFirst());
            assertEquals(200, fold.count());
            assertEquals(flood.getLast().id(), fold.id());
            assertEquals(Rule.SEEN_UNKNOWN.code(), fold.rule());
            for (int i = 0; i < 200; i++) {
                RecordAnswer.Refused refused = assertInstanceOf(RecordAnswer.Refused.class, results.get(i));
                assertEquals(flood.get(i).id(), refused.id());
                assertEquals(results.getFirst().index(), refused.index());
                assertEquals(
                        refused.index(),
                        ledger.record(refused.id()).orElseThrow().index(),
                        "each is found by its id");
            }
            assertTrue(ledger.head().size().value() <= size + 3, "leaves for 200 refusals");
        }
        try (Ledger ledger = rig.open(storage)) {
            assertEquals(1, count(ledger, Kind.REFUSED_FOLD));
            committed(ledger.append(group(world.execution().intent().sign())));
        }
    }

    /** Until the lifecycle has taken this record's number. */
    private static void await(Ledger ledger, Matter matter) throws InterruptedException {
        while (ledger.ask(state -> state.recordAt(
                        matter.record().header().stream(),
                        matter.record().header().sequence()))
                .isEmpty()) {
            Thread.sleep(2);
        }
    }

    @Test
    void whatWasAnsweredNoLongerWaitsWhileAnotherFoldIsOpen() {
        Folds folds = new Folds();
        Matter one = stale();
        folds.add(one.record().header().stream(), Rule.SEEN_UNKNOWN, 0, one.id(), index -> {});
        for (int i = 0; i < 20; i++) {
            folds.waits(1 << 20);
            folds.released(1 << 20);
        }
        assertEquals(List.of(), folds.due());
        folds.waits(9 << 20);
        assertEquals(folds.all(), folds.due());
    }

    @Test
    void whatFollowsInTheStreamStandsBeforeTheFoldThatItFollows() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            exhaust(ledger);
            Matter last = stale();
            Future<GroupAnswer> folded = send(ledger, group(last));
            await(ledger, last);
            GroupAnswer.Committed next =
                    committed(ledger.append(group(world.execution().intent().sign())));
            RecordAnswer refused = committed(folded.get()).results().getFirst();
            assertEquals(1, fold(ledger, refused).count());
            assertTrue(
                    refused.index().value() < next.results().getFirst().index().value());
        }
        rig.open(storage).close();
    }

    @Test
    void theSameRecordAgainIsAnsweredBeforeItsFoldIsWritten() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            exhaust(ledger);
            Matter last = stale();
            Future<GroupAnswer> first = send(ledger, group(last));
            await(ledger, last);
            Future<GroupAnswer> again = send(ledger, group(last));
            Thread.sleep(50);
            assertTrue(!again.isDone(), "answered before it is durable");
            passMillis(1_100);
            RecordAnswer.Refused refused = assertInstanceOf(
                    RecordAnswer.Refused.class, committed(first.get()).results().getFirst());
            RecordAnswer.Present present = assertInstanceOf(
                    RecordAnswer.Present.class, committed(again.get()).results().getFirst());
            assertTrue(present.refused());
            assertEquals(refused.index(), present.index());
        }
    }

    @Test
    void aGroupIsAnsweredWithAPlaceThatItsLastRefusalDoesNotHaveYet() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            exhaust(ledger);
            Matter before = stale();
            Matter between = world.execution().intent().sign();
            Matter after = stale();
            Future<GroupAnswer> answer = send(ledger, group(before, between, after));
            await(ledger, after);
            Thread.sleep(50);
            assertTrue(!answer.isDone(), "the second fold is not written");
            passMillis(1_100);
            List<RecordAnswer> results = committed(answer.get()).results();
            assertEquals(before.id(), fold(ledger, results.get(0)).id());
            assertInstanceOf(RecordAnswer.Admitted.class, results.get(1));
            assertEquals(after.id(), fold(ledger, results.get(2)).id());
        }
    }

    @Test
    void aFoldIsLostByClosing() throws Exception {
        FaultStorage storage = rig.seed();
        Future<GroupAnswer> answer;
        Matter last;
        try (Ledger ledger = rig.open(storage)) {
            exhaust(ledger);
            last = stale();
            answer = send(ledger, group(last));
            await(ledger, last);
        }
        RecordAnswer refused = committed(answer.get()).results().getFirst();
        try (Ledger ledger = rig.open(storage)) {
            assertEquals(last.id(), fold(ledger, refused).id());
        }
    }

    @Test
    void whoWaitsForAFoldIsLeftWaitingWhenTheLedgerStops() throws Exception {
        FaultStorage storage = rig.seed();
        Ledger ledger = rig.open(storage);
        exhaust(ledger);
        Matter last = stale();
        Future<GroupAnswer> answer = send(ledger, group(last));
        await(ledger, last);
        storage.failAt(0, FaultStorage.Fault.LOST);
        passMillis(1_100);
        assertInstanceOf(GroupAnswer.Stopped.class, answer.get());
        ledger.close();
        try (Ledger again = rig.open(storage.afterPowerLoss(1))) {
            assertEquals(0, count(again, Kind.REFUSED_FOLD));
        }
    }

    @Test
    void aRefusedUseThatSpendsItsOrdinalIsNotFolded() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage)) {
            Execution call = world.execution();
            committed(ledger.append(group(
                    call.intent().sign(),
                    call.context().sign(),
                    call.decision().sign(),
                    call.contract().sign(),
                    call.identity().sign())));
            committed(ledger.append(group(call.use().sign())));
            for (int i = 0; i < AT_ONCE + 3; i++) {
                committed(ledger.append(group(call.use().sign())));
            }
            assertEquals(0, count(ledger, Kind.REFUSED_FOLD));
        }
        rig.open(storage).close();
    }

    @Test
    void openingsThatAreRefusedFillTheLog() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            List<GroupAnswer> answers = new ArrayList<>();
            for (int i = 0; i < AT_ONCE + 5; i++) {
                answers.add(ledger.append(group(world.enrolsItself("stranger" + i, SignerType.AGENT, Role.AGENT)
                        .draft()
                        .sign())));
            }
            assertEquals(AT_ONCE, count(ledger, Kind.REFUSED));
            GroupAnswer.PushedBack last = assertInstanceOf(GroupAnswer.PushedBack.class, answers.getLast());
            assertEquals(Rule.ENROLMENT_CLOSED.code(), last.code());
            assertEquals(5L, ledger.status().turnedAway().get(Rule.ENROLMENT_CLOSED.code()));
        }
    }
}
