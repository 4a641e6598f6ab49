package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The four keys of a node, each in a file of mode 0600: the ledger's record key and checkpoint key, the governor's and the broker's.
 *
 * <p>Security property: they differ, so that a thief of one cannot do the others' work. They do not hold against a process of the node's own user.
 */
record NodeKeys(KeyFile record, KeyFile checkpoint, KeyFile governor, KeyFile broker) {
    /** Reads the keys, or makes those that are missing: a crash in between leaves some, and the next start makes the rest. */
    static NodeKeys open(Path folder, RandomSource random) throws IOException, FormatException {
        PrivateFiles.folder(folder);
        return new NodeKeys(
                open(folder, "record", random),
                open(folder, "checkpoint", random),
                open(folder, "governor", random),
                open(folder, "broker", random));
    }

    private static KeyFile open(Path folder, String name, RandomSource random) throws IOException, FormatException {
        return KeyFile.open(folder.resolve(name + ".json"), "system", SignerType.SERVICE, random);
    }

    LedgerKeys ledger() {
        return new LedgerKeys(record.key(), checkpoint.key());
    }

    /** Governor and broker as genesis names them. */
    List<Registered> services() {
        return List.of(registered(governor, Role.GOVERNOR), registered(broker, Role.BROKER));
    }

    private static Registered registered(KeyFile file, Role role) {
        return new Registered(
                file.principal(),
                file.type(),
                List.of(role),
                file.key().verifyKey().text());
    }
}
