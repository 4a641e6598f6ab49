package dev.jurat.app.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "jurat",
        description = "Proof before authority: an execution ledger and identities for AI agents.",
        versionProvider = Version.class)
final class Root extends Noun {
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    /** All commands, in the order of the help. */
    static final List<String> COMMANDS = List.of(
            "up",
            "doctor",
            "verify",
            "log",
            "assess",
            "status",
            "pending",
            "approve",
            "deny",
            "revoke",
            "search",
            "show",
            "trace",
            "agent",
            "operator",
            "key",
            "policy",
            "profile",
            "configuration",
            "mcp",
            "bundle",
            "witness",
            "signer",
            "demo",
            "warm-up");

    /** The class of one of them; only this one is loaded. */
    static Class<?> command(String name) {
        return switch (name) {
            case "up" -> UpCommand.class;
            case "doctor" -> DoctorCommand.class;
            case "verify" -> VerifyCommand.class;
            case "log" -> LogCommands.class;
            case "assess" -> AssessCommands.class;
            case "status" -> StatusCommand.class;
            case "pending" -> PendingCommand.class;
            case "approve" -> ApproveCommand.class;
            case "deny" -> DenyCommand.class;
            case "revoke" -> RevokeCommand.class;
            case "search" -> SearchCommand.class;
            case "show" -> ShowCommand.class;
            case "trace" -> TraceCommand.class;
            case "agent" -> AgentCommands.class;
            case "operator" -> OperatorCommands.class;
            case "key" -> KeyCommands.class;
            case "policy" -> PolicyCommands.class;
            case "profile" -> ProfileCommands.class;
            case "configuration" -> ConfigurationCommands.class;
            case "mcp" -> McpCommands.class;
            case "bundle" -> BundleCommands.class;
            case "witness" -> WitnessCommands.class;
            case "signer" -> SignerCommands.class;
            case "demo" -> DemoCommand.class;
            case "warm-up" -> WarmUpCommand.class;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
