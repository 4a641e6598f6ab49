package dev.jurat.governance.policy;

import dev.jurat.governance.policy.PolicyOutcome.Because;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What a policy's rules say about one resource at one number of approvals. */
public sealed interface Answer {
    Because because();

    /** Nothing forbids it and something permits it. */
    record Permit(Because because, Bounds bounds) implements Answer {}

    /** Something forbids it, or nothing permits it. */
    record Forbid(Because because) implements Answer {}

    /**
     * All that forbids it would fall away with more approvals.
     *
     * @param wanted how many approvals the rules ask for
     */
    record Wait(Because because, int wanted) implements Answer {}

    /** One answer from several, none of them weakened: a forbid beats a wait, a wait beats a permit, and permits narrow each other. */
    static Answer join(List<Answer> answers) {
        for (Answer answer : answers) {
            if (answer instanceof Forbid) {
                return answer;
            }
        }
        List<Wait> waits = only(Wait.class, answers);
        if (!waits.isEmpty()) {
            int wanted = waits.stream().mapToInt(Wait::wanted).max().orElseThrow();
            return new Wait(united(waits, Wait::because), wanted);
        }
        return narrowed(only(Permit.class, answers));
    }

    private static Answer narrowed(List<Permit> permits) {
        Bounds bounds = permits.getFirst().bounds();
        for (Permit permit : permits) {
            if (!bounds.limitsAgree(permit.bounds())) {
                return new Forbid(new Because(
                        Reason.POLICY_ERROR,
                        united(permits, Permit::because).policies(),
                        "Two rules set different limits; the policy's author has to choose one."));
            }
            bounds = bounds.narrowest(permit.bounds());
        }
        return new Permit(united(permits, Permit::because), bounds);
    }

    private static <T> Because united(List<T> answers, Function<T, Because> because) {
        Because first = because.apply(answers.getFirst());
        Set<String> policies = new LinkedHashSet<>();
        answers.forEach(answer -> policies.addAll(because.apply(answer).policies()));
        return new Because(first.reason(), List.copyOf(policies), first.help());
    }

    private static <T extends Answer> List<T> only(Class<T> type, List<Answer> answers) {
        List<T> out = new ArrayList<>();
        answers.stream().filter(type::isInstance).map(type::cast).forEach(out::add);
        return out;
    }
}
