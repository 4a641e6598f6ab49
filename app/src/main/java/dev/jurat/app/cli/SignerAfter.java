package dev.jurat.app.cli;

import dev.jurat.app.signer.SignerFolder;
import dev.jurat.custody.Custody;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.signer.SignerRule;
import dev.jurat.custody.signer.Succession;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Stream;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which key a new one of a signer may follow, as whoever runs the signer says. */
final class SignerAfter {
    @Option(
            names = "--after",
            paramLabel = "NAME",
            description = "The key of this signer that the new one may follow, for the same agent.")
    Optional<String> after = Optional.empty();

    @Option(
            names = "--after-key",
            paramLabel = "KEY",
            description = "The same of a key that is elsewhere, as jurat key list shows it; with --principal.")
    Optional<String> afterKey = Optional.empty();

    @Option(names = "--principal", paramLabel = "ID", description = "With --after-key: whose key it is.")
    Optional<String> principal = Optional.empty();

    @Option(
            names = "--overlap",
            paramLabel = "HOURS",
            description =
                    "How long both keys may be used after a rotation, at most (default: ${DEFAULT-VALUE}; 1 to 720).")
    int overlap = Succession.OVERLAP_HOURS_USUAL;

    /** What was typed can be done: nothing was made yet. */
    void require(SignerFolder folder, boolean adopt) throws IOException, FormatException {
        Input.between("--overlap", overlap, 1, Succession.OVERLAP_HOURS_MAX);
        if (afterKey.isPresent() != principal.isPresent() || (after.isPresent() && afterKey.isPresent())) {
            throw Failure.input(
                    "signer-choice",
                    "name --after NAME, or --after-key KEY with --principal ID",
                    "jurat signer make --help");
        }
        if (after.isPresent() && !adopt) {
            rule(folder, after.get()).succession().next().ifPresent(this::requireNone);
        }
        if (principal.isPresent()) {
            Stream.parse(principal.get() + "/" + "a".repeat(26));
            VerifyKey.parse(afterKey.orElseThrow());
        }
    }

    /** Whose key the new one is to be, where it follows another. */
    Optional<String> principal(SignerFolder folder) throws IOException, FormatException {
        return after.isPresent() ? Optional.of(rule(folder, after.get()).principal()) : principal;
    }

    /** What the new key's rule says; the rule of the one before it names the new one when this returns. */
    Succession succession(SignerFolder folder, Custody custody, VerifyKey key) throws IOException, FormatException {
        if (after.isPresent()) {
            try (KeptKey before = custody.open(after.get())) {
                SignerRule rule = rule(folder, after.get());
                rule.succession().next().filter(other -> !other.equals(key)).ifPresent(this::requireNone);
                folder.save(rule.with(rule.succession().then(key, overlap)));
                return follows(before.verifyKey());
            }
        }
        return afterKey.isPresent() ? follows(VerifyKey.parse(afterKey.get())) : Succession.NONE;
    }

    private Succession follows(VerifyKey key) {
        return new Succession(Optional.of(key), Optional.empty(), overlap);
    }

    private static SignerRule rule(SignerFolder folder, String name) throws IOException, FormatException {
        return folder.find(name)
                .orElseThrow(() ->
                        Failure.input("signer-no-rule", "there is no rule for the key " + name, "jurat signer list"));
    }

    /** A key has one next key: another is not put in its place unseen. */
    private void requireNone(VerifyKey other) {
        throw Failure.input(
                "signer-next-exists",
                "the rule of " + after.orElseThrow() + " names a key that may follow it already: " + other.text(),
                "to have another: jurat signer next " + Next.quoted(after.orElseThrow()) + " --none");
    }

    @Command(
            name = "next",
            description =
                    "Says which key elsewhere may follow a key of this signer, or that none may. A signer reads it when it starts.")
    static final class Choose extends SignerCommands.OnFolder {
        @Parameters(paramLabel = "NAME", description = "The key's name.")
        String name = "";

        @ArgGroup(multiplicity = "1")
        Choice choice = new Choice();

        /** One of the two. */
        static final class Choice {
            @Option(
                    names = "--key",
                    paramLabel = "KEY",
                    required = true,
                    description = "The public half of the key that may follow, as its own signer shows it.")
            Optional<String> key = Optional.empty();

            @Option(names = "--none", required = true, description = "No key may follow.")
            boolean none;
        }

        @Option(
                names = "--overlap",
                paramLabel = "HOURS",
                description =
                        "How long both keys may be used after a rotation, at most (default: ${DEFAULT-VALUE}; 1 to 720).")
        int overlap = Succession.OVERLAP_HOURS_USUAL;

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            Input.between("--overlap", overlap, 1, Succession.OVERLAP_HOURS_MAX);
            SignerFolder folder = made();
            SignerRule rule = rule(folder, name);
            Optional<VerifyKey> key =
                    choice.key.isPresent() ? Optional.of(VerifyKey.parse(choice.key.get())) : Optional.empty();
            Succession before = rule.succession();
            Succession next = key.isEmpty() && before.follows().isEmpty()
                    ? Succession.NONE
                    : new Succession(before.follows(), key, overlap);
            folder.save(rule.with(next));
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("key", name)
                        .put("next", key.map(k -> Json.of(k.text())))
                        .build());
            } else {
                screen.line(
                        key.map(k -> k.text() + " may follow " + name + ".").orElse("No key may follow " + name + "."));
                screen.next("start the signer anew: jurat signer serve");
            }
            return Exit.DONE;
        }
    }
}
