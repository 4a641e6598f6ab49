package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.Details;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an administrator says of a principal: one record in the administrator's stream. */
abstract class AgentSaying extends NodeCommand {
    @Parameters(paramLabel = "NAME", description = "An agent's name, a principal id, or: point (this folder's).")
    String name = "";

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "Which administrator signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    /** A record's facts and body, and what it did in a few words. */
    record Said(PrincipalFacts facts, Details details, String done) {}

    /** What is said of the principal, which is as the node tells of it. */
    abstract Said said(JuratClient node, Json principal) throws IOException, NodeException, FormatException;

    @Override
    final Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Said said = said(node, Principals.find(this, node, name));
        say(screen, node, Person.unlock(this, node, as), said);
        return Exit.DONE;
    }

    private void say(Screen screen, JuratClient node, Person person, Said said) throws NodeException {
        Receipt.Result result = Submission.one(
                node, person.sign(node, said.facts(), References.NONE, said.details()), "jurat agent list");
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("principal", said.facts().principal())
                    .put("record", result.id().hex())
                    .build());
            return;
        }
        screen.line(
                name + " " + said.done() + " (record " + View.brief(result.id().hex()) + ")");
        screen.next("jurat agent show " + Next.quoted(name));
    }
}
