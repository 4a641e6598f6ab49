package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.state.StateChunks;
import dev.jurat.proof.state.StateTree;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that cuts its state every few records, and keeps little of it in memory. */
class StateTest {
    private static final LedgerConfig CONFIG = LedgerRig.stating(6);

    @TempDir
    private Path folder;

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

    private Execution authorised(Ledger ledger) throws Exception {
        Execution call = world.execution();
        committed(ledger.append(group(authority(call))));
        return call;
    }

    private Execution used(Ledger ledger) throws Exception {
        Execution call = authorised(ledger);
        committed(ledger.append(group(call.use().sign())));
        return call;
    }

    private static RecordAnswer answer(Ledger ledger, Matter matter) {
        return committed(ledger.append(group(matter))).results().getFirst();
    }

    /** Goes on until what came before has been cut so often that none of it is in memory. */
    private void passOn(Ledger ledger) throws Exception {
        long states = states(ledger).size();
        for (int i = 0; states(ledger).size() < states + 4; i++) {
            assertTrue(i < 500, "no state leaf is written");
            Execution call = used(ledger);
            committed(ledger.append(group(call.outcome(Result.SUCCESS).sign())));
            rig.now.addAndGet(120);
            rig.follow(ledger);
        }
    }

    private static List<Long> states(Ledger ledger) throws LedgerException {
        List<Long> found = new ArrayList<>();
        for (long i = 0; i < ledger.head().size().value(); i++) {
            if (record(ledger, i).kind() == Kind.STATE) {
                found.add(i);
            }
        }
        return found;
    }

    private static SignedRecord record(Ledger ledger, long index) throws LedgerException {
        return ledger.record(new LeafIndex(index)).orElseThrow().record();
    }

    /** Computes every state again that the log states; answers how many there are. */
    private static int check(Ledger ledger) throws Exception {
        LeafJudge judge = new LeafJudge(LedgerRig::verifies);
        StateTree tree = StateTree.empty(StateChunks.inMemory());
        Hash root = Rfc6962.EMPTY_ROOT;
        long cut = 0;
        int count = 0;
        for (long i = 0; i < ledger.head().size().value(); i++) {
            SignedRecord record = record(ledger, i);
            if (i == 0) {
                judge.lifecycle().begin(record);
            } else {
                assertEquals(List.of(), judge.judge(i, record, Optional.empty()).faults(), "leaf " + i);
            }
            if (record.statement().facts() instanceof LedgerFacts.State state) {
                assertEquals(cut, state.size());
                assertEquals(root, state.root(), "the state leaf " + i);
                cut = i + 1;
                root = tree.advance(cut, judge.lifecycle().changes().standings());
                count++;
            }
        }
        return count;
    }

    @Test
    void aReaderOfAllLeavesFindsTheStateThatIsStated() throws Exception {
        try (Ledger ledger = rig.open(rig.seed(), CONFIG, folder)) {
            Execution open = used(ledger);
            Execution unknown = used(ledger);
            committed(ledger.append(group(unknown.outcome(Result.UNKNOWN).sign())));
            committed(ledger.append(group(open.use().sign())));
            passOn(ledger);
            committed(ledger.append(group(unknown.outcome(Result.SUCCESS).sign())));
            passOn(ledger);
            assertTrue(check(ledger) >= 8);
        }
    }

    @Test
    void whatIsNotInMemoryIsJudgedAsIfItWere() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            judgedAsIfItWere(ledger);
        }
    }

    private void judgedAsIfItWere(Ledger ledger) throws Exception {
        Execution open = used(ledger);
        Execution done = used(ledger);
        Matter outcome = done.outcome(Result.SUCCESS).sign();
        RecordAnswer first = answer(ledger, outcome);
        Execution spent = used(ledger);
        Matter refusedUse = spent.use().sign();
        RecordAnswer refused = assertInstanceOf(RecordAnswer.Refused.class, answer(ledger, refusedUse));
        passOn(ledger);

        RecordAnswer.Present again = assertInstanceOf(RecordAnswer.Present.class, answer(ledger, outcome));
        assertEquals(first.index(), again.index());
        RecordAnswer.Present turnedAway = assertInstanceOf(RecordAnswer.Present.class, answer(ledger, refusedUse));
        assertTrue(turnedAway.refused());
        assertEquals(refused.index(), turnedAway.index());
        RecordAnswer.Admitted repeated = assertInstanceOf(
                RecordAnswer.Admitted.class,
                answer(ledger, done.outcome(Result.TOOL_ERROR).sign()));
        assertEquals(Set.of(Flag.REPEATED), repeated.flags());
        RecordAnswer.Admitted ended = assertInstanceOf(
                RecordAnswer.Admitted.class,
                answer(ledger, open.outcome(Result.SUCCESS).sign()));
        assertEquals(Set.of(), ended.flags());
        passOn(ledger);
        assertEquals(
                Set.of(Flag.REPEATED),
                ledger.record(repeated.index()).orElseThrow().flags());
        check(ledger);
    }

    @Test
    void aLedgerGoesOnFromTheStateThatWasSaved() throws Exception {
        FaultStorage storage = rig.seed();
        Execution open;
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            open = used(ledger);
            passOn(ledger);
        }
        for (int restart = 0; restart < 3; restart++) {
            try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
                passOn(ledger);
            }
        }
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            RecordAnswer.Admitted ended = assertInstanceOf(
                    RecordAnswer.Admitted.class,
                    answer(ledger, open.outcome(Result.SUCCESS).sign()));
            assertEquals(Set.of(), ended.flags());
            passOn(ledger);
            assertTrue(check(ledger) >= 20);
        }
        delete();
        try (Ledger ledger = rig.open(storage, CONFIG, folder)) {
            assertTrue(check(ledger) >= 20, "the same log without what was saved");
        }
    }

    private void delete() throws Exception {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aLogThatStatesAnotherStateDoesNotOpen() throws Exception {
        world.admit(world.draft(world.ledger(), new LedgerFacts.State(0, Hash.of(new byte[] {1})))
                .sign());
        FaultStorage storage = rig.seed();
        LedgerException refused = assertThrows(LedgerException.class, () -> rig.open(storage));
        assertEquals("entries-damaged", refused.code());
    }
}
