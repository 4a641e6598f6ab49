package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NextKey;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "recover",
        description = {
            "Makes the next key of a principal whose key is lost, or in other hands: two administrators sign for it, each with their passphrase.",
            "Every reader is told that continuity was broken, and by whom. The key before it is over at once."
        })
final class KeyRecover extends KeyChange {
    @Option(
            names = "--principal",
            paramLabel = "ID",
            description = "Whom the key is for, where NAME alone does not say it.")
    Optional<String> principal = Optional.empty();

    @Option(names = "--as", paramLabel = "NAME", required = true, description = "The first administrator.")
    String as = "";

    @Option(names = "--with", paramLabel = "NAME", required = true, description = "The second administrator.")
    String with = "";

    @Override
    Json find(JuratClient node) throws IOException, NodeException, FormatException {
        Optional<String> kept = person ? new Operators(home()).find(name).map(SealedKey::principal) : Optional.empty();
        return Principals.find(this, node, principal.or(() -> kept).orElse(name));
    }

    @Override
    Entry sign(JuratClient node, NextKey next) throws IOException, NodeException, FormatException {
        TreeMap<String, SigningKey> by = new TreeMap<>();
        for (Person person : TwoPeople.unlock(this, node, Optional.of(as), with)) {
            by.put(person.principal(), person.key());
        }
        return next.recover(by, node.head(), RandomSource.secure());
    }

    @Override
    String done() {
        return "has a key again, on the word of " + as + " and " + with;
    }
}
