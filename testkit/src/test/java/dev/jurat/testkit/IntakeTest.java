package dev.jurat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Intake;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.Body;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; body-invalid",
                "{\"roots\":\"/srv\"}; body-invalid",
                "{\"roots\":[7]}; body-invalid",
                "{\"roots\":[\"srv\"]}; body-invalid",
                "{\"base\":\"srv\",\"roots\":[]}; body-invalid",
                "{\"roots\":[]}; ''",
                "{\"base\":\"/srv\",\"roots\":[\"/srv\",\"/tmp\"]}; ''"
            })
    void aContextThatNoVerifierCouldRead(String input, String rule) throws FormatException {
        Execution x = World.claimed().execution();
        x.intent().admit();
        Json.Obj read = CanonicalJson.readObject(input.getBytes(StandardCharsets.UTF_8));
        assertEquals(
                rule,
                fault(x.context().body(b -> b.with("input", read)))
                        .map(Rule::code)
                        .orElse(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "arguments; {\"path\":1,\"path\":2}; body-invalid",
                "arguments; {; body-invalid",
                "arguments; {\"path\":\"/srv/a\"} ; ''",
                "others; [1]; body-invalid",
                "others; {\"task\":{}}; ''"
            })
    void aUseOfBytesThatTwoReadersTakeTwoWays(String member, String text, String rule) {
        String base64 = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        assertEquals(
                rule,
                fault(use().body(b -> b.with(member, Json.of(base64))))
                        .map(Rule::code)
                        .orElse(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "exact; 1,\"x\":2; body-invalid",
                "exact; {; body-invalid",
                "digest; 00; body-invalid",
                "other; 1; body-invalid",
                "exact; \"/srv/a\"; ''"
            })
    void aSecretThatStandsForMoreThanOneValue(String member, String text, String rule) {
        Json.Obj kept = JsonBuilder.object()
                .put("path", JsonBuilder.object().put(member, text).build())
                .build();
        assertEquals(
                rule,
                fault(use().body(b -> b.without("arguments").with("redacted", kept)))
                        .map(Rule::code)
                        .orElse(""));
    }

    @Test
    void anExactContractWithoutTheSaltOfItsCall() {
        Execution x = World.claimed().execution();
        x.intent().admit();
        x.context().admit();
        assertEquals(Optional.of(Rule.BODY_INVALID), fault(x.decision().body(b -> b.without("callSalt"))));
        x.decision().admit();
        assertEquals(Optional.of(Rule.BODY_INVALID), fault(x.contract().body(b -> b.without("callSalt"))));
    }

    private static Draft use() {
        return World.claimed().execution().authorise().use();
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

    @Test
    void aFoldTellsOfOtherRecordsThanItsBodyHas() {
        World w = World.claimed();
        Matter first = w.execution().intent().sign();
        Matter second = w.execution().intent().sign();
        assertEquals(Optional.empty(), fault(w.fold("seen-too-old", first, second)));
        for (Draft other : List.of(
                w.fold("seen-too-old", first, second)
                        .fact("id", Json.of(first.id().hex())),
                w.fold("seen-too-old", first, second)
                        .fact("last", Json.of(second.record().header().sequence() + 1)))) {
            assertEquals(Optional.of(Rule.RECORDS_NOT_OF_BODY), fault(other));
        }
    }
}
