package dev.jurat.proof.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Stream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bodies of calls with more in them than arguments. */
class CallDetailsTest {
    private static final Tool TOOL = new Tool(Optional.empty(), "tools/call", "a", Effect.UNKNOWN, false);
    private static final Stream STREAM = new Stream("home/" + "a".repeat(26), "b".repeat(26));

    private static CallDetails details(String others) {
        return new CallDetails(
                Salt.of(new byte[Salt.BYTES]),
                "a",
                Optional.of(utf8("{}")),
                Optional.empty(),
                others.isEmpty() ? Optional.empty() : Optional.of(utf8(others)),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void othersSurviveTheBodyAndStandInTheCommitment() throws FormatException {
        CallDetails written = details("{\"requestState\":\"s\"}");
        CallDetails read =
                CallDetails.read(Body.read(written.body(new byte[16], STREAM, 3).bytes()));
        assertArrayEquals(written.others().orElseThrow(), read.others().orElseThrow());
        assertEquals(written.commitment(TOOL), read.commitment(TOOL));
        assertNotEquals(details("").commitment(TOOL), read.commitment(TOOL));
        assertFalse(details("").toJson().members().containsKey("others"));
    }

    @Test
    void callsThatDifferBesideTheirArgumentsAreNotTheSame() {
        assertTrue(details("{}").isSameCall(details("{}")));
        assertFalse(details("{}").isSameCall(details("")));
        assertFalse(details("{}").isSameCall(details("{ }")));
    }

    @Test
    void othersThatAreNoBase64AreRefused() {
        Json.Obj broken = details("{}").toJson().with("others", Json.of("e30"));
        Body body = Body.of(new byte[16], STREAM, 3, broken);
        assertEquals(
                "base64-syntax",
                assertThrows(FormatException.class, () -> CallDetails.read(body))
                        .code());
    }
}
