package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** That somebody asks for a bundle, as a record under their own key. */
final class ExportRecord {
    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "Put on the ledger, under the key of this administrator or auditor, that you export it.")
    Optional<String> as = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, with --as; it can be erased.")
    Optional<String> reason = Optional.empty();

    /** Signs and sends it, and returns what the request for the bundle says then; empty where nobody is named. */
    Optional<String> query(NodeCommand command, JuratClient node, OperationFacts.Export facts)
            throws IOException, NodeException, FormatException {
        if (as.isEmpty()) {
            if (reason.isPresent()) {
                throw Failure.input("reason-of-nobody", "--reason goes with --as", "jurat bundle export --help");
            }
            return Optional.empty();
        }
        Person person = Person.unlock(command, node, as);
        return Optional.of("export="
                + Submission.one(
                                node,
                                person.sign(node, facts, References.NONE, new PersonDetails(reason.orElse(""))),
                                "jurat agent list")
                        .id()
                        .hex());
    }
}
