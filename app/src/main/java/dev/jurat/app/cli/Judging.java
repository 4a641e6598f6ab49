package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A person's word on a pending decision, signed at the terminal.
 *
 * <p>Security property: nobody is asked for a passphrase before what it signs stood on the same terminal, whatever form the answer has.
 */
abstract class Judging extends NodeCommand {
    @Parameters(paramLabel = "ID", description = "The decision, as in: jurat pending.")
    String id = "";

    @Option(names = "--as", paramLabel = "NAME", description = "Whose key signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    @Option(names = "--all", description = "Show every value whole, however long.")
    boolean all;

    abstract AuthorityFacts.Verdict verdict();

    abstract String reason();

    @Override
    final Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        String reason = reason();
        Waiting waiting = Waiting.find(node, id);
        if (!screen.json() || Terminal.present()) {
            waiting.show(screen.terminal(), new Excerpt(all));
        }
        Person person = Person.unlock(home(), node, as);
        AuthorityFacts.Approval facts =
                new AuthorityFacts.Approval(verdict(), waiting.proposed().terms());
        Entry entry = person.sign(node, facts, References.of("decision", waiting.id()), new PersonDetails(reason));
        Json.Obj answer = Submission.one(node, "/v1/approvals", entry, "jurat pending");
        Verdict verdict = Verdict.of(verdict(), answer, waiting, entry.record().id());
        if (screen.json()) {
            screen.value(answer.with("signed", waiting.toJson()));
        } else {
            verdict.show(screen);
        }
        return verdict.exit();
    }
}
