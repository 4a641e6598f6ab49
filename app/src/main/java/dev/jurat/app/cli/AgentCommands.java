package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "agent",
        description = "Agents, and the enforcement point of this folder.",
        subcommands = {
            AgentCommands.Enroll.class,
            AgentCommands.Confirm.class,
            AgentCommands.Suspend.class,
            AgentCommands.Resume.class,
            AgentCommands.Describe.class,
            AgentNames.Bind.class,
            AgentNames.Unbind.class,
            AgentEnd.class,
            AgentCommands.ListAll.class,
            AgentCommands.Show.class
        })
final class AgentCommands extends Noun {
    @Command(
            name = "enroll",
            description =
                    "Makes an agent known, with an administrator's signature; and the wrappers' enforcement point, if it is not yet.")
    static final class Enroll extends NodeCommand {
        @Parameters(
                arity = "1..*",
                paramLabel = "NAME",
                description = "As in: jurat mcp wrap --agent NAME. Several are enrolled one after the other.")
        List<String> names = List.of();

        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "Which administrator signs (default: the only one here).")
        Optional<String> as = Optional.empty();

        @Mixin
        AgentDescription description = new AgentDescription();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            names.forEach(AgentCommands::checkName);
            if (description.isGiven() && !node.head().claimed()) {
                throw Failure.input(
                        "description-unclaimed",
                        "an administrator says what an agent is for, and this node has none yet",
                        "jurat operator enroll --name YOU; then: jurat agent describe "
                                + Next.quoted(names.getFirst()));
            }
            KeyFile point = KeyFile.open(home().pointKey(), "system", SignerType.SERVICE, RandomSource.secure());
            Optional<Person> by = node.head().claimed() ? Optional.of(Person.unlock(this, node, as)) : Optional.empty();
            enroll(node, point, Role.POINT, "mcp", by);
            List<Enrolled> all = new ArrayList<>();
            for (String name : names) {
                Enrolled one = enrolled(node, name, by);
                all.add(one);
                if (!screen.json()) {
                    one.show(screen);
                }
            }
            Unconfirmed unconfirmed = Unconfirmed.of(this, node);
            if (screen.json()) {
                screen.value(json(all, unconfirmed, screen));
            } else {
                unconfirmed.show(screen);
                screen.next(unconfirmed.next("jurat mcp wrap --agent " + names.getFirst() + " -- COMMAND…"));
            }
            return Exit.DONE;
        }

        private Enrolled enrolled(JuratClient node, String name, Optional<Person> by)
                throws IOException, NodeException, FormatException {
            Identity agent = Identity.open(
                    home().agentKey(name), OperatorCommands.NAMESPACE, SignerType.AGENT, RandomSource.secure());
            List<String> namesakes = namesakes(node, name, agent);
            boolean added = enroll(node, agent, Role.AGENT, name, by);
            if (by.isPresent() && description.isGiven()) {
                describe(this, node, by.get(), description, agent.principal());
            }
            return new Enrolled(name, agent.principal(), added, namesakes);
        }

        /** One agent is an object with what is left to confirm in it, of several there is a list. */
        private static Json.Obj json(List<Enrolled> all, Unconfirmed unconfirmed, Screen screen) {
            Json.Obj told = all.size() == 1
                    ? all.getFirst().toJson()
                    : JsonBuilder.object()
                            .put(
                                    "agents",
                                    new Json.Arr(all.stream()
                                            .<Json>map(Enrolled::toJson)
                                            .toList()))
                            .build();
            return told.with("unconfirmed", unconfirmed.toJson(screen));
        }

        /** What became of one of them. */
        private record Enrolled(String name, String principal, boolean added, List<String> namesakes) {
            Json.Obj toJson() {
                return JsonBuilder.object()
                        .put("added", added)
                        .put("name", name)
                        .strings("namesakes", namesakes)
                        .put("principal", principal)
                        .build();
            }

            void show(Screen screen) {
                screen.line(name + (added ? " is enrolled: " : " was enrolled already: ") + principal);
                if (!namesakes.isEmpty()) {
                    screen.line(screen.tone(
                            Screen.Tone.WARN,
                            "! Another agent of this node is called " + name
                                    + ", and its key is not in this folder: "
                                    + Screen.clean(String.join(", ", namesakes))));
                }
            }
        }

        /** The other agents that the node knows by this name. */
        private static List<String> namesakes(JuratClient node, String name, Identity agent) throws NodeException {
            return View.list(node.get("/v1/principals"), "principals").stream()
                    .filter(p -> View.text(p, "name").equals(name))
                    .filter(p -> View.list(p, "roles").contains(Json.of(Role.AGENT.wire())))
                    .map(p -> View.text(p, "principal"))
                    .filter(id -> !id.equals(agent.principal()))
                    .toList();
        }
    }

    /** Has an administrator say what an agent is for. */
    private static void describe(
            NodeCommand command, JuratClient node, Person by, AgentDescription description, String principal)
            throws IOException, NodeException, FormatException {
        AgentSaying.Said said = description.of(command, node, principal);
        Submission.one(
                node, by.sign(node, said.facts(), References.NONE, said.details()), "jurat agent describe --help");
    }

    /** Enrols a key unless it is known; says whether it was new. */
    static boolean enroll(JuratClient node, Identity identity, Role role, String name, Optional<Person> by)
            throws NodeException {
        Stream stream =
                new Stream(identity.principal(), Stream.sessionId(identity.key().verifyKey()));
        if (node.stream(stream).isPresent()) {
            return false;
        }
        NodeHead head = node.head();
        RegistryFacts.Key facts = new RegistryFacts.Key(
                RegistryFacts.KeyAction.ENROLL,
                identity.principal(),
                identity.type(),
                List.of(role),
                identity.key().verifyKey().text(),
                by.isPresent() ? RegistryFacts.Enrolled.ADMINISTRATOR : RegistryFacts.Enrolled.SELF,
                by.map(Person::principal));
        Header header = new Header(
                facts.kind(),
                stream,
                identity.type(),
                0,
                head.genesis(),
                head.clock(),
                References.NONE,
                identity.key().verifyKey().suite());
        Body body = new RegistryDetails.Key(name).body(RandomSource.secure().bytes(Body.SALT_BYTES), stream, 0);
        List<SigningKey> keys = new ArrayList<>(List.of(identity.key()));
        by.ifPresent(person -> keys.add(person.key()));
        SignedRecord record =
                SignedRecord.sign(new Statement(header, facts, body.digest()), keys.toArray(SigningKey[]::new));
        Receipt.Result result = Submission.one(node, new Entry(record, Optional.of(body)), "jurat agent list");
        return result.status() == Receipt.Status.ADMITTED;
    }

    /** An administrator's word on a principal that is there. */
    abstract static class Change extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "An agent's name, a principal id, or: point (this folder's).")
        String name = "";

        @Option(
                names = "--as",
                paramLabel = "NAME",
                description = "Which administrator signs (default: the only one here).")
        Optional<String> as = Optional.empty();

        abstract RegistryFacts.KeyAction action();

        /** The second administrator, where one may sign. */
        Optional<SecondPerson> second() {
            return Optional.empty();
        }

        /** Says more of it, if there is more to say. */
        void also(JuratClient node, Person by, String principal) throws IOException, NodeException, FormatException {
            // Most say no more.
        }

        @Override
        final Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            Json found = Principals.find(this, node, name);
            List<Role> roles = new ArrayList<>();
            for (Json role : View.list(found, "roles")) {
                roles.add(Role.parse(View.text(role, "")));
            }
            RegistryFacts.Key facts = new RegistryFacts.Key(
                    action(),
                    View.text(found, "principal"),
                    SignerType.parse(View.text(found, "class")),
                    roles,
                    View.text(found, "key"),
                    RegistryFacts.Enrolled.SELF,
                    Optional.empty());
            if (second().isPresent()) {
                second().get().require(node);
            }
            Person person = Person.unlock(this, node, as);
            SecondPerson other = second().orElseGet(SecondPerson::new);
            other.unlock(this, node, person);
            RegistryFacts.Key agreed = other.principal().map(facts::with).orElse(facts);
            Entry entry = person.sign(node, agreed, References.NONE, new RegistryDetails.Key(name), other.keys());
            Receipt.Result result = Submission.one(node, entry, "jurat agent list");
            also(node, person, facts.principal());
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("action", action().wire())
                        .put("record", result.id().hex())
                        .build());
            } else {
                screen.line(name + ": " + action().wire() + " (record "
                        + View.brief(result.id().hex()) + ")");
                screen.next(next(node));
            }
            return Exit.DONE;
        }

        private String next(JuratClient node) throws IOException, NodeException, FormatException {
            return switch (action()) {
                case CONFIRM ->
                    Unconfirmed.of(this, node)
                            .next(
                                    PolicySource.onlyObserved(node)
                                            ? "jurat policy publish starter@v1, then wrap it again without --observe"
                                            : "wrap it again without --observe, then: jurat pending --watch");
                case SUSPEND -> "to undo it: jurat agent resume " + Next.quoted(name);
                default -> "jurat agent show " + Next.quoted(name);
            };
        }
    }

    @Command(
            name = "confirm",
            description = "Accepts an agent that enrolled itself: from now on it can be more than observed.")
    static final class Confirm extends Change {
        @Mixin
        AgentDescription description = new AgentDescription();

        @Override
        void also(JuratClient node, Person by, String principal) throws IOException, NodeException, FormatException {
            if (description.isGiven()) {
                describe(this, node, by, description, principal);
            }
        }

        @Override
        RegistryFacts.KeyAction action() {
            return RegistryFacts.KeyAction.CONFIRM;
        }
    }

    @Command(name = "suspend", description = "Takes an agent's or point's authority away until it is resumed.")
    static final class Suspend extends Change {
        @Override
        RegistryFacts.KeyAction action() {
            return RegistryFacts.KeyAction.SUSPEND;
        }
    }

    @Command(name = "resume", description = "Gives a suspended agent or point its authority back.")
    static final class Resume extends Change {
        @Mixin
        SecondPerson second = new SecondPerson();

        @Override
        Optional<SecondPerson> second() {
            return Optional.of(second);
        }

        @Override
        RegistryFacts.KeyAction action() {
            return RegistryFacts.KeyAction.RESUME;
        }
    }

    @Command(name = "describe", description = "Says what an agent is for, and who answers for it.")
    static final class Describe extends AgentSaying {
        @Mixin
        AgentDescription description = new AgentDescription();

        @Override
        Said said(JuratClient node, Json principal) throws IOException, NodeException, FormatException {
            if (!description.isGiven()) {
                throw Failure.input("description-empty", "nothing is said of it", "jurat agent describe --help");
            }
            return description.of(this, node, View.text(principal, "principal"));
        }
    }

    @Command(name = "list", description = "Everybody whom the node knows.")
    static final class ListAll extends NodeCommand {
        @Override
        Exit run(Screen screen, JuratClient node) throws NodeException {
            Json.Obj answer = node.get("/v1/principals");
            if (screen.json()) {
                screen.value(answer);
                return Exit.DONE;
            }
            screen.table(
                    List.of("PRINCIPAL", "NAME", "CLASS", "ROLES", "ENVIRONMENT", "STATE"),
                    View.list(answer, "principals").stream()
                            .map(p -> List.of(
                                    View.text(p, "principal"),
                                    View.text(p, "name"),
                                    View.text(p, "class"),
                                    View.text(p, "roles"),
                                    View.text(p, "environment"),
                                    View.text(p, "state")))
                            .toList());
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "One principal.")
    static final class Show extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "An agent's name, a principal id, or: point (this folder's).")
        String name = "";

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            Json found = Principals.find(this, node, name);
            if (screen.json()) {
                screen.value(found);
            } else {
                View.lines(screen, found, "");
            }
            return Exit.DONE;
        }
    }

    private static void checkName(String name) {
        if (!Operators.nameAllowed(name)) {
            throw Failure.input(
                    "name-syntax", "a name has letters, digits, dot, hyphen and underscore", "jurat agent --help");
        }
    }
}
