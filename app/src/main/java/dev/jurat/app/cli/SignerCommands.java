package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.signer.SignerConfig;
import dev.jurat.app.signer.SignerFolder;
import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.KeyEvidence;
import dev.jurat.custody.signer.SignerKey;
import dev.jurat.custody.signer.SignerRule;
import dev.jurat.custody.signer.Succession;
import dev.jurat.custody.tpm.TpmAddress;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.SignerFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "signer",
        description =
                "Keeps identity keys of agents in a process of their own: in files, in a PKCS#11 token, or in a TPM.",
        subcommands = {
            SignerCommands.Init.class,
            SignerCommands.Make.class,
            SignerAfter.Choose.class,
            SignerCommands.ListKeys.class,
            SignerCommands.Show.class,
            SignerCommands.Destroy.class,
            SignerServe.class,
            SignerCommands.Use.class,
            SignerEvidence.Attest.class,
            SignerEvidence.Check.class
        })
final class SignerCommands extends Noun {

    /** A command on a signer's folder. */
    abstract static class OnFolder extends dev.jurat.app.cli.Command {
        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "The signer's folder (default: signer in Jurat's folder).")
        Optional<Path> dir = Optional.empty();

        final SignerFolder folder() {
            return new SignerFolder(dir.map(d -> d.toAbsolutePath().normalize())
                    .orElseGet(() -> home().folder().resolve("signer")));
        }

        /** The folder of a signer that was made. */
        final SignerFolder made() {
            SignerFolder folder = folder();
            if (!folder.made()) {
                throw Failure.input(
                        "signer-missing",
                        "there is no signer in " + folder.path(),
                        "jurat signer init --custody software");
            }
            return folder;
        }
    }

    @Command(name = "init", description = "Makes a signer's folder, and says which custody its keys are in.")
    static final class Init extends OnFolder {
        @Option(
                names = "--custody",
                paramLabel = "WHICH",
                required = true,
                description =
                        "software (files under a passphrase), pkcs11 (a token that signs by itself), tpm (a TPM 2.0) or aws-kms (P-256 keys of"
                                + " that service).")
        String custody = "";

        @Option(
                names = "--module",
                paramLabel = "FILE",
                description = "For pkcs11: the module, such as libsofthsm2.so.")
        Optional<Path> module = Optional.empty();

        @Option(names = "--token", paramLabel = "LABEL", description = "For pkcs11: the token's label.")
        Optional<String> token = Optional.empty();

        @Option(
                names = "--serial",
                paramLabel = "TEXT",
                description = "For pkcs11: the token's serial number, where several have the label.")
        Optional<String> serial = Optional.empty();

        @Option(
                names = "--tpm",
                paramLabel = "ADDRESS",
                description = "For tpm: /dev/tpmrm0 (the default), unix:/PATH of a socket or tcp:HOST:PORT of swtpm.")
        Optional<String> tpm = Optional.empty();

        @Option(names = "--region", paramLabel = "NAME", description = "For aws-kms: the region.")
        Optional<String> region = Optional.empty();

        @Option(
                names = "--endpoint",
                paramLabel = "URL",
                description = "For aws-kms: another address than the region's own.")
        Optional<URI> endpoint = Optional.empty();

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            SignerFolder folder = folder();
            if (folder.made()) {
                throw Failure.input(
                        "signer-exists", "there is a signer in " + folder.path() + " already", "jurat signer list");
            }
            folder.make(config());
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("custody", custody)
                        .put("folder", folder.path().toString())
                        .build());
            } else {
                screen.line("The signer's folder is " + folder.path() + ".");
                screen.next("jurat signer make NAME --user USER");
            }
            return Exit.DONE;
        }

        private SignerConfig config() throws FormatException {
            require(
                    custody.equals("pkcs11") || (module.isEmpty() && token.isEmpty() && serial.isEmpty()),
                    "--module, --token and --serial are for pkcs11");
            require(custody.equals("tpm") || tpm.isEmpty(), "--tpm is for tpm");
            require(
                    custody.equals("aws-kms") || (region.isEmpty() && endpoint.isEmpty()),
                    "--region and --endpoint are for aws-kms");
            switch (custody) {
                case "software" -> {
                    return new SignerConfig.Software();
                }
                case "tpm" -> {
                    return new SignerConfig.Tpm(TpmAddress.parse(tpm.orElse("/dev/tpmrm0")));
                }
                case "pkcs11" -> {
                    require(module.isPresent() && token.isPresent(), "pkcs11 wants --module FILE and --token LABEL");
                    return new SignerConfig.Token(
                            module.orElseThrow().toAbsolutePath().normalize(), token.orElseThrow(), serial);
                }
                case "aws-kms" -> {
                    require(region.isPresent(), "aws-kms wants --region NAME");
                    return new SignerConfig.AwsKms(region.orElseThrow(), endpoint);
                }
                default -> throw Failure.input("signer-choice", "no such custody: " + custody, "");
            }
        }

        private static void require(boolean right, String message) {
            if (!right) {
                throw Failure.input("signer-choice", message, "");
            }
        }
    }

    @Command(
            name = "make",
            description =
                    "Makes an agent's identity key in the custody, and the rule of who may have what signed with it.",
            footer = {
                "",
                "The rule is a file, rules/NAME.json, and can be changed by hand; a signer reads it when it starts. Only key and session records of",
                "the rule's principal are ever signed."
            })
    static final class Make extends OnFolder {
        @Parameters(paramLabel = "NAME", description = "The key's name.")
        String name = "";

        @Option(
                names = "--user",
                paramLabel = "USER",
                required = true,
                description = "A user of this machine who may ask for signatures. May be repeated.")
        List<String> users = List.of();

        @Option(
                names = "--per-minute",
                paramLabel = "N",
                description = "How many signatures a minute (default: ${DEFAULT-VALUE}).")
        int perMinute = SignerRule.PER_MINUTE_USUAL;

        @Option(
                names = "--adopt",
                description = "Take the key of that name that is there already, as one that the token's keeper made.")
        boolean adopt;

        @Option(
                names = "--suite",
                paramLabel = "SUITE",
                description =
                        "The suite of a new key (default: ed25519-2026, and p256-2026 where the custody has no other).")
        Optional<String> suite = Optional.empty();

        @Mixin
        SignerAfter after = new SignerAfter();

        @Mixin
        SignerUnlock unlock = new SignerUnlock();

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            SignerFolder folder = made();
            Input.between("--per-minute", perMinute, 1, SignerRule.PER_MINUTE_MAX);
            users.forEach(Make::requireOne);
            after.require(folder, adopt);
            if (folder.find(name).isPresent()) {
                throw CustodyException.of(CustodyCode.KEY_EXISTS, "there is a rule for the key " + name + " already");
            }
            Optional<Suite> wanted = suite.isPresent() ? Optional.of(Suite.parse(suite.get())) : Optional.empty();
            SignerConfig config = folder.read();
            boolean first = config.firstSets() && folder.all().isEmpty();
            try (Custody custody = config.open(folder.path(), first ? unlock.newOne() : unlock.of(config));
                    KeptKey key = adopt ? custody.open(name) : custody.make(name, wanted.orElse(usual(custody)))) {
                String principal = after.principal(folder)
                        .orElseGet(() -> JuratHome.NAMESPACE + "/"
                                + Base32.encode(RandomSource.secure().bytes(16)));
                Succession succession = after.succession(folder, custody, key.verifyKey());
                // A crash before this leaves a key without a rule: it signs nothing, and is taken with --adopt.
                folder.save(
                        new SignerRule(name, principal, new HashSet<>(users), SignerRule.KINDS, perMinute, succession));
                tell(screen, principal, key.verifyKey(), custody.evidence(name));
            }
            return Exit.DONE;
        }

        private static void requireOne(String user) {
            if (!SignerRule.isOne(user)) {
                throw Failure.input(
                        "signer-choice",
                        "to the kernel, whoever has no id on this machine is " + user,
                        "name users who have one: getent passwd");
            }
        }

        private static Suite usual(Custody custody) {
            Set<Suite> suites = custody.suites();
            return suites.size() == 1 ? suites.iterator().next() : Suite.ED25519_2026;
        }

        private void tell(Screen screen, String principal, VerifyKey key, KeyEvidence evidence) {
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("evidence", evidence.toJson())
                        .put("key", key.text())
                        .put("name", name)
                        .put("principal", principal)
                        .build());
                return;
            }
            screen.line(name + " is made: " + principal);
            screen.line("  key      " + key);
            screen.line("  custody  " + evidence.custody().word() + ", on the word of its software");
            screen.next("start the signer: jurat signer serve");
        }
    }

    @Command(name = "list", description = "Lists the keys that there are rules for; asks no custody.")
    static final class ListKeys extends OnFolder {
        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            List<SignerRule> rules = made().all();
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put(
                                "keys",
                                new Json.Arr(rules.stream()
                                        .<Json>map(rule -> JsonBuilder.object()
                                                .put(
                                                        "follows",
                                                        rule.succession()
                                                                .follows()
                                                                .map(key -> Json.of(key.text())))
                                                .put("key", rule.key())
                                                .put(
                                                        "next",
                                                        rule.succession().next().map(key -> Json.of(key.text())))
                                                .put("perMinute", rule.perMinute())
                                                .put("principal", rule.principal())
                                                .strings(
                                                        "users",
                                                        rule.users().stream()
                                                                .sorted()
                                                                .toList())
                                                .build())
                                        .toList()))
                        .build());
                return Exit.DONE;
            }
            screen.table(
                    List.of("key", "principal", "users", "a minute"),
                    rules.stream()
                            .map(rule -> List.of(
                                    rule.key(),
                                    rule.principal(),
                                    String.join(
                                            ", ", rule.users().stream().sorted().toList()),
                                    String.valueOf(rule.perMinute())))
                            .toList());
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Shows where a key is, and what its custody says of it.")
    static final class Show extends OnFolder {
        @Parameters(paramLabel = "NAME", description = "The key's name.")
        String name = "";

        @Mixin
        SignerUnlock unlock = new SignerUnlock();

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            SignerFolder folder = made();
            SignerConfig config = folder.read();
            try (Custody custody = config.open(folder.path(), unlock.of(config))) {
                KeyEvidence evidence = custody.evidence(name);
                if (screen.json()) {
                    screen.value(evidence.toJson());
                    return Exit.DONE;
                }
                screen.line(name + ": " + evidence.key());
                screen.line("  custody  " + evidence.custody().word()
                        + (evidence.attested() ? ", attested" : ", on the word of its software"));
                new TreeMap<>(evidence.facts())
                        .forEach((fact, value) -> screen.line("  " + fact + "  " + Screen.clean(value)));
                return Exit.DONE;
            }
        }
    }

    @Command(name = "destroy", description = "Destroys a key for good, with its rule.")
    static final class Destroy extends OnFolder {
        @Parameters(paramLabel = "NAME", description = "The key's name.")
        String name = "";

        @Option(names = "--for-good", description = "Says that this is meant: nothing brings a key back.")
        boolean meant;

        @Mixin
        SignerUnlock unlock = new SignerUnlock();

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            SignerFolder folder = made();
            if (!meant) {
                throw Failure.input(
                        "not-meant",
                        "nothing brings the key " + name + " back",
                        "to destroy it: " + Next.SAME + " --for-good");
            }
            SignerConfig config = folder.read();
            try (Custody custody = config.open(folder.path(), unlock.of(config))) {
                // A crash between the two leaves a rule without a key: the signer does not start before it is removed
                // by hand.
                custody.destroy(name);
                folder.remove(name);
            }
            if (screen.json()) {
                screen.value(JsonBuilder.object().put("destroyed", name).build());
            } else {
                screen.line(name + " is destroyed. A signer that is up has it until it is started anew.");
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "use",
            description =
                    "Has an agent's identity key be one that a signer keeps: writes which one into Jurat's folder, and nothing secret.")
    static final class Use extends dev.jurat.app.cli.Command {
        private static final Duration TIMEOUT = Duration.ofSeconds(15);

        @Parameters(paramLabel = "KEY", description = "The key's name with the signer.")
        String key = "";

        @Option(
                names = "--agent",
                paramLabel = "NAME",
                required = true,
                description = "The agent, as jurat mcp wrap --agent names it.")
        String agent = "";

        @Option(
                names = "--signer",
                paramLabel = "SOCKET",
                description = "The signer's socket (default: signer/signer.sock in Jurat's folder).")
        Optional<Path> signer = Optional.empty();

        @Override
        Exit run(Screen screen) throws IOException {
            if (!Operators.nameAllowed(agent)) {
                throw Failure.input(
                        "name-syntax", "a name has letters, digits, dot, hyphen and underscore", "jurat agent list");
            }
            Path socket = signer.map(s -> s.toAbsolutePath().normalize())
                    .orElseGet(() -> new SignerFolder(home().folder().resolve("signer")).socket());
            Path file = home().agentKey(agent);
            if (Files.exists(file)) {
                throw Failure.input(
                        "file-exists",
                        "the agent " + agent + " has a key already: " + file,
                        "name another agent, or move that file away, which ends the principal that it is");
            }
            SignerKey.About about = SignerKey.about(socket, key, TIMEOUT);
            new SignerFile(about.principal(), SignerType.AGENT, about.key(), socket, key).write(file);
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("agent", agent)
                        .put("custody", about.custody())
                        .put("key", about.key().text())
                        .put("principal", about.principal())
                        .put("signerUser", about.user())
                        .build());
            } else {
                screen.line(agent + " is " + about.principal() + ", whose key is with the signer at " + socket + ".");
                screen.line("  key      " + about.key().text());
                screen.line("  signer   runs as " + Screen.clean(about.user())
                        + ": if the signer's keeper is another, this key is not theirs");
                screen.next("jurat agent enroll " + Next.quoted(agent));
            }
            return Exit.DONE;
        }
    }
}
