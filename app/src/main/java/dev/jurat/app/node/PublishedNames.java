package dev.jurat.app.node;

import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.Owner;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.Submission;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Publication;
import dev.jurat.proof.record.SignedRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which text a name of a policy or profile means: the one that was published under it first, or that comes with Jurat. A withdrawn one keeps its
 * name. Thread-safe.
 *
 * <p>Security property: through this node's door no second text gets a name that people know; whoever wants to be sure compares digests.
 */
final class PublishedNames {
    private final Map<Name, Set<Hash>> taken = new ConcurrentHashMap<>();
    private final Map<Name, Set<Hash>> shipped;

    private record Name(String of, String text) {}

    private record Publishing(Name name, Hash artefact) {}

    PublishedNames() {
        Map<Name, Set<Hash>> names = new HashMap<>();
        for (PolicyArtefact policy : Shipped.policies()) {
            names.put(new Name("policy", policy.name()), Set.of(policy.digest()));
        }
        shipped = Map.copyOf(names);
    }

    /** Takes a record that was admitted: those of the log first, in its order. */
    void add(SignedRecord record) {
        publishing(record.statement().facts())
                .ifPresent(p -> taken.merge(p.name(), Set.of(p.artefact()), PublishedNames::both));
    }

    private static Set<Hash> both(Set<Hash> some, Set<Hash> more) {
        Set<Hash> all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }

    /** Whether this group publishes anything. */
    static boolean publishes(Group group) {
        return group.records().stream()
                .anyMatch(r -> publishing(r.record().statement().facts()).isPresent());
    }

    /** Refuses a group that publishes a text under another's name: {@code policy-name-taken}, {@code profile-name-taken}. */
    void requireFree(Group group) throws ApiException {
        for (Submission submission : group.records()) {
            Optional<Publishing> wanted =
                    publishing(submission.record().statement().facts());
            if (wanted.isPresent()) {
                requireFree(wanted.get());
            }
        }
    }

    private void requireFree(Publishing wanted) throws ApiException {
        Set<Hash> bearers =
                taken.getOrDefault(wanted.name(), shipped.getOrDefault(wanted.name(), Set.of(wanted.artefact())));
        if (!bearers.contains(wanted.artefact())) {
            String of = wanted.name().of();
            throw new ApiException(
                    409,
                    of + "-name-taken",
                    wanted.name().text() + " is the name of another " + of + " (artefact "
                            + bearers.iterator().next().hex() + ")",
                    Owner.YOU,
                    "give it a name of its own, such as the next version; what there is: jurat " + of + " list");
        }
    }

    private static Optional<Publishing> publishing(Facts facts) {
        return switch (facts) {
            case RegistryFacts.Policy p
            when p.publication() != Publication.WITHDRAWN ->
                Optional.of(new Publishing(new Name("policy", p.name()), p.artefact()));
            case RegistryFacts.Profile p
            when p.publication() != Publication.WITHDRAWN ->
                Optional.of(new Publishing(new Name("profile", p.name()), p.artefact()));
            default -> Optional.empty();
        };
    }
}
