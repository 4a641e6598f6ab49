package dev.jurat.app.node;

import dev.jurat.app.http.DoorLimits;
import dev.jurat.ledger.LedgerConfig;
import java.nio.file.Path;

/**
 * The configuration of one node.
 *
 * @param data the data folder; made if missing
 * @param tilePort the loopback TCP port for checkpoint and tiles; 0 takes a free one
 * @param ledger bounds of the ledger
 * @param limits bounds of both doors
 * @param witnesses whom the ledger's checkpoints are shown
 * @param wantsSecondLine whether checkpoints are to have a second line from now on; a log that has its key has them anyway
 * @param share whether users of the machine have a door of their own
 */
public record NodeConfig(
        Path data,
        int tilePort,
        LedgerConfig ledger,
        DoorLimits limits,
        WitnessChoice witnesses,
        boolean wantsSecondLine,
        ShareChoice share) {
    /** The longest path of a Unix socket that every platform takes, in bytes. */
    private static final int SOCKET_PATH_BYTES_MAX = 100;

    public NodeConfig {
        data = data.toAbsolutePath().normalize();
        if (tilePort < 0 || tilePort > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535");
        }
    }

    /** With the witnesses that the data folder has kept. */
    public NodeConfig(Path data, int tilePort, LedgerConfig ledger, DoorLimits limits) {
        this(data, tilePort, ledger, limits, new WitnessChoice.Kept(), false, new ShareChoice.Kept());
    }

    public NodeConfig with(WitnessChoice choice) {
        return new NodeConfig(data, tilePort, ledger, limits, choice, wantsSecondLine, share);
    }

    /** The same with second lines from now on. */
    public NodeConfig withSecondLine() {
        return new NodeConfig(data, tilePort, ledger, limits, witnesses, true, share);
    }

    public NodeConfig with(ShareChoice choice) {
        return new NodeConfig(data, tilePort, ledger, limits, witnesses, wantsSecondLine, choice);
    }

    public static NodeConfig of(Path data) {
        return new NodeConfig(data, 0, LedgerConfig.STANDARD, DoorLimits.USUAL);
    }

    public Path socket() {
        return socketIn(data);
    }

    /** The node's door in a folder. */
    static Path socketIn(Path folder) {
        return folder.resolve("node.sock");
    }

    /** Which folder is shared. */
    Path shareFile() {
        return data.resolve("share");
    }

    Path log() {
        return data.resolve("log");
    }

    Path witnessFile() {
        return data.resolve("witnesses.json");
    }

    Path keys() {
        return data.resolve("keys");
    }

    boolean socketPathFits() {
        return socketPathFits(socket());
    }

    static boolean socketPathFits(Path socket) {
        return socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES_MAX;
    }
}
