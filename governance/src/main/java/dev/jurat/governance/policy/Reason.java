package dev.jurat.governance.policy;

import java.util.Optional;

/**
 * Why a decision is what it is: the closed list of {@code docs/spec/policy.md}. Codes are stable; the sentence beside them is not.
 *
 * <p>Those that a policy may name in its {@code @reason} are {@link #nameable()}; the others are given by the decider itself.
 */
public enum Reason {
    PERMITTED("permitted", true),
    OBSERVED("observed", true),
    APPROVAL_WANTED("approval-wanted", true),
    TOOL_UNKNOWN("tool-unknown", true),
    OUTCOME_UNKNOWN("outcome-unknown", true),
    OUTSIDE_ROOT("outside-root", true),
    EFFECT_NOT_PERMITTED("effect-not-permitted", true),
    FORBIDDEN("forbidden", true),
    NO_PERMIT("no-permit", false),
    FLOOR("floor", false),
    POLICY_ERROR("policy-error", false),
    METHOD_UNKNOWN("method-unknown", false),
    ARGUMENT_RESERVED("argument-reserved", false),
    ARGUMENT_TYPE("argument-type", false),
    RESOURCES_TOO_MANY("resources-too-many", false);

    private final String code;
    private final boolean nameable;

    Reason(String code, boolean nameable) {
        this.code = code;
        this.nameable = nameable;
    }

    public String code() {
        return code;
    }

    public boolean nameable() {
        return nameable;
    }

    public static Optional<Reason> ofCode(String code) {
        for (Reason reason : values()) {
            if (reason.code.equals(code)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
