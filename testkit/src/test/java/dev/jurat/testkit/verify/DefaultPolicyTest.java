package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.World;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A default that was replaced, as a bundle of one action shows it. */
class DefaultPolicyTest {
    private final World world = World.claimed();

    private RecordId strictDefault() {
        return world.draft(
                        world.administrator(),
                        new RegistryFacts.Policy(
                                world.starterArtefact(),
                                "starter@v1",
                                RegistryFacts.Publication.DEFAULT,
                                new RegistryFacts.Floors(1, 1, 1, 1)))
                .admit()
                .id();
    }

    private RecordId observeAsDefault() {
        return world.draft(
                        world.administrator(),
                        new RegistryFacts.Policy(
                                world.observeArtefact(),
                                "observe@v1",
                                RegistryFacts.Publication.DEFAULT,
                                RegistryFacts.Floors.NONE))
                .admit()
                .id();
    }

    private Bundle bundle(Execution execution) {
        return world.bundle(new Scope.Action(execution.id(Kind.INTENT)));
    }

    private Report verified(Bundle bundle) {
        return Verifier.verify(bundle.bytes(), Optional.of(world.trust()));
    }

    @Test
    void anActionIsNotProvedAnyMoreOnceItsDefaultIsReplaced() {
        Execution execution = world.execution().ranged(5, 60_000).authorise();
        RecordId later = observeAsDefault();
        strictDefault();
        execution.used();
        world.tick(10);

        Bundle bundle = bundle(execution);
        assertFalse(bundle.leaves().containsKey(world.indexOf(later)), "the bundle holds what it does not rest on");
        assertInstanceOf(Report.Accepted.class, verified(bundle));
    }

    @Test
    void theReplacingDefaultIsLeftOutOfTheBundle() {
        RecordId later = observeAsDefault();
        Execution execution = world.execution();
        execution.intent().admit();
        execution.context().admit();
        execution.decision().append();
        execution.contract().append();
        execution.identity().append();

        Bundle bundle = bundle(execution);
        assertTrue(bundle.leaves().containsKey(world.indexOf(later)));
        Report.Refused refused = assertInstanceOf(Report.Refused.class, verified(bundle));
        Defect cause = refused.defects().getFirst();
        assertEquals("policy-not-default", cause.code());
    }
}
