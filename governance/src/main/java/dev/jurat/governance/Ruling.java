package dev.jurat.governance;

import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.PolicyOutcome;
import dev.jurat.proof.contract.Proposal;
import java.util.Optional;

/**
 * What a policy answered to a case, and the contract that it proposes.
 *
 * @param proposal there unless the outcome is deny
 */
record Ruling(PolicyShelf.Chosen policy, PolicyInput input, PolicyOutcome outcome, Optional<Proposal> proposal) {}
