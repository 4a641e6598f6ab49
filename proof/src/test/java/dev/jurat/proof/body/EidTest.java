package dev.jurat.proof.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EidTest {
    private static final RecordId ID = new RecordId(Hash.of(new byte[] {1}));
    private static final Eid EID = new Eid(
            "https://ledger.example",
            "system/aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "home/bbbbbbbbbbbbbbbbbbbbbbbbbb",
            1_800_000_000,
            1_800_000_060,
            "00112233445566778899aabbccddeeff",
            key("session").verifyKey().text(),
            Tool.unknown("tools/call", "frobnicate"),
            Hash.of(new byte[] {2}),
            new Eid.Records(ID, ID, ID, ID));

    private static SoftwareKey key(String name) {
        return SoftwareKey.ofSeed(Hash.of(name.getBytes(StandardCharsets.UTF_8)).bytes());
    }

    @Test
    void readingIsTheInverseOfMinting() throws Exception {
        assertEquals(EID, Eid.verify(EID.mint(key("broker")), key("broker").verifyKey()));
    }

    static Stream<Arguments> forgeries() {
        String token = EID.mint(key("broker"));
        String[] parts = token.split("\\.");
        return Stream.of(
                Arguments.of("eid-signature", EID.mint(key("thief"))),
                Arguments.of(
                        "eid-signature",
                        parts[0] + "." + changed(parts[1], "exp", Json.of(1_900_000_000L)) + "." + parts[2]),
                Arguments.of(
                        "eid-signature",
                        parts[0] + "." + parts[1] + "."
                                + parts[2].replace(parts[2].charAt(0), 'B').substring(0, 84) + "AA"),
                Arguments.of("eid-header", part("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + parts[1] + "."),
                Arguments.of(
                        "eid-header", part("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}") + "." + parts[1] + "." + parts[2]),
                Arguments.of(
                        "eid-header", part("{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}") + "." + parts[1] + "." + parts[2]),
                Arguments.of("eid-claims", signed(changed(parts[1], "scope", Json.of("all")))),
                Arguments.of("eid-claims", signed(changed(parts[1], "exp", Json.of("soon")))),
                Arguments.of("eid-claims", signed(changed(parts[1], "client_id", Json.of("home/other")))),
                Arguments.of("eid-claims", signed(part("{ }"))),
                Arguments.of("eid-syntax", parts[0] + "." + parts[1]),
                Arguments.of("eid-syntax", token + "."),
                Arguments.of("eid-syntax", token + "="),
                Arguments.of("eid-syntax", "a.b.c"),
                Arguments.of("eid-large", token + "A".repeat(4096)));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void forgeriesAreRefused(String code, String token) {
        FormatException refusal = assertThrows(
                FormatException.class, () -> Eid.verify(token, key("broker").verifyKey()));
        assertEquals(code, refusal.code());
    }

    @Test
    void anotherPointAndALaterTimeAreRefused() throws Exception {
        EID.checkFor(EID.audience(), EID.expiresSeconds() * 1000 - 1);
        assertEquals(
                "eid-audience",
                assertThrows(FormatException.class, () -> EID.checkFor("system/other", 0))
                        .code());
        assertEquals(
                "eid-expired",
                assertThrows(FormatException.class, () -> EID.checkFor(EID.audience(), EID.expiresSeconds() * 1000))
                        .code());
    }

    private static String changed(String part, String member, Json value) {
        try {
            Json.Obj claims = CanonicalJson.readObject(Base64.getUrlDecoder().decode(part));
            return part(CanonicalJson.writeString(claims.with(member, value)));
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(String claims) {
        String unsigned = part("{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\"}") + "." + claims;
        byte[] signature = key("broker").sign(unsigned.getBytes(StandardCharsets.US_ASCII));
        return unsigned + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
