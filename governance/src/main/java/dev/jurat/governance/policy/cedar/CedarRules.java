package dev.jurat.governance.policy.cedar;

import com.cedarpolicy.AuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.AuthorizationSuccessResponse;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import dev.jurat.governance.policy.Answer;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.PolicyOutcome.Because;
import dev.jurat.governance.policy.Reason;
import dev.jurat.governance.policy.Rules;
import dev.jurat.proof.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks Cedar, and reads its answer strictly.
 *
 * <p>Security property: Cedar skips a rule that errs, so that a {@code forbid} which could not be evaluated forbids nothing; here any
 * error or warning of any rule is a denial.
 */
final class CedarRules implements Rules {
    private final AuthorizationEngine engine;
    private final PolicySet policies;
    private final Schema schema;
    private final Map<String, Rule> rules;

    CedarRules(AuthorizationEngine engine, PolicySet policies, Schema schema, Map<String, Rule> rules) {
        this.engine = engine;
        this.policies = policies;
        this.schema = schema;
        this.rules = rules;
    }

    @Override
    public Answer ask(PolicyInput input, PolicyInput.Resource resource, Map<String, Json> arguments) {
        Entity agent = CedarValues.agent(input.principal());
        Entity target = CedarValues.target(resource);
        AuthorizationRequest request = new AuthorizationRequest(
                agent.getEUID(),
                CedarValues.action(input.action()),
                target.getEUID(),
                Optional.of(CedarValues.context(input, arguments)),
                Optional.of(schema),
                true);
        try {
            return read(WideStack.call(
                    AuthException.class, () -> engine.isAuthorized(request, policies, Set.of(agent, target))));
        } catch (AuthException e) {
            return error(List.of());
        }
    }

    private Answer read(AuthorizationResponse response) {
        if (response.success.isEmpty() || response.errors.isPresent() || !response.warnings.isEmpty()) {
            return error(List.of());
        }
        AuthorizationSuccessResponse success = response.success.get();
        if (!success.getErrors().isEmpty()) {
            return error(success.getErrors().stream()
                    .map(AuthorizationSuccessResponse.AuthorizationError::getPolicyId)
                    .sorted()
                    .distinct()
                    .toList());
        }
        List<Rule> determining = rules.values().stream()
                .filter(rule -> success.getReason().contains(rule.id()))
                .toList();
        return success.isAllowed() ? permitted(determining) : forbidden(determining);
    }

    private static Answer permitted(List<Rule> determining) {
        if (determining.isEmpty()) {
            return error(List.of());
        }
        return Answer.join(determining.stream()
                .map(rule ->
                        (Answer) new Answer.Permit(because(rule), rule.bounds().orElseThrow()))
                .toList());
    }

    private static Answer forbidden(List<Rule> determining) {
        if (determining.isEmpty()) {
            return new Answer.Forbid(new Because(
                    Reason.NO_PERMIT,
                    List.of(),
                    "No rule of the policy permits this; an administrator can publish one that does."));
        }
        Optional<Rule> firm =
                determining.stream().filter(rule -> rule.approvals() == 0).findFirst();
        if (firm.isPresent()) {
            return new Answer.Forbid(because(firm.get()));
        }
        return Answer.join(determining.stream()
                .map(rule -> (Answer) new Answer.Wait(because(rule), rule.approvals()))
                .toList());
    }

    private static Because because(Rule rule) {
        return new Because(rule.reason(), List.of(rule.id()), rule.help());
    }

    private static Answer error(List<String> policies) {
        return new Answer.Forbid(new Because(
                Reason.POLICY_ERROR,
                policies,
                "The policy could not be evaluated, so it denies; its author has to repair it."));
    }
}
