package dev.jurat.governance.policy.cedar;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.ValidationResponse;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import dev.jurat.governance.policy.Deliberation;
import dev.jurat.governance.policy.Policy;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.PolicyEngine;
import dev.jurat.proof.FormatException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Cedar, by its own Java binding and native library. Policy sets and schemas are always cached: uncached evaluation parses them each time. */
public final class CedarEngine implements PolicyEngine {
    private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();

    @Override
    public String language() {
        return "cedar";
    }

    @Override
    public String version() {
        return "cedar-4.10.0";
    }

    @Override
    public Policy load(PolicyArtefact artefact) throws FormatException {
        if (!artefact.engine().equals(language())) {
            throw new FormatException("policy-engine", "this policy is for the engine " + artefact.engine());
        }
        CedarSize.check(artefact.policies());
        return WideStack.call(FormatException.class, () -> ready(artefact));
    }

    @Override
    public Policy loadToPublish(PolicyArtefact artefact) throws FormatException {
        Policy policy = load(artefact);
        WideStack.call(FormatException.class, () -> {
            for (Rule rule : rules(artefact.policies()).values()) {
                rule.requireLiftable();
            }
            return policy;
        });
        return policy;
    }

    private Policy ready(PolicyArtefact artefact) throws FormatException {
        Map<String, Rule> rules = rules(artefact.policies());
        PolicySet named = named(rules);
        try {
            Schema schema = Schema.parse(Schema.JsonOrCedar.Cedar, CedarSchema.text(artefact.arguments()));
            check(engine.validate(new ValidationRequest(schema, named)), rules);
            schema.cache();
            named.cache();
            return new Deliberation(
                    new CedarRules(engine, named, schema, rules), artefact.arguments(), artefact.floors());
        } catch (AuthException | CacheException e) {
            throw new FormatException("policy-invalid", CedarFaults.plain(e.getMessage()));
        }
    }

    /** The rules in the order of the text, by their {@code @id}. */
    private static Map<String, Rule> rules(String text) throws FormatException {
        PolicySet parsed = parse(text);
        if (parsed.getNumTemplates() > 0) {
            throw new FormatException("policy-syntax", "templates are not used here");
        }
        if (parsed.policies.isEmpty()) {
            throw new FormatException("policy-syntax", "the text holds no policy");
        }
        Map<String, Rule> rules = new LinkedHashMap<>();
        for (int i = 0; i < parsed.policies.size(); i++) {
            Rule rule = Rule.read(inPlace(parsed, "policy" + i));
            if (rules.put(rule.id(), rule) != null) {
                throw new FormatException("policy-annotation", "two policies have the id " + rule.id());
            }
        }
        return rules;
    }

    private static com.cedarpolicy.model.policy.Policy inPlace(PolicySet parsed, String place) {
        return parsed.policies.stream()
                .filter(policy -> policy.policyID.equals(place))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Cedar numbers its policies in another way"));
    }

    private static PolicySet parse(String text) throws FormatException {
        try {
            return PolicySet.parsePolicies(text);
        } catch (InternalException e) {
            throw new FormatException("policy-syntax", CedarFaults.plain(e.getMessage()));
        }
    }

    private static PolicySet named(Map<String, Rule> rules) {
        Set<com.cedarpolicy.model.policy.Policy> out = new LinkedHashSet<>();
        rules.forEach((id, rule) -> out.add(new com.cedarpolicy.model.policy.Policy(rule.source(), id)));
        return new PolicySet(out);
    }

    /** Warnings refuse a policy too: a rule that can never match is a mistake in what was meant. */
    private static void check(ValidationResponse response, Map<String, Rule> rules) throws FormatException {
        boolean clean = response.validationPassed()
                && response.warnings.isEmpty()
                && response.success.isPresent()
                && response.success.get().validationWarnings.isEmpty();
        if (!clean) {
            throw new FormatException("policy-invalid", CedarFaults.of(response, rules));
        }
    }
}
