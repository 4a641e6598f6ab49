package dev.jurat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import org.junit.jupiter.api.Test;

class WorldTest {
    @Test
    void everyStepOfAnExactCallIsAdmitted() {
        World world = World.claimed();
        world.execution().run();
        assertEquals(Kind.OUTCOME, world.log().leaves().getLast().kind());
    }

    @Test
    void aRangedContractIsUsedAgain() {
        World world = World.claimed();
        Execution execution = world.execution().ranged(3, 60_000).authorise();
        execution.used().arguments("{\"path\":\"/srv/other.txt\"}").used();
        assertEquals(
                2,
                world.log().leaves().stream().filter(r -> r.kind() == Kind.USE).count());
    }

    @Test
    void anUnclaimedNodeOnlyObserves() {
        World world = World.unclaimed();
        world.execution().observed().run();
        Execution enforced = world.execution();
        world.admit(enforced.intent().sign(), enforced.context().sign());
        assertEquals(refused(Rule.OBSERVE_ONLY), enforced.decision().judge());
    }

    @Test
    void anApprovedCallIsRepeatedUnderItsContract() {
        World world = World.claimed();
        Execution asked = world.execution()
                .tool(world.tool("write_file", Effect.WRITE, true))
                .anySession()
                .ask(1);
        world.tick(500);
        asked.approvedBy(world.approver());
        Party second = world.session("agent", "agent-2").admitAndJoin();
        Execution repeat = world.execution(second, world.point()).repeats(asked);
        world.admit(repeat.intent().sign(), repeat.identity().sign());
        repeat.use().admit();
        repeat.outcome(ExecutionFacts.Result.SUCCESS).admit();
    }

    @Test
    void aWidenedContractIsRefusedWithItsIdentity() {
        World world = World.claimed();
        Execution execution = world.execution();
        Json wider = Json.of(120_000L);
        world.offer(
                execution.intent().sign(),
                execution.context().sign(),
                execution.decision().sign(),
                execution
                        .contract()
                        .fact("grant", execution.grant().toJson().with("windowMillis", wider))
                        .sign(),
                execution.identity().sign());
        assertEquals(Kind.REFUSED, world.log().leaves().getLast().kind());
        world.tick(100);
        assertInstanceOf(Judgement.Admitted.class, world.execution().intent().judge());
    }

    private static Judgement refused(Rule rule) {
        return new Judgement.Refused(rule, java.util.Optional.empty(), java.util.Optional.empty());
    }
}
