package dev.jurat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.lifecycle.Intake;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.Body;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rule 5 makes of bodies when they are offered: nothing enters that a verifier could not read. */
class IntakeTest {
    private static Optional<Rule> fault(Draft draft) {
        Matter matter = draft.peek();
        return Intake.bodyFault(matter.record(), matter.body().map(Body::bytes), id -> Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "tools/call, tools/call, write_file, call-not-of-body",
        "tools/call, tools/call, tools/call, ''",
        "tools/call, write_file, write_file, ''",
        "tools/call, write_file, read_file, call-not-of-body",
        "prompts/get, prompts/get, summary, call-not-of-body",
        "resources/read, resources/read, file:///srv/a.txt, ''",
        "tasks/update, tasks/update, 7, ''",
        "completion/complete, completion/complete, summary, ''"
    })
    void aToolOrPromptIsNamedByItsMethod(String method, String name, String called, String rule) {
        Tool tool = new Tool(Optional.empty(), method, name, Effect.UNKNOWN, false);
        Draft intent = World.claimed().execution().tool(tool).called(called).intent();
        assertEquals(rule, fault(intent).map(Rule::code).orElse(""));
    }

    @Test
    void aToolByItsDigestIsNotTheOneCalled() {
        World world = World.claimed();
        Tool tool = Tool.unknown("tools/call", "write_file");
        assertEquals(
                Optional.empty(),
                fault(world.execution().tool(tool).called("write_file").intent()));
        assertEquals(
                Optional.of(Rule.CALL_NOT_OF_BODY),
                fault(world.execution().tool(tool).called("read_file").intent()));
    }
}
