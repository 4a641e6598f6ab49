package dev.jurat.governance.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.proof.FormatException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the author of a policy is told about its faults. */
class PolicyFaultsTest {
    private static FormatException refused(String text) {
        PolicyArtefact artefact =
                new PolicyArtefact("faulty@v1", "cedar", new DeclaredArguments(Map.of()), text, Floors.NONE);
        return assertThrows(FormatException.class, () -> new CedarEngine().load(artefact));
    }

    @Test
    void aSyntaxErrorIsCalledInternal() {
        FormatException e = refused("@id(\"a\") permit (principal, action, resource) wen { true };");
        assertEquals("policy-syntax", e.code());
        assertFalse(String.valueOf(e.getMessage()).contains("nternal"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("wen"), e.getMessage());
    }

    @Test
    void anInvalidRuleIsToldAsADumpOfObjects() {
        FormatException e =
                refused("@id(\"a\") permit (principal, action, resource)\nwhen { context.tool.colour == \"red\" };");
        assertEquals("policy-invalid", e.code());
        assertFalse(String.valueOf(e.getMessage()).contains("ValidationResponse"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).startsWith("in a: "), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("context.tool.colour"), e.getMessage());
    }
}
