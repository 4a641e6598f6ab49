package dev.jurat.app.cli;

import picocli.CommandLine.Command;

@Command(
        name = "assess",
        description = "How far a log, or a bundle of it, meets a rule of others.",
        subcommands = {AssessAg016Command.class})
final class AssessCommands extends Noun {}
