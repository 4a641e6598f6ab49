package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Role;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The administrator who signs last what one alone may not do, once a node has had two ({@code docs/spec/lifecycle.md} §5). */
final class SecondPerson {
    @Option(
            names = "--with",
            paramLabel = "NAME",
            description = "The second administrator, who signs too: wanted once the node has had two.")
    Optional<String> with = Optional.empty();

    private Optional<Person> second = Optional.empty();

    /** Says that a second one is wanted, before anybody types a passphrase. */
    void require(JuratClient node) throws NodeException {
        long administrators = View.list(node.get("/v1/principals"), "principals").stream()
                .filter(p -> View.list(p, "roles").contains(Json.of(Role.ADMINISTRATOR.wire())))
                .count();
        if (with.isEmpty() && administrators > 1) {
            throw Failure.input(
                    "four-eyes",
                    "this node has had two administrators or more, and this takes two of them",
                    Next.SAME + " --with ANOTHER");
        }
    }

    /** Unlocks their key, if there is one to sign. */
    void unlock(NodeCommand command, JuratClient node, Person first)
            throws IOException, NodeException, FormatException {
        if (with.isEmpty()) {
            return;
        }
        Person other = Person.unlock(command, node, with);
        if (other.principal().equals(first.principal())) {
            throw Failure.input("four-eyes", "two different people sign this", "name another one with --with");
        }
        second = Optional.of(other);
    }

    Optional<String> principal() {
        return second.map(Person::principal);
    }

    SigningKey[] keys() {
        return second.stream().map(Person::key).toArray(SigningKey[]::new);
    }
}
