package dev.jurat.governance.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The policies that come with Jurat. */
public final class ShippedPolicies {
    private ShippedPolicies() {}

    /** Reading inside the root, writing inside the root call by call, a person for what is unknown, and nothing else. */
    public static PolicyArtefact starter() {
        return cedar("starter", new Floors(0, 0, 1, 1));
    }

    /** Everything goes out and is recorded as observed. */
    public static PolicyArtefact observe() {
        return cedar("observe", Floors.NONE);
    }

    public static List<PolicyArtefact> all() {
        return List.of(starter(), observe());
    }

    private static PolicyArtefact cedar(String name, Floors floors) {
        return new PolicyArtefact(
                name + "@v1", "cedar", new DeclaredArguments(Map.of()), text(name + "-v1.cedar"), floors);
    }

    private static String text(String resource) {
        try (InputStream in = ShippedPolicies.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not in this build: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
