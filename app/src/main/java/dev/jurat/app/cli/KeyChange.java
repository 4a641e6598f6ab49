package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.PersonKeys;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NextKey;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings the next key of a principal, and keeps it in this folder. */
abstract class KeyChange extends NodeCommand {
    @Parameters(
            paramLabel = "NAME",
            description = "An agent's name, or: point (this folder's); with --person, a person's.")
    String name = "";

    @Option(
            names = "--person",
            description = "NAME is somebody whose key is under a passphrase, as in: jurat operator list.")
    boolean person;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept in the record's body.")
    String reason = "";

    @Option(
            names = "--suite",
            paramLabel = "SUITE",
            description =
                    "With --person: the suite of the next key, ed25519-2026 (the default) or p256-2026, where the log's genesis names that.")
    Optional<String> suite = Optional.empty();

    @Mixin
    NextOfAgent agents = new NextOfAgent();

    /** The record that brings the key, signed. */
    abstract Entry sign(JuratClient node, NextKey next) throws IOException, NodeException, FormatException;

    /** What was done, in words. */
    abstract String done();

    /** Whose key it is, with the newest that the ledger has; unusable where it cannot be changed from here. */
    abstract Json find(JuratClient node) throws IOException, NodeException, FormatException;

    @Override
    final Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Input.reason(reason);
        if (!Operators.nameAllowed(name)) {
            throw Failure.input(
                    "name-syntax", "a name has letters, digits, dot, hyphen and underscore", "jurat key --help");
        }
        Json found = find(node);
        SignerType type = SignerType.parse(View.text(found, "class"));
        requireSame(found, type);
        String principal = View.text(found, "principal");
        try (NextKeyFile file = NextKeyFile.of(path())) {
            Optional<SealedKey> sealed = person ? heldSealed(file, principal) : Optional.empty();
            Optional<Identity> chosen = person ? Optional.empty() : Optional.of(chosen(node, file, principal, type));
            SigningKey key = chosen.isPresent() ? chosen.get().key() : personKey(sealed);
            NextKey next = new NextKey(principal, type, key, View.text(found, "key"), reason);
            if (node.stream(next.stream()).isPresent()) {
                if (chosen.isPresent()) {
                    file.hold(chosen.get());
                }
                file.settle();
                return told(screen, node, next, name + " has the key that an earlier try had brought to the ledger.");
            }
            Entry entry = sign(node, next);
            if (chosen.isPresent()) {
                file.hold(chosen.get());
            } else if (sealed.isEmpty()) {
                hold(file, principal, key);
            }
            Receipt.Result result = file.send(node, entry, "jurat key list " + Next.quoted(name));
            String line =
                    name + " " + done() + " (record " + View.brief(result.id().hex()) + ").";
            return told(screen, node, next, line);
        }
    }

    /** The key that an earlier try left, which is of this principal. */
    private Optional<SealedKey> heldSealed(NextKeyFile file, String principal) throws IOException, FormatException {
        Optional<SealedKey> sealed = file.heldSealed();
        sealed.ifPresent(key -> requirePrincipal(key.principal(), principal));
        return sealed;
    }

    private SigningKey personKey(Optional<SealedKey> held) throws FormatException {
        return held.isPresent()
                ? Person.unlock(held.get()).key()
                : PersonKeys.generate(Input.personSuite(suite), RandomSource.secure());
    }

    private Identity chosen(JuratClient node, NextKeyFile file, String principal, SignerType type)
            throws IOException, NodeException, FormatException {
        Optional<Identity> held = file.heldIdentity();
        held.ifPresent(key -> requirePrincipal(key.principal(), principal));
        Optional<Identity> now = Files.exists(path()) ? Optional.of(Identity.read(path())) : Optional.empty();
        return agents.choose(this, node, new NextOfAgent.Owner(name, principal, type, file.path()), held, now);
    }

    /** A key takes the place of another of the same principal alone, and a person's is never out of its passphrase. */
    private void requireSame(Json found, SignerType type) throws IOException, FormatException {
        if (person != (type == SignerType.HUMAN)) {
            throw Failure.input(
                    "key-kind",
                    person ? name + " is no person" : name + " is a person, whose key is under a passphrase",
                    person ? "the same without --person" : Next.SAME + " --person");
        }
        requireChoice(person ? agents.to.isPresent() || agents.signer.isPresent() : suite.isPresent());
        if (Files.exists(path())) {
            requirePrincipal(
                    person ? sealed().principal() : Identity.read(path()).principal(), View.text(found, "principal"));
        }
    }

    private void requireChoice(boolean wrong) {
        if (wrong) {
            throw Failure.input(
                    person ? "signer-choice" : "suite-choice",
                    person
                            ? "a person's key is under a passphrase, and not with a signer"
                            : "--suite is for the keys of people",
                    person
                            ? "the same without --to"
                            : "for another suite, name a key of that suite: " + Next.SAME + " --to KEY");
        }
    }

    private void requirePrincipal(String kept, String meant) {
        if (!kept.equals(meant)) {
            throw Failure.input(
                    "key-of-another",
                    "the file of " + name + " in this folder has the key of " + kept + ", and not of " + meant,
                    "jurat agent list");
        }
    }

    final SealedKey sealed() throws IOException, FormatException {
        return new Operators(home())
                .find(name)
                .orElseThrow(
                        () -> Failure.input("no-such-operator", "there is no key of " + name, "jurat operator list"));
    }

    private void hold(NextKeyFile file, String principal, SigningKey key) throws IOException {
        char[] passphrase = Terminal.newPassphrase();
        try {
            file.hold(SealedKey.seal(
                    name, principal, key, passphrase, PassphraseSeal.Cost.STANDARD, RandomSource.secure()));
        } finally {
            Arrays.fill(passphrase, ' ');
        }
    }

    final Path path() {
        if (person) {
            return home().folder().resolve("operators").resolve(name + ".json");
        }
        return name.equals("point") ? home().pointKey() : home().agentKey(name);
    }

    private Exit told(Screen screen, JuratClient node, NextKey next, String line)
            throws IOException, NodeException, FormatException {
        Json found = Principals.find(this, node, next.principal());
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("key", View.text(found, "key"))
                    .put("keys", View.at(found, "keys"))
                    .put("principal", View.text(found, "principal"))
                    .build());
        } else {
            screen.line(line);
            screen.line("  key " + View.text(found, "key"));
            screen.next("jurat key list " + Next.quoted(View.text(found, "principal")));
        }
        return Exit.DONE;
    }
}
