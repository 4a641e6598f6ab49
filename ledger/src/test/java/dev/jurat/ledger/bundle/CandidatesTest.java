package dev.jurat.ledger.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Closure;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read again for a bundle is enough for it, and not much more. */
class CandidatesTest {
    private final World world = World.claimed();
    private List<SignedRecord> log = List.of();

    @BeforeEach
    void twoAgentsAtTwoPoints() {
        Party agent = join("agent-b", SignerType.AGENT, Role.AGENT);
        Party point = join("point-b", SignerType.SERVICE, Role.POINT);
        for (int round = 0; round < 3; round++) {
            world.execution().run();
            world.tick(20);
            Execution other =
                    world.execution(agent, point).ranged(3, 60_000).authorise().used();
            other.violation("path-moved").admit();
            other.used();
            Execution asked = world.execution(agent, point)
                    .tool(world.tool("write_file", Effect.WRITE, false))
                    .ask(1);
            world.observation(point, "tools/list").admit();
            asked.approvedBy(world.approver()).used();
        }
        world.sessionEnd(point).admit();
        log = world.log().leaves();
    }

    private Party join(String name, SignerType type, Role role) {
        world.enrol(name, type, role).admitAndJoin();
        return world.session(name, name + " 1").admitAndJoin();
    }

    private SortedResult closure(BitSet chosen, Scope scope) throws FormatException {
        TreeMap<Long, SignedRecord> leaves = new TreeMap<>();
        chosen.stream().forEach(index -> leaves.put((long) index, log.get(index)));
        Closure.Result result = Closure.of(Records.of(leaves), scope);
        return new SortedResult(List.copyOf(result.included()), List.copyOf(result.followed()));
    }

    private record SortedResult(List<Long> included, List<Long> followed) {}

    private BitSet chosen(Scope scope) {
        Candidates candidates = new Candidates(scope);
        for (int index = 0; index < log.size(); index++) {
            candidates.add(index, log.get(index));
        }
        return candidates.chosen();
    }

    private BitSet everything() {
        BitSet all = new BitSet();
        all.set(0, log.size());
        return all;
    }

    private void isEnough(Scope scope) throws FormatException {
        assertEquals(closure(everything(), scope), closure(chosen(scope), scope), scope.toString());
    }

    @Test
    void isEnoughForEveryAction() throws FormatException {
        for (SignedRecord record : log) {
            if (record.kind() == Kind.INTENT) {
                isEnough(new Scope.Action(record.id()));
            }
        }
    }

    @Test
    void isEnoughForEverySession() throws FormatException {
        Set<Stream> streams = new LinkedHashSet<>();
        log.forEach(record -> streams.add(record.header().stream()));
        for (Stream stream : streams) {
            isEnough(new Scope.Session(stream));
        }
    }

    @Test
    void leavesTheStreamsOfOthersOut() {
        SignedRecord first = log.get((int) world.indexOf(Kind.INTENT));
        BitSet chosen = chosen(new Scope.Action(first.id()));
        long foreign = chosen.stream()
                .mapToObj(log::get)
                .filter(record -> record.kind() == Kind.OBSERVATION)
                .count();
        assertEquals(0, foreign);
        assertTrue(chosen.cardinality() < log.size() / 2);
    }
}
