package dev.jurat.governance;

import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.contract.ProfiledTool;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RegistryFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tool profiles that are published on the ledger, and what they make of calls. Thread-safe.
 *
 * <p>Security property: class, effect and resources of a call come from the published profile and the exact arguments, never from the
 * intent's or the point's word alone; where these say otherwise, the call is refused.
 */
public final class ProfileShelf {
    private final LedgerDoor ledger;
    private final Map<Hash, ToolProfile> ready = new ConcurrentHashMap<>();

    public ProfileShelf(LedgerDoor ledger) {
        this.ledger = ledger;
    }

    ToolReading read(Case one) {
        Tool claimed = one.facts().tool();
        String called = one.call().name();
        PointFacts facts = one.point();
        Optional<ToolProfile> profile = facts.profile().flatMap(this::published);
        if (claimed.effect() == Effect.UNKNOWN) {
            return isUnknownOf(claimed, called, facts)
                    ? ToolReading.unknown(
                            facts.resources(),
                            profile.flatMap(p -> p.tool(called))
                                    .map(tool -> Set.copyOf(tool.secret()))
                                    .orElse(Set.of()))
                    : ToolReading.refused(Reason.TOOL_MISMATCH, facts.resources());
        }
        if (profile.isEmpty()
                || one.call().isBeyondProfiles()
                || !claimed.method().equals(ToolProfile.METHOD)) {
            return ToolReading.refused(Reason.TOOL_MISMATCH, facts.resources());
        }
        Tool classified = profile.get()
                .classify(called, facts.definition(), accepted(profile.get().digest(), called));
        Optional<ProfiledTool> entry = profile.get().tool(called);
        if (!classified.equals(claimed) || entry.isEmpty()) {
            return ToolReading.refused(Reason.TOOL_MISMATCH, facts.resources());
        }
        return known(entry.get(), one, facts);
    }

    private static ToolReading known(ProfiledTool tool, Case one, PointFacts facts) {
        List<Resource> resources;
        try {
            resources = without(tool, one.hidden()).resources(one.arguments(), facts.folders());
        } catch (FormatException e) {
            return ToolReading.refused(Reason.RESOURCE_REFUSED, facts.resources());
        }
        if (resources.size() != facts.resources().size()) {
            return ToolReading.refused(Reason.RESOURCE_MISMATCH, facts.resources());
        }
        List<String> named = one.call().resources();
        if (!named.isEmpty()
                && !named.equals(resources.stream().map(Resource::text).toList())) {
            return ToolReading.refused(Reason.RESOURCE_MISMATCH, facts.resources());
        }
        List<PolicyInput.Resource> seen = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            PolicyInput.Resource given = facts.resources().get(i);
            if (!given.kind().equals(resources.get(i).type())
                    || !given.name().equals(resources.get(i).text())) {
                return ToolReading.refused(Reason.RESOURCE_MISMATCH, facts.resources());
            }
            seen.add(seen(resources.get(i), given, facts));
        }
        return new ToolReading(true, resources, List.copyOf(seen), Set.copyOf(tool.secret()), Optional.empty());
    }

    /** The same tool, asking of arguments that stand as digests only that they are there. */
    private static ProfiledTool without(ProfiledTool tool, Set<String> hidden) throws FormatException {
        Json.Obj limits = tool.arguments().toJson();
        if (hidden.isEmpty() || !(limits.members().get("properties") instanceof Json.Obj properties)) {
            return tool;
        }
        Json.Obj open = properties;
        for (String name : hidden) {
            if (properties.members().containsKey(name)) {
                open = open.with(name, JsonBuilder.object().put("type", "any").build());
            }
        }
        return new ProfiledTool(
                tool.effect(),
                tool.idempotent(),
                tool.definitions(),
                Limits.read(limits.with("properties", open)),
                tool.resources(),
                tool.secret(),
                tool.result());
    }

    /** Inside is what is inside by name and, on the point's word, by what it resolves to. */
    private static PolicyInput.Resource seen(Resource resource, PolicyInput.Resource given, PointFacts facts) {
        Optional<String> root = switch (resource) {
            case Resource.Path path -> facts.folders().rootOf(path).map(LexicalPath::text);
        };
        boolean inside = root.isPresent() && given.inside();
        return new PolicyInput.Resource(
                given.kind(), given.name(), given.resolved(), inside, inside ? root : Optional.empty());
    }

    private static boolean isUnknownOf(Tool claimed, String called, PointFacts facts) {
        boolean profiled = claimed.profile().isEmpty() || claimed.profile().equals(facts.profile());
        return claimed.isNameOf(called) && profiled;
    }

    private Optional<ToolProfile> published(Hash digest) {
        if (!ledger.ask(state -> state.profiles().containsKey(digest))) {
            return Optional.empty();
        }
        ToolProfile known = ready.get(digest);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ToolProfile> loaded = ledger.artefact(digest).flatMap(ProfileShelf::load);
        loaded.ifPresent(profile -> ready.put(digest, profile));
        return loaded;
    }

    private static Optional<ToolProfile> load(byte[] bytes) {
        try {
            return Optional.of(ToolProfile.read(bytes));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private Set<Hash> accepted(Hash profile, String tool) {
        Set<Hash> out = new HashSet<>();
        List<RegistryFacts.Profile> publications =
                ledger.ask(state -> state.profiles().getOrDefault(profile, List.of()));
        for (RegistryFacts.Profile publication : publications) {
            publication.accepts().stream()
                    .filter(accepted -> accepted.tool().equals(tool))
                    .forEach(accepted -> out.add(accepted.definition()));
        }
        return out;
    }
}
