package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "bundle",
        description = "Proof that a stranger can check offline.",
        subcommands = {BundleCommands.Export.class})
final class BundleCommands extends Noun {
    private static final int BYTES_MAX = 1 << 30;

    @Command(
            name = "export",
            description = "Writes the records, proofs, bodies and artefacts of an action, a session, or everything.")
    static final class Export extends NodeCommand {
        /** What the bundle is about. */
        static final class Scope {
            @Option(names = "--action", paramLabel = "ID", description = "One action, by any of its records.")
            Optional<String> action = Optional.empty();

            @Option(names = "--session", paramLabel = "ID", description = "One session: PRINCIPAL/SESSION.")
            Optional<String> session = Optional.empty();

            @Option(names = "--all", description = "Everything.")
            boolean all;
        }

        @ArgGroup(multiplicity = "1")
        Scope scope = new Scope();

        @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file to write.")
        Path out = Path.of("");

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            byte[] bundle = node.bytes("/v1/bundle?" + query(), BYTES_MAX, Duration.ofMinutes(5));
            PrivateFiles.write(out, bundle);
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("bytes", bundle.length)
                        .put("file", out.toString())
                        .build());
            } else {
                screen.line(
                        out + ": " + bundle.length + " bytes. It holds bodies: what was called, with which arguments.");
                screen.line("  next: jurat verify --trust TRUST.json " + out);
            }
            return Exit.DONE;
        }

        private String query() {
            if (scope.all) {
                return "all=true";
            }
            String name = scope.action.isPresent() ? "action" : "session";
            String value = scope.action.isPresent() ? Ids.check(scope.action.get()) : scope.session.orElseThrow();
            return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        }
    }
}
