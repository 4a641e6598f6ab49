package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "profile",
        description = "What the tools of a server do, and on what.",
        subcommands = {ProfileCommands.ListAll.class, ProfileCommands.Show.class, ProfileCommands.Publish.class})
final class ProfileCommands extends Noun {
    @Command(name = "list", description = "The tool profiles on the ledger.")
    static final class ListAll extends NodeCommand {
        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException {
            Json.Obj answer = node.profiles();
            if (screen.json()) {
                screen.value(answer);
                return Exit.DONE;
            }
            screen.table(
                    List.of("NAME", "ARTEFACT", "ACCEPTED CHANGES"),
                    View.list(answer, "profiles").stream()
                            .map(p -> List.of(
                                    View.text(p, "name"),
                                    View.text(p, "artefact"),
                                    Integer.toString(View.list(p, "accepts").size())))
                            .toList());
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "One profile: effect and resources of each tool.")
    static final class Show extends NodeCommand {
        @Parameters(paramLabel = "PROFILE", description = "Its name, or its artefact's digest.")
        String profile = "";

        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException, FormatException {
            byte[] bytes = node.artefact(find(node, profile));
            Json.Obj read = CanonicalJson.readObject(bytes);
            if (screen.json()) {
                screen.value(read);
            } else {
                View.lines(screen, read, "");
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "publish",
            description = "Puts a profile on the ledger, or accepts changed tool definitions under one that is there.",
            footer = {
                "",
                "A file is published in canonical form, however it is written.",
                "A tool whose definition differs from the profile's is unknown until the new one is accepted."
            })
    static final class Publish extends NodeCommand {
        @Parameters(paramLabel = "PROFILE", description = "A file, or the name or digest of one on the ledger.")
        String profile = "";

        @Option(
                names = "--accept",
                paramLabel = "TOOL=DIGEST",
                description = "A definition that you have looked at. May be repeated.")
        Map<String, String> accepted = Map.of();

        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "Which administrator signs (default: the only one here).")
        Optional<String> as = Optional.empty();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            byte[] typed = Files.exists(Path.of(profile))
                    ? Files.readAllBytes(Path.of(profile))
                    : node.artefact(find(node, profile));
            // People write files with spaces and in their own order; what is published has one form.
            byte[] bytes;
            ToolProfile read;
            try {
                bytes = CanonicalJson.write(CanonicalJson.readLoose(typed));
                read = ToolProfile.read(bytes);
            } catch (FormatException e) {
                throw unusable(e);
            }
            boolean rewritten = !Arrays.equals(bytes, typed);
            requireFree(node, read);
            RegistryFacts.Profile facts = new RegistryFacts.Profile(
                    read.digest(), read.name(), RegistryFacts.Publication.AVAILABLE, accepts());
            Entry entry = Person.unlock(home(), node, as).signBare(node, facts, References.NONE);
            Receipt.Result result = Submission.one(node, entry, List.of(bytes), "jurat profile list");
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("artefact", read.digest().hex())
                        .put("name", read.name())
                        .put("record", result.id().hex())
                        .put("rewritten", rewritten)
                        .build());
            } else {
                if (rewritten) {
                    screen.line(Screen.clean(profile) + Screen.REWRITTEN);
                }
                screen.line(read.name() + " is published (artefact "
                        + View.brief(read.digest().hex()) + ").");
                screen.next("jurat profile show " + read.name());
            }
            return Exit.DONE;
        }

        private Failure unusable(FormatException e) {
            return Failure.input(
                    e.code(),
                    profile + " is no tool profile: " + e.getMessage(),
                    "correct it, as docs/spec/contract.md §8 says, then: " + Next.SAME);
        }

        /** Refuses another profile under a name that one has; the node does, too, after the signature. */
        private void requireFree(JuratClient node, ToolProfile read) throws NodeException {
            List<String> bearers = View.list(node.profiles(), "profiles").stream()
                    .filter(p -> View.text(p, "name").equals(read.name()))
                    .map(p -> View.text(p, "artefact"))
                    .toList();
            if (!bearers.isEmpty() && !bearers.contains(read.digest().hex())) {
                throw Failure.input(
                        "profile-name-taken",
                        read.name() + " is the name of another profile (artefact " + View.brief(bearers.getFirst())
                                + ")",
                        "give it another name in the file, then: " + Next.SAME);
            }
        }

        private List<RegistryFacts.Accepted> accepts() {
            List<RegistryFacts.Accepted> out = new ArrayList<>();
            accepted.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> {
                if (!Hash.isHex(e.getValue())) {
                    throw Failure.input("digest-syntax", e.getValue() + " is not a digest", "jurat pending");
                }
                out.add(new RegistryFacts.Accepted(e.getKey(), Hash.fromHex(e.getValue())));
            });
            return List.copyOf(out);
        }
    }

    private static Hash find(JuratClient node, String named) throws NodeException {
        if (Hash.isHex(named)) {
            return Hash.fromHex(named);
        }
        return View.list(node.profiles(), "profiles").stream()
                .filter(p -> View.text(p, "name").equals(named))
                .map(p -> Hash.fromHex(View.text(p, "artefact")))
                .findFirst()
                .orElseThrow(
                        () -> Failure.input("no-such-profile", "there is no profile " + named, "jurat profile list"));
    }
}
