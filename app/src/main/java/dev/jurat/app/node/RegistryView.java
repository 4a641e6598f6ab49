package dev.jurat.app.node;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle;
import java.util.List;
import java.util.Optional;

/** Everybody whom a log has registered at one place of it, with keys and standing, by its statements alone: names are in bodies. */
public final class RegistryView {
    private RegistryView() {}

    /** As {@code /v1/principals} has them, sorted by principal. */
    public static List<Json> of(Lifecycle state) {
        return state.principals().stream()
                .<Json>map(p -> Views.principal(p, Optional.empty(), state))
                .toList();
    }
}
