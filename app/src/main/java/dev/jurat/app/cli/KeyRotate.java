package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NextKey;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rotate",
        description = {
            "Makes the next key of an agent, of this folder's point or of a person, signed with it and with the one it follows.",
            "Until the overlap ends either key opens sessions, and sessions that are open go on to their end: nothing stops, and nothing runs unsigned."
        })
final class KeyRotate extends KeyChange {
    private static final int HOURS_MAX = 720;

    @Option(
            names = "--overlap",
            paramLabel = "HOURS",
            description = "How long the old key may be used beside the new one (default: 24; 1 to 720).")
    int overlap = 24;

    @Override
    Json find(JuratClient node) throws IOException, NodeException, FormatException {
        if (overlap < 1 || overlap > HOURS_MAX) {
            throw Failure.input("overlap", "an overlap has 1 to " + HOURS_MAX + " hours", "jurat key rotate --help");
        }
        if (!Files.exists(path())) {
            throw Failure.input(
                    "no-such-key",
                    "the key of " + name + " is not in this folder, and whoever rotates it signs with it",
                    "where it is lost: jurat key recover " + Next.quoted(name));
        }
        return Principals.find(
                this,
                node,
                person ? sealed().principal() : Identity.read(path()).principal());
    }

    @Override
    Entry sign(JuratClient node, NextKey next) throws IOException, NodeException, FormatException {
        Duration hours = Duration.ofHours(overlap);
        if (person) {
            Person old = Person.unlock(sealed());
            return next.rotate(old.key(), hours, node.head(), RandomSource.secure());
        }
        return next.rotate(Identity.read(path()).key(), hours, node.head(), RandomSource.secure());
    }

    @Override
    String done() {
        return "has its next key; the one before opens sessions for " + overlap + " hours more";
    }
}
