package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.PersonKeys;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "operator",
        description = "People who answer for the node.",
        subcommands = {OperatorCommands.Enroll.class, OperatorCommands.ListAll.class, OperatorCommands.Show.class})
final class OperatorCommands extends Noun {
    /** The namespace of people and agents of a single node. */
    static final String NAMESPACE = JuratHome.NAMESPACE;

    @Command(
            name = "enroll",
            description =
                    "Makes a key under a passphrase. On an unclaimed node this claims it; later an administrator signs with you.")
    static final class Enroll extends NodeCommand {
        @Option(
                names = "--name",
                paramLabel = "NAME",
                required = true,
                description = "What the key's file is called; one that is there already is used again.")
        String name = "";

        @Option(
                names = "--by",
                paramLabel = "NAME",
                description = "The administrator who enrols you (default: the only one here).")
        Optional<String> by = Optional.empty();

        @Mixin
        SecondPerson second = new SecondPerson();

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "administrator, approver, auditor or reader (default: the first two). May be repeated.")
        List<String> roles = List.of("administrator", "approver");

        @Option(
                names = "--light",
                description =
                        "Seal the key with 19 MiB and 2 passes of Argon2id, not 64 MiB and 3: for a machine with little memory. Guessing a"
                                + " weak passphrase gets five times cheaper for whoever steals the file.")
        boolean light;

        @Option(
                names = "--suite",
                paramLabel = "SUITE",
                description =
                        "The suite of a new key: ed25519-2026 (the default) or p256-2026, where the log's genesis names that.")
        Optional<String> suite = Optional.empty();

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            if (!Operators.nameAllowed(name)) {
                throw Failure.input(
                        "name-syntax",
                        "a name has letters, digits, dot, hyphen and underscore",
                        "jurat operator enroll --help");
            }
            List<Role> parsed = roles();
            Suite wanted = Input.personSuite(suite);
            Operators operators = new Operators(home());
            Optional<SealedKey> kept = operators.find(name);
            if (kept.isPresent() && known(node, kept.get())) {
                throw Failure.input(
                        "operator-exists", name + " is enrolled on this node already", "jurat operator show " + name);
            }
            NodeHead head = node.head();
            Optional<Person> administrator = administrator(node, head);
            if (kept.isPresent()) {
                Person person = Person.unlock(kept.get());
                Entry entry = keyRecord(node, person, parsed, administrator);
                return told(screen, node, head, person.principal(), Submission.one(node, entry, "jurat status"));
            }
            SigningKey key = PersonKeys.generate(wanted, RandomSource.secure());
            String principal =
                    NAMESPACE + "/" + Base32.encode(RandomSource.secure().bytes(16));
            SealedKey sealed = sealed(key, principal);
            Entry entry = keyRecord(node, new Person(principal, key), parsed, administrator);
            return told(screen, node, head, principal, keep(node, operators, sealed, entry));
        }

        /** Who enrols them, on a node that was claimed; a second one, where two are wanted. */
        private Optional<Person> administrator(JuratClient node, NodeHead head)
                throws IOException, NodeException, FormatException {
            if (!head.claimed()) {
                return Optional.empty();
            }
            second.require(node);
            Person first = Person.unlockOther(this, node, by, name);
            second.unlock(this, node, first);
            return Optional.of(first);
        }

        private List<Role> roles() {
            List<Role> parsed = new ArrayList<>();
            for (String role : roles.stream().sorted().distinct().toList()) {
                parsed.add(List.of(Role.ADMINISTRATOR, Role.APPROVER, Role.AUDITOR, Role.READER).stream()
                        .filter(r -> r.wire().equals(role))
                        .findFirst()
                        .orElseThrow(() -> Failure.input(
                                "role-unknown",
                                role + " is neither administrator, approver, auditor nor reader",
                                "jurat operator enroll --help")));
            }
            return List.copyOf(parsed);
        }

        private SealedKey sealed(SigningKey key, String principal) {
            char[] passphrase = Terminal.newPassphrase();
            try {
                PassphraseSeal.Cost cost = light ? PassphraseSeal.Cost.LIGHT : PassphraseSeal.Cost.STANDARD;
                return SealedKey.seal(name, principal, key, passphrase, cost, RandomSource.secure());
            } finally {
                Arrays.fill(passphrase, ' ');
            }
        }

        /**
         * Sends a new key's record. The key is kept before: a crash in between leaves a key that the same command enrols later, never a principal
         * without a key. Where the node refuses it the file goes again; where nobody knows what became of it, it stays.
         */
        private Receipt.Result keep(JuratClient node, Operators operators, SealedKey sealed, Entry entry)
                throws IOException, NodeException {
            operators.save(sealed);
            try {
                return Submission.one(node, entry, "jurat status");
            } catch (Failure e) {
                operators.remove(sealed);
                throw e;
            } catch (NodeException e) {
                if (e.status() >= 400 && e.status() < 500) {
                    operators.remove(sealed);
                    throw e;
                }
                throw new Failure(
                        Failure.of(e).exit(),
                        e.code(),
                        e.getMessage() + "; whether " + name + " is enrolled is not known, and the key stays",
                        e.owner(),
                        "once the node answers, the same again: " + Next.SAME);
            }
        }

        /** Whether this node has the principal of a key that is kept here: another node's, or one that was refused, can be enrolled still. */
        private static boolean known(JuratClient node, SealedKey key) throws NodeException {
            return View.list(node.get("/v1/principals"), "principals").stream()
                    .anyMatch(p -> View.text(p, "principal").equals(key.principal()));
        }

        private Entry keyRecord(JuratClient node, Person person, List<Role> parsed, Optional<Person> administrator)
                throws NodeException {
            RegistryFacts.Key facts = new RegistryFacts.Key(
                    RegistryFacts.KeyAction.ENROLL,
                    person.principal(),
                    SignerType.HUMAN,
                    parsed,
                    person.key().verifyKey().text(),
                    administrator.isPresent() ? RegistryFacts.Enrolled.ADMINISTRATOR : RegistryFacts.Enrolled.CLAIM,
                    administrator.map(Person::principal),
                    second.principal());
            SigningKey[] also = Stream.concat(administrator.stream().map(Person::key), Stream.of(second.keys()))
                    .toArray(SigningKey[]::new);
            return person.sign(node, facts, References.NONE, new RegistryDetails.Key(name), also);
        }

        private Exit told(Screen screen, JuratClient node, NodeHead head, String principal, Receipt.Result result)
                throws NodeException, IOException, FormatException {
            Unconfirmed unconfirmed = Unconfirmed.of(this, node);
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("claimed", !head.claimed())
                        .put("name", name)
                        .put("principal", principal)
                        .put("record", result.id().hex())
                        .put("unconfirmed", unconfirmed.toJson(screen))
                        .build());
                return Exit.DONE;
            }
            screen.line(
                    head.claimed()
                            ? name + " is enrolled."
                            : "The node is claimed: " + name + " is its first administrator.");
            screen.line("  principal " + principal + ", record "
                    + View.brief(result.id().hex()));
            unconfirmed.show(screen);
            screen.next(head.claimed() ? unconfirmed.next("jurat agent list") : "jurat policy publish starter@v1");
            return Exit.DONE;
        }
    }

    @Command(name = "list", description = "The people whose keys are in this folder, and whether the node knows them.")
    static final class ListAll extends NodeCommand {
        private static final String UNKNOWN = "not on this node's ledger";

        @Override
        Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
            List<SealedKey> keys = new Operators(home()).list();
            Optional<List<Json>> known = keys.isEmpty() ? Optional.of(List.of()) : known(node);
            if (screen.json()) {
                List<Json> rows = keys.stream()
                        .<Json>map(k -> json(k).with("state", Json.of(state(known, k))))
                        .toList();
                screen.value(JsonBuilder.object()
                        .put("operators", new Json.Arr(rows))
                        .build());
            } else {
                screen.table(
                        List.of("NAME", "PRINCIPAL", "KEY", "STATE"),
                        keys.stream()
                                .map(k -> List.of(k.name(), k.principal(), k.publicKey(), state(known, k)))
                                .toList());
                keys.stream()
                        .filter(k -> state(known, k).equals(UNKNOWN))
                        .forEach(k -> screen.next("jurat operator enroll --name " + k.name()));
            }
            return Exit.DONE;
        }

        /** The principals of the node; empty where none answers. */
        private static Optional<List<Json>> known(JuratClient node) throws NodeException {
            try {
                return Optional.of(View.list(node.get("/v1/principals"), "principals"));
            } catch (NodeException e) {
                if (e.status() == 0) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        private static String state(Optional<List<Json>> known, SealedKey key) {
            return known.map(all -> all.stream()
                            .filter(p -> View.text(p, "principal").equals(key.principal()))
                            .map(p -> View.text(p, "state"))
                            .findFirst()
                            .orElse(UNKNOWN))
                    .orElse("not known: no node answers");
        }
    }

    @Command(name = "show", description = "One person of this folder.")
    static final class Show extends dev.jurat.app.cli.Command {
        @Parameters(paramLabel = "NAME", description = "As in: jurat operator list.")
        String name = "";

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            SealedKey key = new Operators(home())
                    .list().stream()
                            .filter(k -> k.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> Failure.input(
                                    "no-such-operator", "there is no key of " + name, "jurat operator list"));
            if (screen.json()) {
                screen.value(json(key));
            } else {
                View.lines(screen, json(key), "");
            }
            return Exit.DONE;
        }
    }

    private static Json.Obj json(SealedKey key) {
        return JsonBuilder.object()
                .put("key", key.publicKey())
                .put("name", key.name())
                .put("principal", key.principal())
                .build();
    }
}
