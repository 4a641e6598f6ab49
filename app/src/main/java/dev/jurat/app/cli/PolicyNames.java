package dev.jurat.app.cli;

import dev.jurat.app.node.Bearers;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The names that policies have, published or shipped, by the rule that the node's door asks, too. */
final class PolicyNames {
    private final Bearers<String> bearers = new Bearers<>(
            ShippedPolicies.all().stream().collect(Collectors.toMap(PolicyArtefact::name, PolicyArtefact::digest)));

    static PolicyNames of(JuratClient node) throws NodeException {
        PolicyNames names = new PolicyNames();
        for (Json one : View.list(node.get("/v1/policies"), "policies")) {
            names.bearers.add(View.text(one, "name"), Hash.fromHex(View.text(one, "artefact")));
        }
        return names;
    }

    /**
     * Refuses a policy whose name another has; the node does, too, after the signature.
     *
     * @param under how to publish it under another name
     */
    void requireFree(PolicyArtefact policy, UnaryOperator<String> under) {
        Optional<Hash> other = bearers.other(policy.name(), policy.digest());
        if (other.isPresent()) {
            throw Failure.input(
                    "policy-name-taken",
                    policy.name() + " is the name of another policy (artefact "
                            + View.brief(other.get().hex()) + ")",
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
        } while (bearers.isTaken(next));
        return next;
    }
}
