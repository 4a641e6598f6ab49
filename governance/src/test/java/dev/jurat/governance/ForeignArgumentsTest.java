package dev.jurat.governance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Redaction;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a policy sees of arguments of which some are secret. */
class ForeignArgumentsTest {
    private static final byte[] TEXT =
            "{\"amount\":999999,\"note\":\"a\\u0062\",\"token\":\"hunter2\"}".getBytes(StandardCharsets.UTF_8);

    private static Json.Obj redacted() throws FormatException {
        return Redaction.of(TEXT, ForeignJson.parse(TEXT), List.of("token"), Salt.of(new byte[16]))
                .orElseThrow();
    }

    @Test
    void aSecretArgumentBlindsThePolicyToTheOthers() throws Exception {
        Json.Obj seen = ForeignArguments.of(Redaction.restored(redacted()), Set.of("token"));
        assertEquals("{\"amount\":999999,\"note\":\"ab\",\"token\":null}", CanonicalJson.writeString(seen));
        assertEquals(Set.of("token"), Redaction.hidden(redacted()));
    }

    @Test
    void whatIsSentAsItIsIsSeenInAnotherWay() throws Exception {
        assertEquals(
                ForeignArguments.of(Redaction.restored(redacted()), Set.of("token")),
                ForeignArguments.of(ForeignJson.parseObject(TEXT), Set.of("token")));
    }

    @Test
    void aKeptMemberSmugglesInAnother() {
        Json.Obj smuggling = JsonBuilder.object()
                .put("a", JsonBuilder.object().put("exact", "1,\"b\":2").build())
                .build();
        assertThrows(FormatException.class, () -> Redaction.restored(smuggling));
    }

    @Test
    void aMemberThatIsNeitherDigestNorValueIsPassedOver() {
        for (Json member : List.of(
                Json.of("bare"),
                JsonBuilder.object().build(),
                JsonBuilder.object().put("digest", "x").build(),
                JsonBuilder.object()
                        .put("digest", "0".repeat(64))
                        .put("exact", "1")
                        .build())) {
            Json.Obj stored = JsonBuilder.object().put("a", member).build();
            assertThrows(FormatException.class, () -> Redaction.restored(stored), member.toString());
        }
    }
}
