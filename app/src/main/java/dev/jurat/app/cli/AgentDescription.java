package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that say what an agent is for, of the commands that enrol, confirm and describe one. */
final class AgentDescription {
    private static final String WORD = "[a-z0-9][a-z0-9-]{0,63}";

    @Option(names = "--owner", paramLabel = "PERSON", description = "Who answers for it: a person whom the node knows.")
    Optional<String> owner = Optional.empty();

    @Option(
            names = "--environment",
            paramLabel = "WORD",
            description =
                    "Where it acts, as in: production. Said once, it stays: another environment is another agent.")
    Optional<String> environment = Optional.empty();

    @Option(names = "--purpose", paramLabel = "TEXT", description = "What it is for.")
    Optional<String> purpose = Optional.empty();

    @Option(names = "--contact", paramLabel = "TEXT", description = "Whom to ask about it.")
    Optional<String> contact = Optional.empty();

    @Option(names = "--model", paramLabel = "NAME", description = "The model that it runs on.")
    Optional<String> model = Optional.empty();

    @Option(names = "--model-version", paramLabel = "VERSION", description = "That model's version.")
    Optional<String> version = Optional.empty();

    /** Whether any of them was given. */
    boolean isGiven() {
        return Stream.of(owner, environment, purpose, contact, model, version).anyMatch(Optional::isPresent);
    }

    /** What they say of a principal. */
    AgentSaying.Said of(NodeCommand command, JuratClient node, String principal)
            throws IOException, NodeException, FormatException {
        if (version.isPresent() && model.isEmpty()) {
            throw Failure.input("model-missing", "a version is of a model: give --model too", Next.SAME);
        }
        if (environment.isPresent() && !environment.get().matches(WORD)) {
            throw Failure.input(
                    "word-syntax",
                    "an environment has small letters, digits and hyphens",
                    "jurat agent describe --help");
        }
        Optional<String> person = Optional.empty();
        if (owner.isPresent()) {
            Json found = Principals.find(command, node, owner.get());
            person = Optional.of(View.text(found, "principal"));
        }
        return new AgentSaying.Said(
                new PrincipalFacts.Description(principal, environment, person),
                new PrincipalDetails.Description(
                        purpose, contact, model.map(name -> new PrincipalDetails.Model(name, version))),
                "is described");
    }
}
