package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NextKey;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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
        NextKeyFile file = new NextKeyFile(path());
        if (file.settleEarlier(node, person)) {
            return told(screen, node, name + " has the key that an earlier try had brought to the ledger.");
        }
        Json found = find(node);
        SoftwareKey key = SoftwareKey.generate(RandomSource.secure());
        String principal = View.text(found, "principal");
        SignerType type = SignerType.parse(View.text(found, "class"));
        Entry entry = sign(node, new NextKey(principal, type, key, View.text(found, "key"), reason));
        hold(file, principal, type, key);
        Receipt.Result result = file.send(node, entry, "jurat key list " + Next.quoted(name));
        return told(
                screen,
                node,
                name + " " + done() + " (record " + View.brief(result.id().hex()) + ").");
    }

    private void hold(NextKeyFile file, String principal, SignerType type, SoftwareKey key) throws IOException {
        if (!person) {
            file.hold(new KeyFile(principal, type, key));
            return;
        }
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

    private Exit told(Screen screen, JuratClient node, String line) throws IOException, NodeException, FormatException {
        Json found = Principals.find(this, node, own());
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

    /** The principal whose key is in this folder under the name. */
    private String own() throws IOException, FormatException {
        if (!person) {
            return KeyFile.read(path()).principal();
        }
        return new Operators(home())
                .find(name)
                .map(SealedKey::principal)
                .orElseThrow(
                        () -> Failure.input("no-such-operator", "there is no key of " + name, "jurat operator list"));
    }
}
