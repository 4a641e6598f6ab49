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

    /**
     * The same for a policy that is about to be published: also refuses what still loads where it was published before, but helps nobody.
     *
     * @throws FormatException as {@link #load}; {@code policy-annotation} also where a rule wants approvals and none would lift it
     */
    Policy loadToPublish(PolicyArtefact artefact) throws FormatException;
}
