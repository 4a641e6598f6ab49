package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Floors;
import dev.jurat.proof.record.RegistryFacts.Publication;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A publication says of its artefact what the artefact says. */
class PublicationTest {
    private static final Floors STRICT = new Floors(0, 1, 2, 2);

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private static byte[] policy() {
        Json.Obj floors = JsonBuilder.object()
                .put("destroy", 2)
                .put("read", 0)
                .put("unknown", 2)
                .put("write", 1)
                .build();
        return CanonicalJson.write(JsonBuilder.object()
                .put("floors", floors)
                .put("name", "strict@v1")
                .put("type", "https://jurat.dev/policy/v1")
                .build());
    }

    private RecordAnswer answer(Ledger ledger, String name, Publication use, Floors floors) throws Exception {
        Matter matter = world.draft(
                        world.administrator(), new RegistryFacts.Policy(Hash.of(policy()), name, use, floors))
                .sign();
        return committed(ledger.append(new Group(group(matter).records(), List.of(policy()))))
                .results()
                .getFirst();
    }

    private static void assertDiffers(RecordAnswer answer) {
        assertEquals(
                "artefact-differs",
                assertInstanceOf(RecordAnswer.Refused.class, answer).rule().code());
    }

    @Test
    void aPolicyIsPublishedWithoutItsFloors() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            assertDiffers(answer(ledger, "strict@v1", Publication.DEFAULT, Floors.NONE));
            rig.follow(ledger);
            assertInstanceOf(RecordAnswer.Admitted.class, answer(ledger, "strict@v1", Publication.DEFAULT, STRICT));
        }
    }

    @Test
    void aPolicyIsPublishedUnderAnotherName() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            assertDiffers(answer(ledger, "lenient@v9", Publication.AVAILABLE, STRICT));
        }
    }
}
