package dev.jurat.governance.policy;

import java.util.Optional;

/**
 * Why a decision is what it is: the closed list of {@code docs/spec/policy.md}. Codes are stable; the sentence beside them is not.
 *
 * <p>Those that a policy may name in its {@code @reason} are {@link #nameable()}; the others are given by the decider, or by the governor before or after it.
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
    RESOURCES_TOO_MANY("resources-too-many", false),
    POINT_MISMATCH("point-mismatch", false),
    POINT_UNKNOWN("point-unknown", false),
    ACTOR_MISMATCH("actor-mismatch", false),
    TARGET_MISMATCH("target-mismatch", false),
    SCOPE_MISMATCH("scope-mismatch", false),
    TOKEN_TYPE_MISMATCH("token-type-mismatch", false),
    TOOL_MISMATCH("tool-mismatch", false),
    RESOURCE_MISMATCH("resource-mismatch", false),
    RESOURCE_REFUSED("resource-refused", false),
    ARGUMENTS_INVALID("arguments-invalid", false),
    ARGUMENT_SECRET("argument-secret", false),
    REDACTION_MISMATCH("redaction-mismatch", false),
    AGENT_UNCONFIRMED("agent-unconfirmed", false),
    OBSERVE_NOT_ALLOWED("observe-not-allowed", false),
    LIMIT_ON_SECRET("limit-on-secret", false),
    REJECTED("rejected", false),
    TERMS_CHANGED("terms-changed", false);

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
