package dev.jurat.testkit.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.body.PrincipalDetails.Custody;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Intake;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.PrincipalFacts.KeptIn;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.OperationDrafts;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.World;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rule 5 makes of the bodies by which an administrator says something of a principal. */
class PrincipalIntakeTest {
    private static final String AGENT = World.principal("agent", SignerType.AGENT);
    private static final String POINT = World.principal("point", SignerType.SERVICE);
    private static final VerifyKey KEY = World.p256Key("agent").verifyKey();

    private final World world = World.onP256();
    private final PrincipalDrafts drafts = new PrincipalDrafts(world);

    private static String fault(Draft draft) {
        Matter matter = draft.peek();
        return Intake.bodyFault(matter.record(), matter.body().map(Body::bytes), id -> Optional.empty())
                .map(Rule::code)
                .orElse("");
    }

    private static TpmEvidence certificate(VerifyKey key, String principal) {
        return TpmForgery.certificate("attestation key", key, Custody.challenge(principal, KEY.text()));
    }

    private Draft certified(TpmEvidence evidence, String believed) {
        return drafts.certifies(world.administrator(), AGENT, KEY.text(), believed, evidence.bytes());
    }

    @Test
    void evidenceThatShowsNothingIsTaken() throws FormatException {
        TpmEvidence sound = certificate(KEY, AGENT);
        String believed = sound.attestationKeyName();
        assertEquals("", fault(certified(sound, believed)));
        String no = "evidence-not-of-body";
        assertEquals(no, fault(certified(sound, "000b" + "0".repeat(64))), "another attestation key");
        VerifyKey other = World.p256Key("other").verifyKey();
        assertEquals(no, fault(certified(certificate(other, AGENT), believed)), "another key");
        assertEquals(no, fault(certified(certificate(KEY, POINT), believed)), "for another principal");
        assertEquals(no, fault(with(certified(sound, believed), Optional.empty())), "none");
        assertEquals(no, fault(with(certified(sound, believed), Optional.of(new byte[3]))), "no evidence");
        Draft stated = drafts.states(world.administrator(), AGENT, KEY.text(), KeptIn.TPM);
        assertEquals("", fault(stated));
        assertEquals(no, fault(with(stated, Optional.of(sound.bytes()))), "nobody is named for it");
    }

    private static Draft with(Draft draft, Optional<byte[]> evidence) {
        return draft.body(b -> new Custody("looked at it", evidence).toJson());
    }

    @Test
    void aNameIsBoundThatTheBodyHasNot() throws FormatException {
        OutsideName mail = OutsideName.spiffe("spiffe://example.org/mail");
        Draft bound = drafts.binds(world.administrator(), AGENT, mail, true);
        assertEquals("", fault(bound));
        OutsideName other = OutsideName.spiffe("spiffe://example.org/other");
        assertEquals("name-not-of-body", fault(bound.body(b -> new PrincipalDetails.Binding(other).toJson())));
        Draft crooked = bound.body(b -> b.with("outside", mail.toJson().with("id", Json.of("spiffe://EXAMPLE/a"))));
        assertEquals("body-invalid", fault(crooked));
    }

    @Test
    void aConfigurationIsOfItsBody() {
        Draft signed = new OperationDrafts(world).configures(world.administrator());
        assertEquals("", fault(signed));
        Draft other = signed.body(b -> b.with("settings", OperationDrafts.SETTINGS.with("secondLine", Json.of(false))));
        assertEquals("configuration-not-of-body", fault(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "a:b", "änne", "a\nb", "a\u0000"})
    void theMachineHasNoSuchUser(String user) {
        assertEquals(
                "os-user-syntax",
                assertThrows(FormatException.class, () -> OutsideName.osUser(user))
                        .code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://example.org",
                "spiffe://example.org/",
                "spiffe://example.org/a/",
                "spiffe://example.org//a",
                "spiffe://example.org/../a",
                "spiffe://example.org/a/.",
                "spiffe://Example.org/a",
                "spiffe://example.org:8443/a",
                "spiffe://user@example.org/a",
                "spiffe://example.org/a?b",
                "spiffe://example.org/a%20b",
                "SPIFFE://example.org/a",
                "https://example.org/a",
                "spiffe:///a",
                ""
            })
    void aWorkloadHasNoSuchId(String id) {
        assertEquals(
                "spiffe-syntax",
                assertThrows(FormatException.class, () -> OutsideName.spiffe(id))
                        .code());
    }

    @Test
    void aLongIdIsTaken() throws FormatException {
        String most = "spiffe://example.org/" + "a".repeat(2048 - 21);
        assertEquals(most, OutsideName.spiffe(most).text());
        assertThrows(FormatException.class, () -> OutsideName.spiffe(most + "a"));
        String domain = "spiffe://" + "a".repeat(255);
        assertEquals(domain + "/b", OutsideName.spiffe(domain + "/b").text());
        assertThrows(FormatException.class, () -> OutsideName.spiffe(domain + "a/b"));
        assertEquals(
                "spiffe://e.org/.../a",
                OutsideName.spiffe("spiffe://e.org/.../a").text());
    }

    @ParameterizedTest
    @CsvSource({
        "http://id.example.org, 7",
        "https://id.example.org?a=b, 7",
        "https://id.example.org#a, 7",
        "https://user@id.example.org, 7",
        "https:///id, 7",
        "'https://id example', 7",
        "https://id.example.org, ''",
        "https://id.example.org, ü"
    })
    void nobodyHasSuchASubject(String issuer, String subject) {
        assertEquals(
                "oidc-syntax",
                assertThrows(FormatException.class, () -> OutsideName.oidc(issuer, subject))
                        .code());
    }

    @Test
    void oneNameIsAnother() throws FormatException {
        OutsideName one = OutsideName.oidc("https://id.example.org", "a b");
        assertEquals(
                one.digest(), OutsideName.oidc("https://id.example.org", "a b").digest());
        OutsideName moved = OutsideName.oidc("https://id.example.org/a", "b");
        assertEquals(false, one.digest().equals(moved.digest()));
    }
}
