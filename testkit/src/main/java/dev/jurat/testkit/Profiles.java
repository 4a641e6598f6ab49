package dev.jurat.testkit;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.JsonBuilder;

/** Tool profiles for tests. */
final class Profiles {
    private Profiles() {}

    /** The profile of a file server with a few tools. */
    static byte[] files() {
        return CanonicalJson.write(JsonBuilder.object().put("name", "files@v1").build());
    }
}
