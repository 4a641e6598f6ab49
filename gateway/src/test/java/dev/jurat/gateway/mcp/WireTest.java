package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireTest {
    private static Wire parse(String text) throws FormatException {
        return Wire.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aLongNameThatIsSpeltTwoWaysIsTakenForTwo() throws Exception {
        for (int length : new int[] {1, WireName.KEPT_MAX, WireName.KEPT_MAX + 1, 255, 256, 257, 5000}) {
            String rest = "\u0436".repeat(length - 1);
            String twice = "{\"a" + rest + "\":1,\"\\u0061" + rest + "\":2}";
            assertEquals(
                    "json-duplicate-key",
                    assertThrows(FormatException.class, () -> parse(twice)).code());
            parse("{\"a" + rest + "\":1,\"b" + rest + "\":2,\"a" + rest + "c\":3}");
        }
    }

    @Test
    void aMemberIsFoundByTheBeginningOfItsName() throws Exception {
        String name = "x".repeat(WireName.KEPT_MAX);
        Wire root = parse("{\"" + name + "y\":1,\"" + name + "\":2,\"z\":3}");
        assertEquals("2", root.member(name).orElseThrow().lexeme());
        assertEquals(Set.of("z", ""), root.members(Set.of("z")).keySet());
    }

    @Test
    void anAnswerIsDigestedAsItIsCommittedTo() throws Exception {
        Wire answer = parse("{\"result\":{\"a\":[1,2]}}").member("result").orElseThrow();
        byte[] salt = new byte[16];
        Undigested.Matter matter = new Undigested(1 << 20).take(answer).orElseThrow();
        assertEquals(
                ExecutionDetails.Outcome.commitment(salt, answer.exact()),
                matter.digest(ExecutionDetails.Outcome.beforeAnswer(salt)));
    }

    @Test
    void answersThatNobodyDigestedPileUp() throws Exception {
        Wire answer = parse("\"" + "x".repeat(100_000) + "\"");
        Undigested undigested = new Undigested(150_000);
        Undigested.Matter first = undigested.take(answer).orElseThrow();
        assertEquals(Optional.empty(), undigested.take(answer, Duration.ofMillis(20)));
        first.digest();
        first.drop();
        assertTrue(undigested.take(answer, Duration.ofMillis(20)).isPresent());
        assertEquals(Optional.empty(), undigested.take(answer, Duration.ofMillis(20)));
    }
}
