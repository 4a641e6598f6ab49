package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bundle",
        description = "Proof that a stranger can check offline.",
        subcommands = {BundleCommands.Export.class, BundleCommands.ListFiles.class, BundleCommands.Show.class})
final class BundleCommands extends Noun {
    private static final int BYTES_MAX = 1 << 30;
    private static final Set<String> LOST = Set.of("artefact-damaged", "body-damaged");

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

        @Option(names = "--force", description = "Write over a file that is there already.")
        boolean force;

        @Option(
                names = "--incomplete",
                description =
                        "Write it without what is missing or damaged on the node, too; then the exit status is 1.")
        boolean incomplete;

        @Option(
                names = "--witnessed",
                description =
                        "As of the newest checkpoint that a quorum of witnesses has cosigned; without it that one is taken where nothing"
                                + " of the bundle came after.")
        boolean witnessed;

        @Mixin
        ExportRecord export = new ExportRecord();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            Input.free(out, force);
            Optional<Failure> lost = Optional.empty();
            String query = query(node);
            byte[] bundle;
            try {
                bundle = ask(node, query);
            } catch (NodeException e) {
                lost = Optional.of(lost(e));
                bundle = ask(node, query + "&incomplete=true");
            }
            PrivateFiles.write(out, bundle);
            told(screen, bundle.length, lost);
            return lost.isEmpty() ? Exit.DONE : Exit.NO;
        }

        private static byte[] ask(JuratClient node, String query) throws NodeException {
            return node.bytes("/v1/bundle?" + query, BYTES_MAX, Duration.ofMinutes(5));
        }

        /** What the node has lost, where the bundle is wanted all the same. */
        private Failure lost(NodeException e) throws NodeException {
            if (!LOST.contains(e.code())) {
                String pasted = e.next().replace("--out FILE", "--out " + Next.quoted(out.toString()));
                throw e.told(String.valueOf(e.getMessage()), pasted);
            }
            Failure failure = new Failure(
                    Exit.NO,
                    e.code(),
                    String.valueOf(e.getMessage()),
                    e.owner(),
                    e.next() + "; or write it without them: " + Next.SAME + " --incomplete");
            if (!incomplete) {
                throw failure;
            }
            return failure;
        }

        private void told(Screen screen, int bytes, Optional<Failure> lost) {
            if (screen.json()) {
                JsonBuilder said = JsonBuilder.object().put("bytes", bytes).put("file", out.toString());
                lost.ifPresent(f -> said.put("lost", f.code() + ": " + f.getMessage()));
                screen.value(said.build());
                return;
            }
            screen.line(out + ": " + bytes + " bytes. It holds bodies: what was called, with which arguments.");
            lost.ifPresent(f -> screen.line(screen.tone(
                    Screen.Tone.BAD, "! Incomplete. " + f.code() + ": " + Screen.clean(f.getMessage() + ""))));
            screen.next("jurat verify --trust TRUST.json " + Next.quoted(out.toString()));
        }

        private String query(JuratClient node) throws IOException, NodeException, FormatException {
            return export.query(this, node, extent(node)).orElseGet(this::scoped)
                    + (witnessed ? "&witnessed=true" : "");
        }

        /** The same as {@link #scoped} for a record, which names nothing in short. */
        private OperationFacts.Export extent(JuratClient node) throws NodeException, FormatException {
            if (export.as.isEmpty() || scope.all) {
                return OperationFacts.Export.all();
            }
            if (scope.session.isPresent()) {
                return OperationFacts.Export.session(Stream.parse(scope.session.get()));
            }
            Entry found = View.entry(node.get("/v1/records/" + Ids.check(scope.action.orElseThrow())));
            return OperationFacts.Export.action(found.record().id());
        }

        private String scoped() {
            if (scope.all) {
                return "all=true";
            }
            String name = scope.action.isPresent() ? "action" : "session";
            String value = scope.action.isPresent() ? Ids.check(scope.action.get()) : scope.session.orElseThrow();
            return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        }
    }

    @Command(
            name = "list",
            description = "The bundles in a folder: each .jurat file, and what it says of itself.",
            footer = {"", "Nothing is checked: jurat verify does that. To make one: jurat bundle export."})
    static final class ListFiles extends dev.jurat.app.cli.Command {
        @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder (default: the present one).")
        Path folder = Path.of("");

        @Override
        Exit run(Screen screen) throws IOException {
            List<Json> rows = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jurat")) {
                for (Path file : files) {
                    rows.add(row(file));
                }
            } catch (NotDirectoryException e) {
                throw Failure.input(
                        "not-a-folder",
                        folder + " is not a folder",
                        "jurat bundle show " + Next.quoted(folder.toString()));
            }
            rows.sort(Comparator.comparing(r -> View.text(r, "file")));
            if (screen.json()) {
                screen.value(
                        JsonBuilder.object().put("bundles", new Json.Arr(rows)).build());
                return Exit.DONE;
            }
            if (rows.isEmpty()) {
                screen.line("No bundle is in this folder.");
                screen.next("jurat bundle export --all --out all.jurat");
                return Exit.DONE;
            }
            screen.table(
                    List.of("FILE", "BYTES", "SCOPE", "LEAVES", "LOG"),
                    rows.stream()
                            .map(r -> List.of(
                                    View.text(r, "file"),
                                    View.text(r, "bytes"),
                                    View.text(r, "code").isEmpty() ? View.text(r, "scope") : View.text(r, "code"),
                                    View.text(r, "leaves"),
                                    View.text(r, "origin")))
                            .toList());
            return Exit.DONE;
        }

        private static Json row(Path file) throws IOException {
            JsonBuilder out = JsonBuilder.object().put("file", file.toString()).put("bytes", Files.size(file));
            try {
                Json manifest = CanonicalJson.read(read(file).manifest());
                out.put("leaves", View.at(manifest, "counts.leaves"))
                        .put("origin", View.text(manifest, "origin"))
                        .put("scope", View.at(manifest, "scope"));
            } catch (FormatException e) {
                out.put("code", e.code());
            }
            return out.build();
        }
    }

    @Command(
            name = "show",
            description =
                    "What a bundle says of itself: its manifest, and its summary of each action. Nothing is checked.")
    static final class Show extends dev.jurat.app.cli.Command {
        @Parameters(paramLabel = "FILE", description = "The bundle.")
        Path file = Path.of("");

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            Bundle bundle = read(file);
            Json manifest = CanonicalJson.read(bundle.manifest());
            Json summary = CanonicalJson.read(bundle.summary());
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("manifest", manifest)
                        .put("summary", summary)
                        .put("verified", false)
                        .build());
                return Exit.DONE;
            }
            screen.line(screen.tone(Screen.Tone.WARN, "As the bundle says; nothing of it was checked."));
            screen.line("manifest");
            View.lines(screen, manifest, "  ");
            screen.line("summary");
            View.lines(screen, summary, "  ");
            screen.next("jurat verify --trust TRUST.json " + Next.quoted(file.toString()));
            return Exit.DONE;
        }
    }

    private static Bundle read(Path file) throws IOException, FormatException {
        if (!Files.isRegularFile(file)) {
            throw Failure.input("no-such-file", "there is no file " + file, "jurat bundle list");
        }
        if (Files.size(file) > Bundle.bytesMax()) {
            throw new FormatException("zip-large", "a bundle has at most " + Bundle.bytesMax() + " bytes");
        }
        return Bundle.parse(Files.readAllBytes(file));
    }
}
