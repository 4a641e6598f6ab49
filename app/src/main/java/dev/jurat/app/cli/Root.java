package dev.jurat.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@CommandLine.Command(
        name = "jurat",
        description = "Proof before authority: an execution ledger and identities for AI agents.",
        versionProvider = Version.class,
        subcommands = {
            UpCommand.class,
            DoctorCommand.class,
            VerifyCommand.class,
            LogCommands.class,
            StatusCommand.class,
            PendingCommand.class,
            ApproveCommand.class,
            DenyCommand.class,
            RevokeCommand.class,
            SearchCommand.class,
            ShowCommand.class,
            TraceCommand.class,
            AgentCommands.class,
            OperatorCommands.class,
            PolicyCommands.class,
            ProfileCommands.class,
            McpCommands.class,
            BundleCommands.class,
            DemoCommand.class,
            WarmUpCommand.class
        })
final class Root implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
