package dev.jurat.governance.policy;

import dev.jurat.proof.json.Json;
import java.util.Map;

/** A policy's rules in one engine, asked about one resource at a time. Thread-safe, pure. */
@FunctionalInterface
public interface Rules {
    /** Asks; whatever goes wrong is a {@link Answer.Forbid} with {@link Reason#POLICY_ERROR}. */
    Answer ask(PolicyInput input, PolicyInput.Resource resource, Map<String, Json> arguments);
}
