package dev.jurat.app.cli;

import dev.jurat.proof.record.AuthorityFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "approve",
        description = "Signs the terms of a pending decision: exactly what is shown, and nothing else.",
        footer = {
            "",
            "Exit status: 0 it is approved, or waits for more people; 1 the ledger refused your word, or the call was denied after it."
        })
final class ApproveCommand extends Judging {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the record's body.")
    String reason = "";

    @Override
    AuthorityFacts.Verdict verdict() {
        return AuthorityFacts.Verdict.APPROVE;
    }

    @Override
    String reason() {
        return reason;
    }
}
