package dev.jurat.app.cli;

import dev.jurat.governance.DryRun;
import dev.jurat.governance.policy.Floors;
import dev.jurat.governance.policy.Policy;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.proof.FormatException;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        description = "What decides, and what it would decide.",
        subcommands = {
            PolicyCommands.Test.class,
            PolicyCommands.Publish.class,
            PolicyCommands.Withdraw.class,
            PolicyCommands.ListAll.class,
            PolicyCommands.Show.class
        })
final class PolicyCommands extends Noun {
    /** Which policy is meant. */
    abstract static class Chosen extends NodeCommand {
        @Parameters(
                index = "0",
                paramLabel = "POLICY",
                description = "The name of a shipped or published one, FILE.cedar or FILE.json.")
        String policy = "";

        @Option(names = "--name", paramLabel = "NAME@vN", description = "The name of a policy from a .cedar file.")
        Optional<String> name = Optional.empty();

        @Option(
                names = "--floors",
                split = ",",
                paramLabel = "N",
                description = "Least approvals for read,write,destroy,unknown.")
        List<Long> floors = new ArrayList<>();

        final PolicyArtefact artefact(JuratClient node) throws IOException, NodeException, FormatException {
            Floors typed = PolicySource.floors(floors);
            Optional<PolicyArtefact> published = PolicySource.published(node, policy);
            PolicyArtefact artefact = published.isPresent() ? published.get() : PolicySource.read(policy, name, floors);
            if (name.isPresent() && !name.get().equals(artefact.name())) {
                throw fixed("policy-name", "the name " + artefact.name());
            }
            if (!floors.isEmpty() && !typed.equals(artefact.floors())) {
                throw fixed("floors", "the least approvals " + PolicySource.words(artefact.floors()));
            }
            return artefact;
        }

        /** An option that would have no effect is refused, lest somebody rely on it. */
        private Failure fixed(String code, String what) {
            return Failure.input(
                    code,
                    policy + " has " + what + ", which an option cannot change: with another one it is another policy",
                    "write its text to a .cedar file, and publish that: jurat policy show " + Next.quoted(policy));
        }
    }

    @Command(
            name = "test",
            description = "Asks a policy. Each file is an input, or a case with input and outcome; needs no node.",
            footer = {
                "",
                "Without files: only checks that the policy can be loaded. Exit status 1 if a case differs.",
                "as-expected is told of cases alone, with --json too: an input expects nothing."
            })
    static final class Test extends dev.jurat.app.cli.Command {
        /** The longest input, in bytes. */
        private static final int INPUT_BYTES_MAX = 1 << 20;

        @Parameters(
                index = "0",
                paramLabel = "POLICY",
                description = "starter@v1, observe@v1, FILE.cedar or FILE.json.")
        String policy = "";

        @Parameters(index = "1..*", paramLabel = "FILE", description = "Inputs as docs/spec/policy.md gives them.")
        List<Path> files = new ArrayList<>();

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            PolicyArtefact artefact;
            Policy ready;
            try {
                artefact = PolicySource.alone(policy);
                unpack();
                ready = new DryRun(List.of(new CedarEngine())).load(artefact);
            } catch (FormatException e) {
                throw unusable(policy, e);
            }
            if (files.isEmpty()) {
                told(
                        screen,
                        policy,
                        JsonBuilder.object()
                                .put("digest", artefact.digest().hex())
                                .put("loads", true)
                                .build());
            }
            boolean all = true;
            for (Path file : files) {
                all &= ask(screen, ready, file);
            }
            return all ? Exit.DONE : Exit.NO;
        }

        private static boolean ask(Screen screen, Policy policy, Path file) throws IOException {
            byte[] bytes = Input.bytes(file, INPUT_BYTES_MAX);
            try {
                return ask(screen, policy, file, CanonicalJson.readLoose(bytes));
            } catch (FormatException e) {
                throw Failure.input(
                        e.code(),
                        file + ": " + e.getMessage(),
                        "correct this file, as docs/spec/policy.md §1 says, then: " + Next.SAME);
            }
        }

        private static boolean ask(Screen screen, Policy policy, Path file, Json.Obj read) throws FormatException {
            boolean isCase = read.members().get("input") instanceof Json.Obj;
            if (isCase && !read.members().containsKey("outcome")) {
                throw new FormatException("member-missing", "a case has an outcome beside its input");
            }
            Json.Obj input = isCase && read.members().get("input") instanceof Json.Obj inner ? inner : read;
            Json.Obj got = policy.decide(PolicyInput.read(input)).toJson();
            if (!isCase) {
                told(
                        screen,
                        file.toString(),
                        JsonBuilder.object().put("outcome", got).build());
                return true;
            }
            String wanted = View.text(read, "outcome").isEmpty()
                    ? View.text(read, "outcome.outcome")
                    : View.text(read, "outcome");
            boolean same = wanted.equals(View.text(got, "outcome"))
                    || View.at(read, "outcome").equals(got);
            told(
                    screen,
                    file.toString(),
                    JsonBuilder.object()
                            .put("as-expected", same)
                            .put("outcome", got)
                            .build());
            return same;
        }

        private static void told(Screen screen, String what, Json.Obj said) {
            if (screen.json()) {
                screen.value(said.with("name", Json.of(what)));
            } else {
                screen.line(Screen.clean(what));
                View.lines(screen, said, "  ");
            }
        }
    }

    @Command(
            name = "publish",
            description = "Puts a policy on the ledger and, unless --available, makes it the one that decides.")
    static final class Publish extends Chosen {
        @Option(names = "--available", description = "Publish only; another stays the default.")
        boolean available;

        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "Which administrator signs (default: the only one here).")
        Optional<String> as = Optional.empty();

        @Mixin
        SecondPerson second = new SecondPerson();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            PolicyArtefact artefact;
            try {
                artefact = artefact(node);
                unpack();
                new CedarEngine().loadToPublish(artefact);
            } catch (FormatException e) {
                throw unusable(policy, e);
            }
            PolicyNames.of(node).requireFree(artefact, this::under);
            boolean rewritten = PolicySource.isRewritten(policy, artefact);
            RegistryFacts.Publication use =
                    available ? RegistryFacts.Publication.AVAILABLE : RegistryFacts.Publication.DEFAULT;
            second.require(node);
            Receipt.Result result = publish(this, node, artefact, use, as, second);
            if (rewritten && !screen.json()) {
                screen.line(Screen.clean(policy) + Screen.REWRITTEN);
            }
            return told(this, screen, node, artefact, use, result);
        }

        /** This command with another name for the policy. */
        private String under(String other) {
            if (policy.endsWith(".json")) {
                return "name it " + other + " in " + policy + ", then: " + Next.SAME;
            }
            String counts = floors.isEmpty() ? "" : " --floors " + PolicySource.words(PolicySource.floors(floors));
            return "jurat policy publish " + Next.quoted(policy) + " --name " + other + counts
                    + (available ? " --available" : "")
                    + as.map(person -> " --as " + Next.quoted(person)).orElse("");
        }
    }

    @Command(
            name = "withdraw",
            description = "Ends a policy: it decides nothing more, and contracts under it are not admitted.")
    static final class Withdraw extends Chosen {
        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "Which administrator signs (default: the only one here).")
        Optional<String> as = Optional.empty();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            PolicyArtefact artefact = artefact(node);
            Receipt.Result result =
                    publish(this, node, artefact, RegistryFacts.Publication.WITHDRAWN, as, new SecondPerson());
            return told(this, screen, node, artefact, RegistryFacts.Publication.WITHDRAWN, result);
        }
    }

    private static Failure unusable(String policy, FormatException e) {
        return Failure.input(
                e.code(),
                policy + " is no policy that can be published: " + e.getMessage(),
                "correct it, as docs/spec/policy.md §3 and §5 say, then: " + Next.SAME);
    }

    private static Receipt.Result publish(
            NodeCommand command,
            JuratClient node,
            PolicyArtefact artefact,
            RegistryFacts.Publication use,
            Optional<String> as,
            SecondPerson second)
            throws IOException, NodeException, FormatException {
        var floors = artefact.floors();
        RegistryFacts.Policy facts = new RegistryFacts.Policy(
                artefact.digest(),
                artefact.name(),
                use,
                new RegistryFacts.Floors(floors.read(), floors.write(), floors.destroy(), floors.unknown()));
        if (!node.head().claimed()) {
            throw Failure.no(
                    "unclaimed",
                    "nobody may publish a policy on an unclaimed node",
                    "jurat operator enroll --name YOU");
        }
        Person person = Person.unlock(command, node, as);
        second.unlock(command, node, person);
        RegistryFacts.Policy agreed = second.principal().map(facts::with).orElse(facts);
        Entry entry = person.signBare(node, agreed, References.NONE, second.keys());
        return Submission.one(node, entry, List.of(artefact.bytes()), "jurat policy list");
    }

    private static Exit told(
            NodeCommand command,
            Screen screen,
            JuratClient node,
            PolicyArtefact artefact,
            RegistryFacts.Publication use,
            Receipt.Result result)
            throws NodeException, IOException, FormatException {
        Unconfirmed unconfirmed = Unconfirmed.of(command, node);
        Optional<TooFew> few =
                use == RegistryFacts.Publication.WITHDRAWN ? Optional.empty() : TooFew.of(node, artefact.floors());
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("artefact", artefact.digest().hex())
                    .put("name", artefact.name())
                    .put("record", result.id().hex())
                    .put("unconfirmed", unconfirmed.toJson(screen))
                    .put("use", use.wire())
                    .put(
                            "warnings",
                            new Json.Arr(few.stream()
                                    .<Json>map(f -> f.toJson(screen))
                                    .toList()))
                    .build());
        } else {
            screen.line(artefact.name() + " is now " + use.wire() + " (artefact "
                    + View.brief(artefact.digest().hex()) + ").");
            few.ifPresent(f -> f.show(screen));
            if (use == RegistryFacts.Publication.DEFAULT) {
                unconfirmed.show(screen);
                screen.next(unconfirmed.next("jurat pending --watch"));
            } else {
                screen.next("jurat policy list");
            }
        }
        return Exit.DONE;
    }

    @Command(
            name = "list",
            description = "The policies on the ledger, and those that come with Jurat.",
            footer = {"", "--json: each publication of them, in the order of the log."})
    static final class ListAll extends NodeCommand {
        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException {
            Json.Obj answer = node.get("/v1/policies");
            List<Json> rows = new ArrayList<>(View.list(answer, "policies"));
            List<String> published =
                    rows.stream().map(p -> View.text(p, "artefact")).toList();
            for (PolicyArtefact shipped : ShippedPolicies.all()) {
                if (!published.contains(shipped.digest().hex())) {
                    rows.add(JsonBuilder.object()
                            .put("artefact", shipped.digest().hex())
                            .put("name", shipped.name())
                            .put("use", "not published")
                            .build());
                }
            }
            if (screen.json()) {
                screen.value(
                        JsonBuilder.object().put("policies", new Json.Arr(rows)).build());
            } else {
                screen.table(
                        List.of("NAME", "DECIDES", "USE", "ARTEFACT", "RECORD"),
                        each(rows).stream()
                                .map(p -> List.of(
                                        View.text(p, "name"),
                                        View.at(p, "decides").equals(Json.of(true)) ? "decides" : "",
                                        View.text(p, "use"),
                                        View.brief(View.text(p, "artefact")),
                                        View.brief(View.text(p, "record"))))
                                .toList());
                if (node.head().claimed()
                        && rows.stream().noneMatch(p -> View.at(p, "decides").equals(Json.of(true)))) {
                    screen.line(screen.tone(Screen.Tone.WARN, "! Nothing decides, so every call is refused."));
                    screen.next("jurat policy publish starter@v1");
                }
            }
            return Exit.DONE;
        }

        /** Each policy once, however often it was published: by the publication that decides, or else by the newest. */
        private static Collection<Json> each(List<Json> rows) {
            Map<List<String>, Json> out = new LinkedHashMap<>();
            for (Json row : rows) {
                out.merge(
                        List.of(View.text(row, "name"), View.text(row, "artefact")),
                        row,
                        (one, later) -> View.at(one, "decides").equals(Json.of(true)) ? one : later);
            }
            return out.values();
        }
    }

    @Command(
            name = "show",
            description =
                    "The text of a policy: of a published or shipped one by name, of any by its artefact's digest.")
    static final class Show extends NodeCommand {
        @Parameters(paramLabel = "POLICY", description = "A name as in: jurat policy list, a file, or 64 digits.")
        String policy = "";

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            Optional<PolicyArtefact> published = Hash.isHex(policy)
                    ? Optional.of(PolicySource.artefact(node, Hash.fromHex(policy), policy))
                    : PolicySource.published(node, policy);
            PolicyArtefact artefact = published.isPresent()
                    ? published.get()
                    : PolicySource.read(policy, Optional.of("shown@v1"), List.of());
            boolean withdrawn = PolicySource.isWithdrawn(node, artefact);
            if (screen.json()) {
                screen.value(CanonicalJson.read(artefact.bytes()));
            } else {
                screen.line(artefact.name() + "  " + artefact.digest().hex());
                artefact.policies().lines().forEach(line -> screen.line("  " + Screen.clean(line)));
                if (withdrawn) {
                    screen.line(screen.tone(Screen.Tone.WARN, "It was withdrawn, and decides nothing."));
                    screen.next("to publish it again: jurat policy publish " + artefact.name());
                }
            }
            return Exit.DONE;
        }
    }
}
