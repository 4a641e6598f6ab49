package dev.jurat.app.cli;

import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The names that policies have, published or shipped, with the digests of their artefacts. */
final class PolicyNames {
    private final Map<String, Set<String>> bearers = new HashMap<>();

    static PolicyNames of(JuratClient node) throws NodeException {
        PolicyNames names = new PolicyNames();
        for (Json one : View.list(node.get("/v1/policies"), "policies")) {
            names.bearers
                    .computeIfAbsent(View.text(one, "name"), n -> new HashSet<>())
                    .add(View.text(one, "artefact"));
        }
        for (PolicyArtefact shipped : ShippedPolicies.all()) {
            names.bearers.putIfAbsent(shipped.name(), Set.of(shipped.digest().hex()));
        }
        return names;
    }

    /**
     * Refuses a policy whose name another has; the node does, too, after the signature.
     *
     * @param under how to publish it under another name
     */
    void requireFree(PolicyArtefact policy, UnaryOperator<String> under) {
        Set<String> same =
                bearers.getOrDefault(policy.name(), Set.of(policy.digest().hex()));
        if (!same.contains(policy.digest().hex())) {
            throw Failure.input(
                    "policy-name-taken",
                    policy.name() + " is the name of another policy (artefact "
                            + View.brief(same.iterator().next()) + ")",
                    under.apply(free(policy.name())));
        }
    }

    /** The next version that nobody has. */
    private String free(String name) {
        int at = name.lastIndexOf("@v") + 2;
        int version = Integer.parseInt(name.substring(at));
        String next;
        do {
            version++;
            next = name.substring(0, at) + version;
        } while (bearers.containsKey(next));
        return next;
    }
}
