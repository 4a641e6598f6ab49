package dev.jurat.proof.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.MlDsaKey;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.SecondLineSigner;
import dev.jurat.proof.log.TlogPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whom a trust policy asks for, by count or by a tlog-policy. */
class TrustPolicyTest {
    private final NoteVerifier log = NoteSigner.log("log.example", SoftwareKey.generate(RandomSource.secure()))
            .verifier();
    private final NoteVerifier first = cosigner("w1.example");
    private final NoteVerifier second = cosigner("w2.example");

    private static NoteVerifier cosigner(String name) {
        return NoteSigner.cosigner(name, SoftwareKey.generate(RandomSource.secure()))
                .verifier();
    }

    private byte[] file(Json.Obj witnesses) {
        return CanonicalJson.write(JsonBuilder.object()
                .put("log", log.text())
                .put("version", TrustPolicy.FORMAT)
                .put("witnesses", witnesses)
                .build());
    }

    private byte[] file(String policy) {
        return file(JsonBuilder.object().put("policy", policy).build());
    }

    private String witnesses() {
        return "witness a " + first.text() + "\nwitness b " + second.text() + "\ngroup both all a b\n";
    }

    private void refused(String code, byte[] file) {
        assertEquals(
                code,
                assertThrows(FormatException.class, () -> TrustPolicy.read(file))
                        .code());
    }

    @Test
    void aQuorumOfAPolicyIsCountedAndNotJudged() throws Exception {
        byte[] file = file(witnesses() + "quorum both\n");
        TrustPolicy trust = TrustPolicy.read(file);
        assertArrayEquals(file, trust.bytes());
        assertEquals(List.of(first, second), trust.cosigners());
        assertFalse(trust.witnessed(List.of(second)));
        assertTrue(trust.witnessed(List.of(second, first)));
        TrustPolicy one = TrustPolicy.read(file(witnesses() + "quorum b\n"));
        assertFalse(one.witnessed(List.of(first)));
        assertTrue(one.witnessed(List.of(second)));
    }

    @Test
    void aPolicyOfOtherLogsOrOfNobodyIsTaken() throws Exception {
        TrustPolicy.read(file("log " + log.text() + "\n" + witnesses() + "quorum both\n"));
        NoteVerifier other = NoteSigner.log("log.example", SoftwareKey.generate(RandomSource.secure()))
                .verifier();
        refused("trust-witnesses", file("log " + other.text() + "\n" + witnesses() + "quorum both\n"));
        refused("trust-witnesses", file(witnesses() + "quorum none\n"));
        refused("tlog-policy-quorum", file(witnesses()));
    }

    @Test
    void aPolicyMayBeTooLargeForTheFile() throws Exception {
        String small = witnesses() + "quorum both\n";
        int room = TlogPolicy.BYTES_MAX - small.length() - 2;
        byte[] file = file(small + "#" + "\"".repeat(room) + "\n");
        assertArrayEquals(file, TrustPolicy.read(file).bytes());
        refused("tlog-policy-large", file(small + "#" + "\"".repeat(room + 1) + "\n"));
        byte[] spaced = new byte[TrustPolicy.BYTES_MAX + 1];
        Arrays.fill(spaced, (byte) ' ');
        refused("trust-large", spaced);
    }

    @Test
    void twoRulesStandInOneFile() {
        Json.Obj both = JsonBuilder.object()
                .put("policy", witnesses() + "quorum both\n")
                .put("quorum", 1)
                .build();
        refused("member-unknown", file(both));
    }

    private byte[] asking(String vkey) {
        return CanonicalJson.write(JsonBuilder.object()
                .put("log", log.text())
                .put("second", vkey)
                .put("version", TrustPolicy.FORMAT)
                .build());
    }

    @Test
    void aSecondLineOfAnotherLogOrAnotherKindOfKeyIsAskedFor() throws Exception {
        MlDsaKey key = MlDsaKey.generate(RandomSource.secure());
        String vkey = new SecondLineSigner("log.example", key).verifier().text();
        TrustPolicy trust = TrustPolicy.read(asking(vkey));
        assertEquals(vkey, trust.second().orElseThrow().text());
        assertArrayEquals(asking(vkey), trust.bytes());
        SecondLineKey other = new SecondLineSigner("other.example", key).verifier();
        refused("trust-second", asking(other.text()));
        refused("vkey-type", asking(log.text()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TrustPolicy(log, Optional.of(other), Optional.empty(), Optional.empty()));
    }
}
