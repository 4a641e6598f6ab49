package dev.jurat.gateway.mcp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the model is told where the ledger or the broker said no, by the code of the rule ({@code docs/spec/lifecycle.md} §3): what happened
 * and what would help. Waiting is named only where it could help. Immutable.
 */
final class LedgerRefusals {
    /** What may pass by itself. */
    static final String RETRY =
            "wait a little and make the call again; if it stays so, the operator runs: jurat doctor";

    private static final String RESTART =
            "the operator restarts the client, and with it this server: it opens a new session";
    private static final String ANEW =
            "make exactly the same call again: it is decided anew, and where a person approved it, a person is asked again";

    private final Map<String, Said> byCode = new HashMap<>();

    /** What happened, and what would help. */
    record Said(String text, String next) {}

    /** @param agent the agent's name, as commands take it */
    LedgerRefusals(String agent) {
        String resume = "an administrator runs: jurat agent resume " + agent;
        say(
                "session-suspended",
                "this session is suspended: a person revoked it or suspended the agent " + agent
                        + ", or its key was used in two places.",
                "ask whoever did so; where the agent was suspended, " + resume + "  Where the session was revoked, "
                        + RESTART);
        say(
                "principal-suspended",
                "a person suspended the agent " + agent + " or the enforcement point of this machine.",
                "ask whoever did so (jurat agent list shows who is suspended); to undo it, " + resume);
        say("session-expired", "this session's time is over.", RESTART);
        say("session-over", "this session has reached its end, a day after it began.", RESTART);
        say("stream-ended", "this session has ended.", RESTART);
        say("stream-unknown", "the node does not know this session.", RESTART);
        say("contract-revoked", "a person revoked the contract under which it was allowed.", revoked());
        say("identity-revoked", "a person revoked what this call was allowed by.", revoked());
        say(
                "policy-withdrawn",
                "an administrator withdrew the policy by which it was allowed.",
                "make the call again: the policy that is published now decides");
        say(
                "policy-not-default",
                "an administrator published another policy while it was decided.",
                "make the call again: the policy that is published now decides");
        say(
                "policy-revoked",
                "a person revoked the policy by which it was allowed.",
                "make the call again: the policy that is published now decides");
        say("contract-expired", "what was allowed was not used in time and has run out.", ANEW);
        say("identity-expired", "what was allowed was not used in time and has run out.", ANEW);
        say("contract-spent", "what was allowed is used up.", ANEW);
        say(
                LiveIdentity.OBSERVED_ONLY,
                "the node only observes, as it does until an operator claims it, and a wrapper without --observe lets nothing out that is not"
                        + " enforced.",
                "the operator restarts this server with --observe (an option of jurat mcp wrap), or claims the node and publishes a policy:"
                        + " jurat operator enroll --name YOU, then jurat policy publish starter@v1");
        say("rejected", "a person said no.", "ask whoever rejected it");
    }

    private static String revoked() {
        return "ask whoever revoked it; the same call, made again, is decided anew";
    }

    private void say(String code, String text, String next) {
        byCode.put(code, new Said(text, next));
    }

    /** Of a use that the ledger refused. */
    Said use(String rule) {
        return byCode.getOrDefault(rule, new Said("the ledger refused the use.", RETRY));
    }

    /** Of a grant that is of no use here. */
    Said grant(String code) {
        return byCode.getOrDefault(
                code,
                new Said("what was granted is not for this call (" + code + ").", "tell the operator: jurat doctor"));
    }

    /**
     * Of an exchange that was denied.
     *
     * @param help what the broker says would help; empty where the ledger refused
     */
    Said denied(String code, String help) {
        Said ledgers = byCode.getOrDefault(code, new Said("the ledger refused it.", RETRY));
        if (help.isEmpty()) {
            return ledgers;
        }
        return new Said(byCode.containsKey(code) ? ledgers.text() : "the policy does not allow it.", help);
    }

    /** Of an intent that the ledger did not take, by the first of the codes that is known here. */
    Optional<Said> notTaken(List<String> codes) {
        return codes.stream().filter(byCode::containsKey).findFirst().map(byCode::get);
    }
}
