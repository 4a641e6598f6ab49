package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Work on a data folder whose node is down. */
public final class Maintenance {
    private Maintenance() {}

    /**
     * Makes the index anew; answers how many records it has read. Where that was stopped before, it goes on, unless it is to start {@code afresh}.
     *
     * @throws StartException the ledger's codes, {@code data-folder-in-use} while the node is up
     */
    public static long reindex(Path data, boolean afresh, Ledger.Progress progress) throws IOException, StartException {
        return opened(data, ledger -> {
            ledger.reindex(afresh, progress);
            return ledger.head().size().value();
        });
    }

    private interface Work<T> {
        T run(Ledger ledger) throws IOException, LedgerException, FormatException;
    }

    private static <T> T opened(Path data, Work<T> work) throws IOException, StartException {
        NodeConfig config = NodeConfig.of(data);
        if (Node.makesGenesis(config)) {
            throw new StartException(
                    "not-a-ledger", "there is no log in " + data, "name the data folder of a node with --data");
        }
        NativeLibraries.unpackIn(NativeLibraries.of(config));
        LedgerPorts ports = LedgerPorts.standard();
        // Held: nobody has asked the witnesses whether the folder has gone back, so nothing may be signed.
        try (Ledger ledger = Ledger.openHeld(
                config.log(),
                config.ledger(),
                NodeKeys.read(config.keys(), false).ledger(ports.signatures().signing()),
                ports)) {
            return work.run(ledger);
        } catch (LedgerException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e);
        } catch (FormatException e) {
            throw StartException.of(e, config);
        }
    }

    /**
     * Makes a backup of the log of a node that is down.
     *
     * @throws StartException the ledger's codes, {@code backup-inside}, {@code data-folder-in-use} while the node is up
     */
    public static BackupFolders.Made backup(Path data, Path to, Optional<Path> keys, int days)
            throws IOException, StartException {
        try {
            BackupFolders.requireApart(data, to, keys);
        } catch (FormatException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), "name folders beside each other", e);
        }
        return opened(data, ledger -> BackupFolders.make(ledger, data, to, keys, days, Instant.now()));
    }

    /**
     * Makes the log of a data folder that has none from a backup.
     *
     * @return its size
     * @throws StartException the ledger's codes
     */
    public static long restore(Path data, Path from, Optional<Path> keys) throws IOException, StartException {
        NodeConfig config = NodeConfig.of(data);
        PrivateFiles.folder(config.data());
        try {
            return Ledger.restore(from, keys, config.log(), config.ledger()).value();
        } catch (LedgerException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e);
        }
    }

    /**
     * Looks at a data folder as far as a start does that reads the log's first leaf alone; a folder that is not there yet is well.
     *
     * @throws StartException {@code keys-missing}, {@code keys-differ}, {@code log-missing}, {@code data-folder-foreign}, and the codes of a
     *     key file
     */
    public static void look(Path data) throws IOException, StartException {
        NodeConfig config = NodeConfig.of(data);
        if (Node.makesGenesis(config)) {
            return;
        }
        try {
            NodeKeys keys = NodeKeys.read(config.keys(), false);
            Optional<StartException> foreign =
                    FirstLeaf.read(config.log()).flatMap(genesis -> keys.foreign(config.keys(), genesis));
            if (foreign.isPresent()) {
                throw foreign.get();
            }
        } catch (FormatException e) {
            throw StartException.of(e, config);
        }
    }
}
