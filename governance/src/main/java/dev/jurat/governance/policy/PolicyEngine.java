package dev.jurat.governance.policy;

import dev.jurat.proof.FormatException;

/** One language of policies and its evaluator. Thread-safe. */
public interface PolicyEngine {
    /** The word that artefacts use, such as {@code cedar}. */
    String language();

    /** Evaluator and version, as decisions record it, such as {@code cedar-4.10.0}. */
    String version();

    /**
     * Makes a policy ready to decide.
     *
     * @throws FormatException {@code policy-engine} if the artefact is for another engine, {@code policy-syntax}, {@code policy-invalid}
     *     (the engine's own validation fails, or warns), {@code policy-annotation}
     */
    Policy load(PolicyArtefact artefact) throws FormatException;
}
