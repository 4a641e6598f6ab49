package dev.jurat.governance.policy;

import dev.jurat.governance.policy.PolicyOutcome.Allow;
import dev.jurat.governance.policy.PolicyOutcome.Because;
import dev.jurat.governance.policy.PolicyOutcome.Deny;
import dev.jurat.governance.policy.PolicyOutcome.Pending;
import dev.jurat.proof.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From rules about single resources to one outcome, the same for every engine that answers that way: checks the input, asks about each
 * resource, asks again with the approvals that were wanted, and holds the outcome to the floors. Spec: {@code docs/spec/policy.md}, section 4.
 *
 * <p>Pending is answered only if approval would indeed end in an allow: nobody is asked to approve what stays forbidden.
 */
public final class Deliberation implements Policy {
    /** The most resources that one call may touch. */
    public static final int RESOURCES_MAX = 256;

    private final Rules rules;
    private final DeclaredArguments declared;
    private final Floors floors;

    public Deliberation(Rules rules, DeclaredArguments declared, Floors floors) {
        this.rules = rules;
        this.declared = declared;
        this.floors = floors;
    }

    @Override
    public PolicyOutcome decide(PolicyInput input) {
        Optional<Deny> refused = refusal(input);
        return refused.isPresent() ? refused.get() : deliberate(input);
    }

    private PolicyOutcome deliberate(PolicyInput input) {
        int approvals = input.approvals();
        @Nullable Because wait = null;
        while (true) {
            switch (askAll(input.withApprovals(approvals))) {
                case Answer.Forbid forbid -> {
                    return new Deny(forbid.because());
                }
                case Answer.Wait more -> {
                    if (more.wanted() <= approvals || more.wanted() > PolicyInput.APPROVALS_MAX) {
                        return new Deny(more.because());
                    }
                    wait = wait == null ? more.because() : wait;
                    approvals = more.wanted();
                }
                case Answer.Permit permit -> {
                    int floor = permit.bounds().observed() ? 0 : floors.of(input.action());
                    if (floor > approvals) {
                        wait = wait == null ? floorWants(floor) : wait;
                        approvals = floor;
                    } else if (wait == null) {
                        return new Allow(permit.because(), permit.bounds());
                    } else {
                        return new Pending(wait, approvals, permit.bounds());
                    }
                }
            }
        }
    }

    private Answer askAll(PolicyInput input) {
        Map<String, Json> arguments = declared.select(input.arguments());
        List<PolicyInput.Resource> resources =
                input.resources().isEmpty() ? List.of(PolicyInput.Resource.NONE) : input.resources();
        return Answer.join(resources.stream()
                .map(resource -> rules.ask(input, resource, arguments))
                .toList());
    }

    private Optional<Deny> refusal(PolicyInput input) {
        if (!PolicyInput.METHODS.contains(input.action().method())) {
            return deny(Reason.METHOD_UNKNOWN, "This method is not one that a policy can permit.");
        }
        if (input.resources().size() > RESOURCES_MAX) {
            return deny(
                    Reason.RESOURCES_TOO_MANY,
                    "Split the call: one may touch at most " + RESOURCES_MAX + " resources.");
        }
        if (DeclaredArguments.usesReserved(input.arguments())) {
            return deny(Reason.ARGUMENT_RESERVED, "Rename the member that is called __entity, __extn or __expr.");
        }
        return declared.misfit(input.arguments())
                .flatMap(name ->
                        deny(Reason.ARGUMENT_TYPE, "The policy declares another type for the argument " + name + "."));
    }

    private static Optional<Deny> deny(Reason reason, String help) {
        return Optional.of(new Deny(new Because(reason, List.of(), help)));
    }

    private static Because floorWants(int floor) {
        return new Because(
                Reason.FLOOR,
                List.of(),
                "An administrator's floor wants " + floor + (floor == 1 ? " person" : " people")
                        + " to approve such a call.");
    }
}
