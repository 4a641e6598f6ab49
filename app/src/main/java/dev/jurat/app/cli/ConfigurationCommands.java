package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ConfigurationDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "configuration",
        description = "How the node is set up, and who answers for that.",
        subcommands = {ConfigurationCommands.Show.class, ConfigurationCommands.Sign.class})
final class ConfigurationCommands extends Noun {
    private static final String PATH = "/v1/configuration";

    @Command(
            name = "show",
            description = "The settings that the node runs with, and whether an administrator signed for them.")
    static final class Show extends NodeCommand {
        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException {
            Json.Obj answer = node.get(PATH);
            if (screen.json()) {
                screen.value(answer);
                return Exit.DONE;
            }
            shown(screen, answer);
            String state = View.text(answer, "state");
            screen.line(
                    switch (state) {
                        case "signed" ->
                            "Signed by " + View.text(answer, "by") + ", record "
                                    + View.brief(View.text(answer, "record"));
                        case "changed" ->
                            screen.tone(
                                    Screen.Tone.WARN,
                                    "Not what " + View.text(answer, "by") + " signed for last, record "
                                            + View.brief(View.text(answer, "record")));
                        default -> "Nobody has signed for any settings of this node.";
                    });
            if (!state.equals("signed")) {
                screen.next("jurat configuration sign");
            }
            return Exit.DONE;
        }
    }

    private static void shown(Screen screen, Json.Obj answer) {
        View.lines(screen, View.at(answer, "settings"), "  ");
        screen.line("  digest " + View.text(answer, "digest"));
    }

    @Command(
            name = "sign",
            description =
                    "Shows the settings that the node runs with, and puts on the ledger that you answer for them.",
            footer = {
                "",
                "Settings are changed by the options of jurat up; status warns from then on, until somebody signs for them as they are."
            })
    static final class Sign extends NodeCommand {
        @Option(names = "--as", paramLabel = "NAME", description = "Whose key signs (default: the only one here).")
        Optional<String> as = Optional.empty();

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it can be erased.")
        String reason = "";

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            Json.Obj answer = node.get(PATH);
            if (!(View.at(answer, "settings") instanceof Json.Obj settings)) {
                throw NodeException.malformed("the settings of the node");
            }
            if (!screen.json()) {
                shown(screen, answer);
            }
            Person person = Person.unlock(this, node, as);
            ConfigurationDetails details = new ConfigurationDetails(reason, settings);
            Receipt.Result result = Submission.one(
                    node,
                    person.sign(node, new OperationFacts.Configuration(details.digest()), References.NONE, details),
                    "jurat configuration show");
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("digest", details.digest().hex())
                        .put("record", result.id().hex())
                        .build());
            } else {
                screen.line("Signed (record " + View.brief(result.id().hex()) + ").");
                screen.next("jurat configuration show");
            }
            return Exit.DONE;
        }
    }
}
