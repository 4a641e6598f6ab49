package dev.jurat.governance.policy;

/**
 * A policy that is ready to decide: a pure function of its input. Thread-safe.
 *
 * <p>Security property: an evaluation that errs anywhere is a denial, with {@link Reason#POLICY_ERROR}. The mistake that looks right but
 * is not: taking an engine's "allow" although one of its rules could not be evaluated.
 */
@FunctionalInterface
public interface Policy {
    /** Decides; never throws for what stands in the input. */
    PolicyOutcome decide(PolicyInput input);
}
