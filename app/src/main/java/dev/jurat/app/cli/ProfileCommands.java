package dev.jurat.app.cli;

import dev.jurat.ledger.LedgerConfig;
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
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "profile",
        description = "What the tools of a server do, and on what.",
        subcommands = {
            ProfileCommands.ListAll.class,
            ProfileCommands.Show.class,
            ProfileCommands.Publish.class,
            ProfileCommands.Withdraw.class
        })
final class ProfileCommands extends Noun {
    /** The longest artefact that a node takes, in bytes. */
    private static final int PROFILE_BYTES_MAX = LedgerConfig.STANDARD.artefactBytesMax();

    @Command(
            name = "list",
            description = "The tool profiles on the ledger, in its order, and those that were withdrawn.",
            footer = {"", "Of several that know a server, a wrapper takes the one that was published last."})
    static final class ListAll extends NodeCommand {
        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException {
            Json.Obj answer = node.profiles();
            if (screen.json()) {
                screen.value(answer);
                return Exit.DONE;
            }
            List<Json> published = View.list(answer, "profiles");
            List<List<String>> rows = new ArrayList<>();
            published.forEach(p -> rows.add(row(p, "published")));
            View.list(answer, "withdrawn").forEach(p -> rows.add(row(p, "withdrawn")));
            screen.table(List.of("NAME", "USE", "ARTEFACT", "ACCEPTED CHANGES"), rows);
            if (published.size() > 1) {
                screen.line("Of several that know a server, a wrapper takes the one that was published last.");
            }
            return Exit.DONE;
        }

        private static List<String> row(Json profile, String use) {
            return List.of(
                    View.text(profile, "name"),
                    use,
                    View.text(profile, "artefact"),
                    Integer.toString(View.list(profile, "accepts").size()));
        }
    }

    @Command(name = "show", description = "One profile: effect and resources of each tool.")
    static final class Show extends NodeCommand {
        @Parameters(paramLabel = "PROFILE", description = "Its name, or its artefact's digest.")
        String profile = "";

        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException, FormatException {
            Hash digest = find(node, profile);
            boolean withdrawn = View.list(node.profiles(), "withdrawn").stream()
                    .anyMatch(p -> View.text(p, "artefact").equals(digest.hex()));
            Json.Obj read = CanonicalJson.readObject(node.artefact(digest));
            if (screen.json()) {
                screen.value(read);
            } else {
                View.lines(screen, read, "");
                if (withdrawn) {
                    screen.line(screen.tone(Screen.Tone.WARN, "It was withdrawn, and no wrapper takes it any more."));
                    screen.next("to publish it again: jurat profile publish " + digest.hex());
                }
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
                "A tool whose definition differs from the profile's is unknown until the new one is accepted.",
                "Of several that know a server, a wrapper takes the one published last; publishing one again puts it last."
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

        @Mixin
        SecondPerson second = new SecondPerson();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            byte[] typed = Files.exists(Path.of(profile))
                    ? Input.bytes(Path.of(profile), PROFILE_BYTES_MAX)
                    : node.artefact(find(node, profile));
            // People write files with spaces and in their own order; what is published has one form.
            byte[] bytes;
            ToolProfile read;
            try {
                bytes = CanonicalJson.write(CanonicalJson.readLoose(typed));
                read = ToolProfile.read(bytes);
                if (read.tools().isEmpty()) {
                    throw new FormatException("profile-tool", "it has no tool");
                }
            } catch (FormatException e) {
                throw unusable(e);
            }
            boolean rewritten = !Arrays.equals(bytes, typed);
            requireFree(node, read);
            RegistryFacts.Profile facts = new RegistryFacts.Profile(
                    read.digest(), read.name(), RegistryFacts.Publication.AVAILABLE, accepts(read));
            second.require(node);
            Person person = Person.unlock(this, node, as);
            second.unlock(this, node, person);
            RegistryFacts.Profile agreed = second.principal().map(facts::with).orElse(facts);
            Entry entry = person.signBare(node, agreed, References.NONE, second.keys());
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
            List<String> bearers = all(node)
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

        private List<RegistryFacts.Accepted> accepts(ToolProfile read) {
            List<RegistryFacts.Accepted> out = new ArrayList<>();
            accepted.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> {
                if (read.tool(e.getKey()).isEmpty()) {
                    throw Failure.input(
                            "no-such-tool",
                            read.name() + " has no tool " + e.getKey() + "; it has: "
                                    + String.join(", ", read.tools().keySet()),
                            "name one of them, as jurat pending and jurat show have it");
                }
                if (!Hash.isHex(e.getValue())) {
                    throw Failure.input("digest-syntax", e.getValue() + " is not a digest", "jurat pending");
                }
                out.add(new RegistryFacts.Accepted(e.getKey(), Hash.fromHex(e.getValue())));
            });
            return List.copyOf(out);
        }
    }

    @Command(
            name = "withdraw",
            description = "Takes a profile away: no wrapper that starts from now on reads a server by it.",
            footer = {
                "",
                "A server that no other profile knows has unknown tools then. A wrapper that runs has new calls under it",
                "refused until it starts again; contracts that were given under it go on until they end or are revoked."
            })
    static final class Withdraw extends NodeCommand {
        @Parameters(paramLabel = "PROFILE", description = "Its name, or its artefact's digest.")
        String profile = "";

        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "Which administrator signs (default: the only one here).")
        Optional<String> as = Optional.empty();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            Json named = all(node)
                    .filter(p -> View.text(p, "name").equals(profile)
                            || View.text(p, "artefact").equals(profile))
                    .findFirst()
                    .orElseThrow(() -> unknown(profile));
            Hash digest = Hash.fromHex(View.text(named, "artefact"));
            String name = View.text(named, "name");
            RegistryFacts.Profile facts =
                    new RegistryFacts.Profile(digest, name, RegistryFacts.Publication.WITHDRAWN, List.of());
            Entry entry = Person.unlock(this, node, as).signBare(node, facts, References.NONE);
            Receipt.Result result = Submission.one(node, entry, List.of(), "jurat profile list");
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("artefact", digest.hex())
                        .put("name", name)
                        .put("record", result.id().hex())
                        .build());
            } else {
                screen.line(name + " is withdrawn (artefact " + View.brief(digest.hex()) + ").");
                screen.line("Wrappers that run know it still: start their clients again.");
                screen.next("jurat profile list");
            }
            return Exit.DONE;
        }
    }

    private static Failure unknown(String named) {
        return Failure.input("no-such-profile", "there is no profile " + named, "jurat profile list");
    }

    /** Those that are published, the newest first, then those that were withdrawn, the newest first. */
    private static Stream<Json> all(JuratClient node) throws NodeException {
        Json.Obj answer = node.profiles();
        return Stream.concat(
                View.list(answer, "profiles").reversed().stream(), View.list(answer, "withdrawn").reversed().stream());
    }

    private static Hash find(JuratClient node, String named) throws NodeException {
        if (Hash.isHex(named)) {
            return Hash.fromHex(named);
        }
        return all(node)
                .filter(p -> View.text(p, "name").equals(named))
                .map(p -> Hash.fromHex(View.text(p, "artefact")))
                .findFirst()
                .orElseThrow(() -> unknown(named));
    }
}
