package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A noun that has verbs under it; by itself it shows its help. */
abstract class Noun implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Show this help in JSON.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help; text, with --json too.")
    boolean help;

    @Override
    public final void run() {
        if (json) {
            Screen.standard(true, List.of()).value(toJson(spec));
        } else {
            spec.commandLine().usage(System.out);
        }
    }

    /** The commands under a noun, each with its description. */
    private static Json.Obj toJson(CommandSpec spec) {
        List<Json> verbs = new ArrayList<>();
        for (CommandLine verb : spec.subcommands().values()) {
            CommandSpec command = verb.getCommandSpec();
            if (!command.usageMessage().hidden()) {
                verbs.add(JsonBuilder.object()
                        .put("command", command.qualifiedName())
                        .put("text", String.join(" ", command.usageMessage().description()))
                        .build());
            }
        }
        return JsonBuilder.object()
                .put("command", spec.qualifiedName())
                .put("commands", new Json.Arr(verbs))
                .put("text", String.join(" ", spec.usageMessage().description()))
                .build();
    }
}
