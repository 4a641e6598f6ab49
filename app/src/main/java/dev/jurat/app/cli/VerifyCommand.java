package dev.jurat.app.cli;

import dev.jurat.proof.verify.VerifyMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "verify",
        description = "Checks a proof bundle, or a state proof, offline, with no trust in any node.",
        footer = {
            "",
            "--json: the report, and next where something is left to do.",
            "Exit status: 0 sound under the trust policy, 1 any defect or no trust policy, 2 unusable input.",
            "The same without Jurat's other parts, by a Java 25: ${sys:java.home}/bin/java -jar proof/target/jurat-verify.jar"
        })
final class VerifyCommand extends Command {
    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Whose log you believe; comes from outside the file (jurat log trust).")
    Optional<Path> trust = Optional.empty();

    @Parameters(paramLabel = "FILE", description = "What jurat bundle export or jurat log prove wrote.")
    Path bundle = Path.of("");

    @Override
    Exit run(Screen screen) {
        List<String> arguments = new ArrayList<>();
        trust.ifPresent(file -> arguments.addAll(List.of("--trust", file.toString())));
        if (json) {
            arguments.add("--json");
        }
        // Else a name that begins with a hyphen would be read as an option again.
        Path file = bundle.toString().startsWith("-") ? Path.of(".").resolve(bundle) : bundle;
        arguments.add(file.toString());
        int status = VerifyMain.run("jurat verify", true, arguments.toArray(String[]::new), System.out, System.err);
        return switch (status) {
            case VerifyMain.ACCEPTED -> Exit.DONE;
            case VerifyMain.REFUSED -> Exit.NO;
            default -> Exit.INPUT;
        };
    }
}
