package dev.jurat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is published stands in the order of the log, whatever its digest: who takes the last of several takes the same one at every start. */
class PublicationOrderTest {
    private final World world = World.claimed();

    @Test
    void profilesComeInAnotherOrderThanThatOfTheirPublication() {
        List<Hash> wanted = new ArrayList<>(List.of(world.profileArtefact()));
        for (int i = 0; i < 12; i++) {
            wanted.add(profile(i));
            publish(profile(i), Publication.AVAILABLE, List.of());
        }
        assertEquals(wanted, profiles());

        List<RegistryFacts.Accepted> accepts = List.of(new RegistryFacts.Accepted("read", profile(99)));
        publish(profile(3), Publication.AVAILABLE, accepts);
        assertEquals(wanted, profiles(), "accepting a definition moves a profile");
        publish(profile(3), Publication.AVAILABLE, List.of());
        wanted.remove(profile(3));
        wanted.add(profile(3));
        assertEquals(wanted, profiles(), "publishing a profile again leaves it where it was");
        assertEquals(
                accepts,
                world.log().lifecycle().profiles().get(profile(3)).stream()
                        .flatMap(p -> p.accepts().stream())
                        .toList());
        publish(profile(3), Publication.WITHDRAWN, List.of());
        wanted.remove(profile(3));
        assertEquals(wanted, profiles());
    }

    @Test
    void policiesComeInAnotherOrderThanThatOfTheirPublication() {
        List<RecordId> wanted = new ArrayList<>(List.of(world.policy(), world.observePolicy()));
        for (int i = 0; i < 12; i++) {
            wanted.add(world.draft(
                            world.administrator(),
                            new RegistryFacts.Policy(
                                    world.observeArtefact(),
                                    "observe@v" + (i + 2),
                                    Publication.AVAILABLE,
                                    RegistryFacts.Floors.NONE))
                    .admit()
                    .id());
        }
        assertEquals(wanted, List.copyOf(world.log().lifecycle().policies().keySet()));
    }

    private void publish(Hash artefact, Publication use, List<RegistryFacts.Accepted> accepts) {
        world.draft(world.administrator(), new RegistryFacts.Profile(artefact, "mine@1", use, accepts))
                .admit();
    }

    private List<Hash> profiles() {
        return List.copyOf(world.log().lifecycle().profiles().keySet());
    }

    private static Hash profile(int number) {
        return Hash.of(("profile " + number).getBytes(StandardCharsets.UTF_8));
    }
}
