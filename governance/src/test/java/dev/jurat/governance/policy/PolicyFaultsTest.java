package dev.jurat.governance.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.proof.FormatException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the author of a policy is told about its faults. */
class PolicyFaultsTest {
    private static PolicyArtefact policy(String text) {
        return new PolicyArtefact("faulty@v1", "cedar", new DeclaredArguments(Map.of()), text, Floors.NONE);
    }

    private static FormatException refused(String text) {
        return assertThrows(FormatException.class, () -> new CedarEngine().load(policy(text)));
    }

    @Test
    void aSyntaxErrorIsCalledInternal() {
        FormatException e = refused("@id(\"a\") permit (principal, action, resource) wen { true };");
        assertEquals("policy-syntax", e.code());
        assertFalse(String.valueOf(e.getMessage()).contains("nternal"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("wen"), e.getMessage());
    }

    /** Such a forbid never falls away, so that people are asked to approve what stays forbidden, or nobody is. */
    @Test
    void aRuleIsPublishedThatNoApprovalLifts() throws FormatException {
        String rule = "@id(\"all\") permit (principal, action, resource);"
                + " @id(\"ask\") @approvals(\"2\") forbid (principal, action, resource)";
        for (String never : List.of(
                ";",
                " when { !context.tool.known };",
                " unless { context.approvals >= 1 };",
                " unless { context.approvals >= 3 };",
                " when { context.approvals >= 2 };",
                " unless { context.tool.name == \"unless { context.approvals >= 2 }\" };")) {
            FormatException e = assertThrows(
                    FormatException.class, () -> new CedarEngine().loadToPublish(policy(rule + never)), never);
            assertEquals("policy-annotation", e.code());
            assertTrue(String.valueOf(e.getMessage()).contains("unless { context.approvals >= 2 }"), e.getMessage());
        }
        new CedarEngine().loadToPublish(policy(rule + " unless { context.approvals >= 2 };"));
        new CedarEngine()
                .loadToPublish(policy(rule
                        + " when { !context.tool.known } // two of them\n unless { (context[\"approvals\"] >= 2) }"
                        + " unless { context.tool.name == \"a\" };"));
        for (PolicyArtefact shipped : ShippedPolicies.all()) {
            new CedarEngine().loadToPublish(shipped);
        }
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
