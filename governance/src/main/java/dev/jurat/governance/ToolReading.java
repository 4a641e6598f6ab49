package dev.jurat.governance;

import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.contract.Resource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the published profile makes of one call.
 *
 * @param known whether the profile maps the tool and its definition is accepted
 * @param resources as the profile reads them from the arguments; empty for what is unknown
 * @param seen the same, as a policy sees them, with the point's word on what links resolve to
 * @param secret arguments that stay out of what the policy sees
 * @param refused why the call cannot be read as the intent and the point say
 */
record ToolReading(
        boolean known,
        List<Resource> resources,
        List<PolicyInput.Resource> seen,
        Set<String> secret,
        Optional<Reason> refused) {
    static ToolReading unknown(List<PolicyInput.Resource> seen, Set<String> secret) {
        return new ToolReading(false, List.of(), seen, secret, Optional.empty());
    }

    static ToolReading refused(Reason reason, List<PolicyInput.Resource> seen) {
        return new ToolReading(false, List.of(), seen, Set.of(), Optional.of(reason));
    }
}
