package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Publication;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Rule 5 for {@code policy} and {@code profile}: what the record repeats of its artefact is what the artefact says. Runs when a record is
 * offered, and again in a verifier, who has every artefact that is published. Pure; thread-safe.
 *
 * <p>Security property: contracts are held to the floors of the record, and people read the record's name; neither is anything but the
 * artefact's. An artefact of no type that is known here is not looked into.
 */
public final class PublishedArtefact {
    private static final String TYPES = "https://jurat.dev/";

    private PublishedArtefact() {}

    /** What a record that publishes says otherwise than its artefact; nothing of one that withdraws. */
    public static Optional<Rule> fault(Facts facts, byte[] artefact) {
        return switch (facts) {
            case RegistryFacts.Policy policy
            when policy.publication() != Publication.WITHDRAWN ->
                differs(policy, artefact, "policy/v1", List.of("name", "floors"));
            case RegistryFacts.Profile profile
            when profile.publication() != Publication.WITHDRAWN ->
                differs(profile, artefact, "profile/v1", List.of("name"));
            default -> Optional.empty();
        };
    }

    private static Optional<Rule> differs(Facts facts, byte[] artefact, String type, List<String> repeated) {
        Json.Obj said = read(artefact);
        if (!(said.members().get("type") instanceof Json.Str known)
                || !known.value().startsWith(TYPES)) {
            return Optional.empty();
        }
        boolean same = known.value().equals(TYPES + type)
                && repeated.stream()
                        .allMatch(name -> Objects.equals(
                                facts.toJson().members().get(name),
                                said.members().get(name)));
        return same ? Optional.empty() : Optional.of(Rule.ARTEFACT_DIFFERS);
    }

    private static Json.Obj read(byte[] artefact) {
        try {
            return CanonicalJson.readObject(artefact);
        } catch (FormatException e) {
            return Json.Obj.of(Map.of());
        }
    }
}
