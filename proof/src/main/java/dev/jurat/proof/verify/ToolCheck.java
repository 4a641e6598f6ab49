package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.ProfiledTool;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RegistryFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Holds the class of a granted tool against what made it: the profile that was published when it was decided, the definition that the
 * context names, and those that were accepted by then ({@code docs/spec/contract.md} §8). Not thread-safe.
 *
 * <p>Security property: a tool has an effect other than {@code unknown} where the profile says so of the definition that was listed, and
 * nowhere else; what a context says that it knows only ever takes away from that.
 */
final class ToolCheck {
    private static final String DIFFERS = "effect-differs";

    private final Bundle bundle;
    private final Records records;
    /** Those that were read; a whole log asks for the same one at every use. */
    private final Map<Hash, ToolProfile> profiles = new HashMap<>();

    ToolCheck(Bundle bundle, Records records) {
        this.bundle = bundle;
        this.records = records;
    }

    /** What is wrong with the class in a grant; what cannot be told goes into {@code missing}. */
    Optional<String> fault(
            Tool tool, Leaf decision, Leaf context, Optional<CallDetails> call, SortedSet<String> missing) {
        if (tool.effect() == Effect.UNKNOWN) {
            return Optional.empty();
        }
        boolean beyond = call.filter(CallDetails::isBeyondProfiles).isPresent();
        if (!tool.method().equals(ToolProfile.METHOD) || tool.profile().isEmpty() || beyond) {
            return Optional.of(DIFFERS);
        }
        Published published = published(tool.profile().get(), decision);
        if (!published.ever()) {
            return Optional.of(DIFFERS);
        }
        if (!published.then()) {
            missing.add("profile");
        }
        Optional<String> called = called(tool, call);
        if (called.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<ProfiledTool> entry = entry(tool, called.get(), missing);
            return entry.isEmpty() || isOf(tool, entry.get(), context, published.accepted(called.get()), missing)
                    ? Optional.empty()
                    : Optional.of(DIFFERS);
        } catch (FormatException e) {
            return Optional.of(e.code());
        }
    }

    private static Optional<String> called(Tool tool, Optional<CallDetails> call) {
        return call.map(CallDetails::name).or(() -> Optional.of(tool.name()).filter(Tool::isIdentifier));
    }

    private static boolean isOf(
            Tool tool, ProfiledTool entry, Leaf context, Set<Hash> accepted, SortedSet<String> missing) {
        if (!(context.record().statement().facts() instanceof AuthorityFacts.Context facts) || !facts.known()) {
            return false;
        }
        if (facts.definition().isEmpty()) {
            missing.add("definition");
        }
        boolean listed = facts.definition().isEmpty()
                || entry.definitions().contains(facts.definition().get())
                || accepted.contains(facts.definition().get());
        return listed && entry.effect() == tool.effect() && entry.idempotent() == tool.idempotent();
    }

    /**
     * What the profile's artefact says of the tool; empty where the artefact is not there.
     *
     * @throws FormatException {@code tool-unmapped} where it has no such tool, and the codes of profiles
     */
    Optional<ProfiledTool> entry(Tool tool, String called, SortedSet<String> missing) throws FormatException {
        Optional<Hash> digest = tool.profile().filter(bundle.artefacts()::containsKey);
        if (digest.isEmpty()) {
            missing.add("profile");
            return Optional.empty();
        }
        ToolProfile profile = profiles.get(digest.get());
        if (profile == null) {
            profile = ToolProfile.read(Objects.requireNonNull(bundle.artefacts().get(digest.get())));
            profiles.put(digest.get(), profile);
        }
        return Optional.of(profile.tool(called)
                .orElseThrow(() -> new FormatException("tool-unmapped", "the profile does not know the tool")));
    }

    /**
     * What stood in the log of a profile when something was decided.
     *
     * @param ever whether anybody had published it; a part of a log that is whole by its scope shows that too
     * @param then whether it was not withdrawn
     * @param accepts the definitions accepted since it was published last
     */
    private record Published(boolean ever, boolean then, Set<RegistryFacts.Accepted> accepts) {
        Set<Hash> accepted(String tool) {
            Set<Hash> found = new HashSet<>();
            accepts.stream().filter(one -> one.tool().equals(tool)).forEach(one -> found.add(one.definition()));
            return found;
        }
    }

    private Published published(Hash artefact, Leaf decision) {
        boolean ever = false;
        boolean then = false;
        Set<RegistryFacts.Accepted> accepts = new HashSet<>();
        for (Leaf leaf : records.ofKind(Kind.PROFILE)) {
            if (leaf.index() > decision.index()
                    || !(leaf.record().statement().facts() instanceof RegistryFacts.Profile profile)
                    || !profile.artefact().equals(artefact)) {
                continue;
            }
            if (profile.publication() == RegistryFacts.Publication.WITHDRAWN) {
                then = false;
            } else {
                if (!then) {
                    accepts.clear();
                }
                ever = true;
                then = true;
                accepts.addAll(profile.accepts());
            }
        }
        return new Published(ever, then, accepts);
    }
}
