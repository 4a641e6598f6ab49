package dev.jurat.app.cli;

import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.sdk.JuratClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "retire",
        description =
                "Ends an agent, a point or a person for good: nothing resumes it, and what it did stays as it is.")
final class AgentEnd extends AgentSaying {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it can be erased.")
    String reason = "";

    @Override
    Said said(JuratClient node, Json principal) {
        return new Said(
                new PrincipalFacts.Retirement(View.text(principal, "principal")),
                new PersonDetails(reason),
                "is retired");
    }
}
