package dev.jurat.governance.policy;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;

/** What a policy answers. Spec: {@code docs/spec/policy.md}, section 2. */
public sealed interface PolicyOutcome {
    Because because();

    /**
     * Why.
     *
     * @param policies the ids of the policies that determined the outcome, in the order of the policy's text
     * @param help what the caller can do next, in one or two sentences for people and models
     */
    record Because(Reason reason, List<String> policies, String help) {
        public Because {
            policies = List.copyOf(policies);
        }
    }

    /** The call may go out within the bounds. */
    record Allow(Because because, Bounds bounds) implements PolicyOutcome {}

    /** The call may not go out. */
    record Deny(Because because) implements PolicyOutcome {}

    /**
     * The call may go out within the bounds once enough people have approved it.
     *
     * @param wanted how many different people, those that have approved already included
     */
    record Pending(Because because, int wanted, Bounds bounds) implements PolicyOutcome {}

    default Json.Obj toJson() {
        JsonBuilder json = JsonBuilder.object()
                .put("reason", because().reason().code())
                .put("help", because().help())
                .strings("policies", because().policies());
        switch (this) {
            case Allow allow -> allow.bounds().into(json.put("outcome", "allow"));
            case Deny ignored -> json.put("outcome", "deny");
            case Pending pending ->
                pending.bounds().into(json.put("outcome", "pending").put("wanted", pending.wanted()));
        }
        return json.build();
    }
}
