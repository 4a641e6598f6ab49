package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.gateway.mcp.LedgerRefusals.Said;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerRefusalsTest {
    private final LedgerRefusals refusals = new LedgerRefusals("helper");

    /** What a person or the end of a time caused, with what has to be said of it. */
    @ParameterizedTest
    @CsvSource({
        "session-suspended, restarts the client",
        "session-suspended, jurat agent resume helper",
        "principal-suspended, jurat agent resume helper",
        "session-expired, restarts the client",
        "stream-ended, restarts the client",
        "contract-revoked, whoever revoked it",
        "identity-revoked, whoever revoked it",
        "policy-withdrawn, make the call again",
        "policy-not-default, make the call again",
        "policy-revoked, make the call again",
        "contract-expired, make exactly the same call again",
        "identity-expired, make exactly the same call again"
    })
    void theModelIsToldToWaitForWhatDoesNotPass(String code, String next) {
        for (Said said : List.of(
                refusals.use(code),
                refusals.denied(code, ""),
                refusals.notTaken(List.of(code)).orElseThrow())) {
            assertTrue(said.next().contains(next), said.next());
            assertFalse(said.next().contains("wait"), said.next());
            assertNotEquals("the policy does not allow it.", said.text());
            assertNotEquals("the ledger refused the use.", said.text());
        }
    }

    @Test
    void aRuleOfTheLedgerIsCalledPolicy() {
        assertEquals(new Said("the ledger refused it.", LedgerRefusals.RETRY), refusals.denied("seen-too-old", ""));
        assertEquals(
                new Said("the policy does not allow it.", "stay inside"),
                refusals.denied("outside-root", "stay inside"));
        assertEquals(
                "A person rejected this call: no",
                refusals.denied("rejected", "A person rejected this call: no").next());
        assertEquals(Optional.empty(), refusals.notTaken(List.of("sequence-gap")));
    }
}
