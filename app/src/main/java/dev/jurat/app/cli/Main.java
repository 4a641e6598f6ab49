package dev.jurat.app.cli;

import dev.jurat.proof.verify.VerifyMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The entry of {@code ./jurat}: finds the command, and turns what happens into an exit status. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(written(run(arguments), arguments));
    }

    /** A command whose answer was lost has not answered; one whose reader has gone has nothing more to say. */
    private static int written(int status, String... arguments) {
        if (!System.out.checkError() || VerifyMain.readerGone()) {
            return status;
        }
        Failure lost = Failure.input(
                "output-lost",
                "standard output cannot be written, so that what is there is not the whole answer; what else the command does is done",
                "make room for it, or name another file; then: " + Next.SAME);
        int told = Command.tell(Screen.standard(false, List.of(arguments)), lost);
        return status == Exit.DONE.status() ? told : status;
    }

    /** Runs one command in this process. */
    static int run(String... arguments) {
        return line(needed(arguments)).execute(arguments);
    }

    /** With every command. */
    static CommandLine line() {
        return line(Root.COMMANDS);
    }

    /** The command that these arguments name, since to describe all of them takes longer than most of them do; else every one, for the help. */
    private static List<String> needed(String... arguments) {
        int first = arguments.length > 0 && arguments[0].equals("--json") ? 1 : 0;
        return arguments.length > first && Root.COMMANDS.contains(arguments[first])
                ? List.of(arguments[first])
                : Root.COMMANDS;
    }

    private static CommandLine line(List<String> commands) {
        CommandLine line = new CommandLine(new Root());
        commands.forEach(name -> line.addSubcommand(name, Root.command(name)));
        line.setParameterExceptionHandler(Main::usage);
        line.setExecutionStrategy(Main::execute);
        line.setExecutionExceptionHandler(Main::fault);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false);
        line.registerConverter(Path.class, Input::path);
        line.registerConverter(LeafOrTime.class, LeafOrTime::new);
        describe(line);
        return line;
    }

    /** Runs the last command; {@code --json} before its name counts as one after it. */
    private static int execute(CommandLine.ParseResult result) {
        boolean json = false;
        for (CommandLine.ParseResult one = result; one != null; one = one.subcommand()) {
            json |= one.hasMatchedOption("--json");
            Object command = one.commandSpec().userObject();
            if (command instanceof Command c) {
                c.json = json;
            } else if (command instanceof Noun n) {
                n.json = json;
            }
        }
        if (json && result.isVersionHelpRequested()) {
            Screen.standard(true, List.of()).value(Version.toJson());
            return Exit.DONE.status();
        }
        return new CommandLine.RunLast().execute(result);
    }

    private static void describe(CommandLine line) {
        for (CommandLine sub : line.getSubcommands().values()) {
            describe(sub);
        }
        CommandSpec spec = line.getCommandSpec();
        UsageMessageSpec usage = spec.usageMessage();
        usage.sortOptions(true);
        if (spec.parent() == null) {
            usage.footer(exitStatuses().toArray(String[]::new));
        }
    }

    private static List<String> exitStatuses() {
        List<String> lines = new ArrayList<>(List.of("", "Exit status:"));
        for (Exit exit : Exit.values()) {
            lines.add(String.format("  %-3d %s", exit.status(), exit.meaning()));
        }
        return lines;
    }

    private static int usage(CommandLine.ParameterException e, String[] arguments) {
        boolean json = List.of(arguments).contains("--json");
        return Command.tell(Screen.standard(json, List.of(arguments)), usage(e));
    }

    private static Failure usage(CommandLine.ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String help = command.qualifiedName() + " --help";
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched && command.userObject() instanceof Noun) {
            String typed = unmatched.getUnmatched().getFirst();
            if (!typed.startsWith("-")) {
                return noSuchCommand(typed, command);
            }
        }
        String code = e.getCause() instanceof Input.EmptyPathException ? "path-empty" : "usage";
        return Failure.input(code, String.valueOf(e.getMessage()), help);
    }

    private static Failure noSuchCommand(String typed, CommandSpec noun) {
        List<String> known = noun.subcommands().entrySet().stream()
                .filter(c -> !c.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
        Optional<String> nearest = Input.nearest(typed, known).map(word -> noun.qualifiedName() + " " + word);
        return Failure.input(
                "no-such-command",
                "there is no command '" + typed + "'"
                        + nearest.map(command -> "; the nearest is: " + command).orElse(""),
                nearest.orElse(noun.qualifiedName()) + " --help");
    }

    private static int fault(Exception e, CommandLine line, CommandLine.ParseResult result) {
        List<String> words = result.originalArgs();
        Failure failure = new Failure(
                Exit.FAULT,
                "internal",
                "Jurat failed: " + e,
                "jurat",
                "look for a cause, and report this: jurat doctor");
        if (System.getProperty("jurat.trace") != null) {
            e.printStackTrace();
        }
        return Command.tell(Screen.standard(words.contains("--json"), words), failure);
    }
}
