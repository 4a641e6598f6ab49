package dev.jurat.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

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
final class Root extends Noun {
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;
}
