package dev.jurat.app.node;

import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Work on a data folder whose node is down. */
public final class Maintenance {
    private Maintenance() {}

    /**
     * Makes the index anew; answers how many records it has read.
     *
     * @throws StartException the ledger's codes, {@code data-folder-in-use} while the node is up
     */
    public static long reindex(Path data) throws IOException, StartException {
        NodeConfig config = NodeConfig.of(data);
        if (Node.makesGenesis(config)) {
            throw new StartException(
                    "not-a-ledger", "there is no log in " + data, "name the data folder of a node with --data");
        }
        NativeLibraries.unpackIn(NativeLibraries.of(config));
        LedgerPorts ports = LedgerPorts.standard();
        try (Ledger ledger = Ledger.open(
                config.log(),
                config.ledger(),
                NodeKeys.read(config.keys()).ledger(ports.signatures().signing()),
                ports)) {
            ledger.reindex();
            return ledger.head().size().value();
        } catch (LedgerException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e);
        } catch (FormatException e) {
            throw StartException.of(e, config);
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
            NodeKeys keys = NodeKeys.read(config.keys());
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
