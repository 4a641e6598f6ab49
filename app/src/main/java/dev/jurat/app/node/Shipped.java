package dev.jurat.app.node;

import dev.jurat.governance.ProfileShelf;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.ShippedPolicies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The artefacts that genesis names: the policies and tool profiles that come with Jurat. */
final class Shipped {
    private static final List<String> PROFILES = List.of("filesystem");

    private Shipped() {}

    static List<PolicyArtefact> policies() {
        return List.of(ShippedPolicies.observe(), ShippedPolicies.starter());
    }

    static List<byte[]> profiles() {
        return PROFILES.stream().map(Shipped::profile).toList();
    }

    static List<byte[]> artefacts() {
        List<byte[]> all = new ArrayList<>();
        policies().forEach(policy -> all.add(policy.bytes()));
        all.addAll(profiles());
        return List.copyOf(all);
    }

    private static byte[] profile(String name) {
        try (InputStream in = ProfileShelf.class.getResourceAsStream("profiles/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("not in this build: the profile " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
