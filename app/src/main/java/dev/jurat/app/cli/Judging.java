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
        Json item = Waiting.find(node, id);
        Asked asked = Asked.of(node, item);
        Json.Obj signed = shown(screen, node, item, asked);
        Person person = Person.unlock(this, node, as);
        AuthorityFacts.Approval facts = new AuthorityFacts.Approval(verdict(), asked.terms());
        Entry entry = person.sign(node, facts, References.of("decision", asked.id()), new PersonDetails(reason));
        Json.Obj answer = Submission.one(node, "/v1/approvals", entry, "jurat pending");
        Verdict verdict = Verdict.of(verdict(), answer, asked, entry.record().id());
        if (screen.json()) {
            screen.value(answer.with("signed", signed));
        } else {
            verdict.show(screen);
        }
        return verdict.exit();
    }

    /**
     * Shows what is to be signed, and answers it as data. A decision whose call cannot be shown rightly is still denied: by its statement,
     * which has the terms.
     */
    private Json.Obj shown(Screen screen, JuratClient node, Json item, Asked asked) throws NodeException {
        boolean seen = !screen.json() || Terminal.present();
        try {
            Waiting waiting = Waiting.of(node, item);
            if (seen) {
                waiting.show(screen.terminal(), new Excerpt(all));
            }
            return waiting.toJson();
        } catch (Failure e) {
            if (verdict() != AuthorityFacts.Verdict.REJECT || !e.code().equals(Waiting.LIE)) {
                throw e;
            }
            String why = Waiting.lied(e);
            if (seen) {
                asked.show(screen.terminal(), why);
            }
            return asked.toJson(why);
        }
    }
}
