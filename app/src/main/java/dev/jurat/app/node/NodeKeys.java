package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.MlDsaKey;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.record.LedgerFacts.Genesis;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The four keys of a node, each in a file of mode 0600: the ledger's record key and checkpoint key, the governor's and the broker's. A log that has
 * second lines has a fifth.
 *
 * <p>Security property: they differ, so that a thief of one cannot do the others' work. They do not hold against a process of the node's own user.
 */
record NodeKeys(KeyFile record, KeyFile checkpoint, KeyFile governor, KeyFile broker, Optional<MlDsaKey> second) {
    private static final List<String> NAMES = List.of("record", "checkpoint", "governor", "broker");

    /** Whether there is any of the keys. */
    static boolean any(Path folder) {
        return NAMES.stream().anyMatch(name -> Files.exists(file(folder, name)));
    }

    /**
     * Reads the keys of a log that is there. None of the four is ever made for it: the log knows its own and no other.
     *
     * @param wantsSecond whether the log is to have second lines from now on
     * @throws StartException {@code keys-missing}
     */
    static NodeKeys read(Path folder, boolean wantsSecond) throws IOException, FormatException, StartException {
        for (String name : NAMES) {
            if (!Files.exists(file(folder, name))) {
                throw new StartException(
                        "keys-missing",
                        "the data folder has a log but no " + file(folder, name) + "; nothing was touched",
                        "put the file back from a copy");
            }
        }
        return new NodeKeys(
                KeyFile.read(file(folder, "record")),
                KeyFile.read(file(folder, "checkpoint")),
                KeyFile.read(file(folder, "governor")),
                KeyFile.read(file(folder, "broker")),
                second(folder, wantsSecond));
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + ".json");
    }

    /** Makes the keys of a new log, those that are missing: a crash in between leaves some, and the next start makes the rest. */
    static NodeKeys make(Path folder, RandomSource random, boolean wantsSecond) throws IOException, FormatException {
        PrivateFiles.folder(folder);
        return new NodeKeys(
                open(folder, "record", random),
                open(folder, "checkpoint", random),
                open(folder, "governor", random),
                open(folder, "broker", random),
                second(folder, wantsSecond));
    }

    /** The key of the second line, once it was asked for: it is made then, and no other after it. */
    private static Optional<MlDsaKey> second(Path folder, boolean wanted) throws IOException, FormatException {
        return SecondKeyFile.open(folder.resolve("second.json"), wanted, RandomSource.secure());
    }

    private static KeyFile open(Path folder, String name, RandomSource random) throws IOException, FormatException {
        return KeyFile.open(file(folder, name), "system", SignerType.SERVICE, random);
    }

    LedgerKeys ledger(Function<SoftwareKey, SigningKey> signing) {
        return new LedgerKeys(signing.apply(record.key()), signing.apply(checkpoint.key()), second);
    }

    /** Governor and broker as genesis names them. */
    List<Registered> services() {
        return List.of(registered(governor, Role.GOVERNOR), registered(broker, Role.BROKER));
    }

    /**
     * What is wrong with the first service whose file is not the one that the log names for it: another key, or the other service's. The
     * ledger asks about its own two keys itself.
     */
    Optional<StartException> foreign(Path folder, List<Registered> named) {
        Optional<StartException> governing = foreign(folder, "governor", governor, Role.GOVERNOR, named);
        return governing.isPresent() ? governing : foreign(folder, "broker", broker, Role.BROKER, named);
    }

    /** The same for all four, by the log's genesis: for a log that is not open. */
    Optional<StartException> foreign(Path folder, Genesis genesis) {
        if (!checkpoint.key().verifyKey().text().equals(genesis.checkpointKey())) {
            return Optional.of(differs(folder, "checkpoint", ""));
        }
        boolean ours = genesis.principals().stream()
                .filter(p -> p.roles().contains(Role.LEDGER))
                .anyMatch(p -> p.key().equals(record.key().verifyKey().text()));
        return ours ? foreign(folder, genesis.principals()) : Optional.of(differs(folder, "record", ""));
    }

    private static Optional<StartException> foreign(
            Path folder, String name, KeyFile file, Role role, List<Registered> named) {
        Optional<Registered> found = named.stream()
                .filter(p -> p.principal().equals(file.principal()))
                .filter(p -> p.key().equals(file.key().verifyKey().text()))
                .findFirst();
        if (found.isPresent() && found.get().roles().contains(role)) {
            return Optional.empty();
        }
        String whose = found.map(p -> p.roles().getFirst().wire()).orElse("");
        return Optional.of(differs(folder, name, whose));
    }

    private static StartException differs(Path folder, String name, String whose) {
        return new StartException(
                "keys-differ",
                file(folder, name) + " is not the key that the log names for this service"
                        + (whose.isEmpty() ? "" : ": it is the " + whose + "'s"),
                whose.isEmpty()
                        ? "put the file back from a copy"
                        : "give each file in " + folder + " its own name back: this one is " + whose + ".json");
    }

    private static Registered registered(KeyFile file, Role role) {
        return new Registered(
                file.principal(),
                file.type(),
                List.of(role),
                file.key().verifyKey().text());
    }
}
