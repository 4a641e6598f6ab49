package dev.jurat.testkit.assess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.assess.AssessmentJson;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Kind;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.World;
import dev.jurat.testkit.vectors.VectorFolder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What programs read of an assessment is what is committed, byte for byte. */
final class AssessVectorsTest {
    private static final VectorFolder FOLDER = new VectorFolder("assess");

    @Test
    void theAnswerForProgramsIsAnotherThanIsCommitted() {
        if (VectorFolder.writing()) {
            FOLDER.write(made());
        }
        assertEquals(made(), FOLDER.read());
    }

    private static Map<String, Json.Obj> made() {
        Map<String, Json.Obj> made = new TreeMap<>();
        World world = AssessmentTest.world();
        made.put("sound-log.json", AssessmentJson.of(AssessmentTest.of(world)));
        Execution execution = world.execution().run();
        Scope action = new Scope.Action(execution.id(Kind.INTENT));
        made.put(
                "bundle-of-an-action.json",
                AssessmentJson.of(AssessmentTest.ofBundle(world.bundle(action).bytes(), world)));
        ShownLog edited = new ShownLog(world, world.checkpoint()).spoil(world.indexOf(Kind.INTENT));
        made.put("edited-record.json", AssessmentJson.of(AssessmentTest.of(edited, Optional.of(world.trust()))));
        world.revokes(world.administrator(), world.agent()).admit();
        made.put("revoked-session.json", AssessmentJson.of(AssessmentTest.of(world)));
        return made;
    }
}
