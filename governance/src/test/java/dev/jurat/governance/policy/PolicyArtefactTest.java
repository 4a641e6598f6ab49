package dev.jurat.governance.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyArtefactTest {
    @Test
    void readingAndWritingIsIdentity() throws Exception {
        for (PolicyArtefact shipped : ShippedPolicies.all()) {
            assertArrayEquals(
                    shipped.bytes(), PolicyArtefact.read(shipped.bytes()).bytes());
        }
    }

    /** Genesis records name these digests: a change needs another version name. */
    @ParameterizedTest
    @CsvSource({
        "starter@v1, 212f41117a7b3174bd195ceb04f4ed7e0efc22555e455b8081193e1563ece437",
        "observe@v1, ee8ef34860d1f8edee3fc08a849fde3390cba3960d75e071044e41d837b6d777"
    })
    void shippedPoliciesKeepTheirDigest(String name, String digest) {
        List<String> digests = ShippedPolicies.all().stream()
                .filter(policy -> policy.name().equals(name))
                .map(policy -> policy.digest().hex())
                .toList();
        assertEquals(List.of(digest), digests);
    }

    @Test
    void anotherMemberIsRefused() throws Exception {
        Json.Obj json = CanonicalJson.readObject(ShippedPolicies.starter().bytes());
        byte[] more = CanonicalJson.write(json.with("comment", Json.of("x")));
        assertEquals(
                "member-unknown",
                assertThrows(FormatException.class, () -> PolicyArtefact.read(more))
                        .code());
    }

    @Test
    void aPolicyForAnotherEngineIsRefused() {
        PolicyArtefact rego =
                new PolicyArtefact("x@v1", "opa", new DeclaredArguments(Map.of()), "package x", Floors.NONE);
        assertEquals(
                "policy-engine",
                assertThrows(FormatException.class, () -> new CedarEngine().load(rego))
                        .code());
    }
}
