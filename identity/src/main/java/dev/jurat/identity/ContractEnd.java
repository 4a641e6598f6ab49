package dev.jurat.identity;

import dev.jurat.proof.lifecycle.Lifecycle.ContractStanding;
import dev.jurat.proof.lifecycle.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a contract came to its end, as the code of the rule that an identity under it would break, and what then helps. */
final class ContractEnd {
    private static final Map<String, String> HELP = Map.of(
            Rule.CONTRACT_EXPIRED.code(),
            "What was allowed was not used in time. Make exactly the same call again: it is decided anew, and where a"
                    + " person approved it, a person is asked again.",
            Rule.CONTRACT_SPENT.code(),
            "What was allowed is used up. Make exactly the same call again: it is decided anew.",
            Rule.CONTRACT_REVOKED.code(),
            "A person revoked what was allowed. Ask whoever revoked it; the same call, made again, is decided anew.",
            Rule.POLICY_REVOKED.code(),
            "A person revoked the policy by which this was allowed. Make the call again: it is decided anew.");

    private ContractEnd() {}

    /** The end that a contract has come to by the ledger or by its time; empty while it may be used. */
    static Optional<String> of(ContractStanding contract, long nowMillis) {
        if (contract.live() && nowMillis < contract.notAfter()) {
            return Optional.empty();
        }
        if (contract.revoked()) {
            return Optional.of(Rule.CONTRACT_REVOKED.code());
        }
        if (contract.ordinal() >= contract.grant().uses()) {
            return Optional.of(Rule.CONTRACT_SPENT.code());
        }
        Rule rule = nowMillis < contract.notAfter() ? Rule.POLICY_REVOKED : Rule.CONTRACT_EXPIRED;
        return Optional.of(rule.code());
    }

    /** Whether nothing else was broken than that the contract has ended. */
    static boolean isOne(List<String> broken) {
        return HELP.keySet().containsAll(broken);
    }

    /** What helps after the first of these rules was broken; empty where it is no such end. */
    static String help(List<String> broken) {
        return broken.isEmpty() ? "" : HELP.getOrDefault(broken.getFirst(), "");
    }
}
