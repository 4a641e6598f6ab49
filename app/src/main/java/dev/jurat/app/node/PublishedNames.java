package dev.jurat.app.node;

import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.Owner;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.Submission;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Publication;
import dev.jurat.proof.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The names of policies and profiles that this node's log has, by the rule of {@link Bearers}. A withdrawn one keeps its name. Thread-safe.
 *
 * <p>Security property: through this node's door no second text gets a name that people know; whoever wants to be sure compares digests.
 */
final class PublishedNames {
    private static final String PROFILE = "profile";

    private final Bearers<Name> bearers;
    private final List<Past> policies = new CopyOnWriteArrayList<>();
    private final List<RegistryFacts.Profile> profiles = new CopyOnWriteArrayList<>();

    /** A record that published a policy, whatever became of that. */
    record Past(RecordId record, RegistryFacts.Policy facts) {}

    private record Name(String of, String text) {}

    private record Publishing(Name name, Hash artefact) {}

    PublishedNames() {
        bearers = new Bearers<>(Shipped.policies().stream()
                .collect(Collectors.toMap(policy -> new Name("policy", policy.name()), PolicyArtefact::digest)));
    }

    /** Takes a record that was admitted: those of the log first, in its order. */
    void add(SignedRecord record) {
        publishing(record.statement().facts()).ifPresent(p -> bearers.add(p.name(), p.artefact()));
        if (record.statement().facts() instanceof RegistryFacts.Policy policy
                && policy.publication() != Publication.WITHDRAWN) {
            policies.add(new Past(record.id(), policy));
        }
        if (record.statement().facts() instanceof RegistryFacts.Profile profile
                && profile.publication() != Publication.WITHDRAWN) {
            profiles.add(profile);
        }
    }

    /** Each record that published a policy, in the order of the log. */
    List<Past> policies() {
        return List.copyOf(policies);
    }

    /** Each publication of a profile, whatever became of it, in the order of the log. */
    List<RegistryFacts.Profile> profiles() {
        return List.copyOf(profiles);
    }

    /** Whether this group publishes anything. */
    static boolean publishes(Group group) {
        return group.records().stream()
                .anyMatch(r -> publishing(r.record().statement().facts()).isPresent());
    }

    /**
     * Refuses a group that publishes a profile without any tool ({@code profile-tool}): it would take servers away from those that say
     * something of them. And one that accepts a definition of a tool that its profile lacks ({@code no-such-tool}): nothing would come of it.
     */
    static void requireTools(Group group) throws ApiException {
        for (Submission submission : group.records()) {
            if (submission.record().statement().facts() instanceof RegistryFacts.Profile facts
                    && facts.publication() != Publication.WITHDRAWN) {
                for (byte[] artefact : group.artefacts()) {
                    if (facts.artefact().equals(Hash.of(artefact))) {
                        requireTools(facts, artefact);
                    }
                }
            }
        }
    }

    private static void requireTools(RegistryFacts.Profile facts, byte[] artefact) throws ApiException {
        Set<String> tools;
        try {
            tools = ToolProfile.read(artefact).tools().keySet();
        } catch (FormatException e) {
            // What is no profile that is known here is not looked into.
            return;
        }
        if (tools.isEmpty()) {
            throw new ApiException(
                    409,
                    "profile-tool",
                    "a profile that is published has at least one tool",
                    Owner.YOU,
                    "name the server's tools in it, as docs/spec/contract.md says");
        }
        for (RegistryFacts.Accepted accepted : facts.accepts()) {
            if (!tools.contains(accepted.tool())) {
                throw new ApiException(
                        409,
                        "no-such-tool",
                        facts.name() + " has no tool " + accepted.tool() + "; it has: " + String.join(", ", tools),
                        Owner.YOU,
                        "name one of them");
            }
        }
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
        Optional<Hash> other = bearers.other(wanted.name(), wanted.artefact());
        if (other.isPresent()) {
            String of = wanted.name().of();
            throw new ApiException(
                    409,
                    of + "-name-taken",
                    wanted.name().text() + " is the name of another " + of + " (artefact "
                            + other.get().hex() + ")",
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
                Optional.of(new Publishing(new Name(PROFILE, p.name()), p.artefact()));
            default -> Optional.empty();
        };
    }
}
