package dev.jurat.app.cli;

import dev.jurat.proof.record.AuthorityFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "deny", description = "Rejects a pending decision; that ends it.")
final class DenyCommand extends Judging {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why; the agent's model is told, and it is kept.")
    String reason = "";

    @Override
    AuthorityFacts.Verdict verdict() {
        return AuthorityFacts.Verdict.REJECT;
    }

    @Override
    String reason() {
        return Input.reason(reason);
    }
}
