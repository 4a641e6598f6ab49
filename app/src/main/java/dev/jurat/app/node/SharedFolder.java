package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;

/**
 * The folder in which a node has its door for other users of the machine.
 *
 * <p>Security property: no other user can put a socket in the place of the node's. The mistake that looks right but is not: a folder such as
 * {@code /tmp}, whose sticky bit keeps files from being removed but not from being there first.
 */
final class SharedFolder {
    private static final int PATH_BYTES_MAX = 4096;
    private static final String CODE = "shared-folder";

    private SharedFolder() {}

    /** The folder that this start takes, which is kept for the next one. */
    static Optional<Path> chosen(NodeConfig config) throws StartException, IOException {
        Path file = config.shareFile();
        return switch (config.share()) {
            case ShareChoice.Kept ignored -> kept(config);
            case ShareChoice.In in -> {
                Path folder = require(in.folder(), config);
                PrivateFiles.write(file, folder.toString().getBytes(StandardCharsets.UTF_8));
                yield Optional.of(folder);
            }
            case ShareChoice.No ignored -> {
                if (Files.deleteIfExists(file)) {
                    PrivateFiles.syncNames(config.data());
                }
                yield Optional.empty();
            }
        };
    }

    /** Refuses a place where another node of the same user answers: it would lose its door. */
    static void requireFree(Path socket) throws StartException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            if (channel.isConnected()) {
                throw new StartException(
                        CODE,
                        "another node answers at " + socket,
                        "share a folder of its own: jurat up --share DIR; or nothing: jurat up --no-share");
            }
        } catch (IOException e) {
            // Nobody answers: what is there was left by a node that is gone, if anything is.
        }
    }

    private static Optional<Path> kept(NodeConfig config) throws StartException, IOException {
        if (!Files.exists(config.shareFile())) {
            return Optional.empty();
        }
        byte[] text = PrivateFiles.read(config.shareFile(), PATH_BYTES_MAX);
        return Optional.of(require(Path.of(new String(text, StandardCharsets.UTF_8)), config));
    }

    /** The folder without links; refuses one in which, or above which, others can make or move files. */
    private static Path require(Path named, NodeConfig config) throws StartException, IOException {
        Path folder;
        try {
            folder = named.toRealPath();
        } catch (NoSuchFileException e) {
            throw refused("there is no folder " + named);
        }
        if (!NodeConfig.socketPathFits(NodeConfig.socketIn(folder))) {
            throw new StartException(
                    "socket-path-long",
                    NodeConfig.socketIn(folder) + " is too long for a Unix socket",
                    "choose a folder with a shorter path");
        }
        Path data = config.data().toRealPath();
        if (folder.startsWith(data) || data.startsWith(folder)) {
            throw refused(folder + " and the data folder lie in each other");
        }
        UserPrincipal own = Files.getOwner(data);
        UserPrincipal root = Files.getOwner(Path.of("/"));
        requireOwned(folder, own, root, false);
        for (Path above = folder.getParent(); above != null; above = above.getParent()) {
            requireOwned(above, own, root, true);
        }
        return folder;
    }

    private static void requireOwned(Path folder, UserPrincipal own, UserPrincipal root, boolean stickyIsEnough)
            throws StartException, IOException {
        if (!Files.isDirectory(folder)) {
            throw refused(folder + " is no folder");
        }
        UserPrincipal owner = Files.getOwner(folder);
        if (!owner.equals(own) && !owner.equals(root)) {
            throw refused(folder + " belongs to " + owner.getName());
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
        boolean written =
                mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE);
        if (written && !(stickyIsEnough && isSticky(folder))) {
            throw refused("others can write in " + folder);
        }
    }

    private static boolean isSticky(Path folder) throws IOException {
        return ((int) Files.getAttribute(folder, "unix:mode") & 01000) != 0;
    }

    private static StartException refused(String why) {
        return new StartException(
                CODE,
                why + ": another user could put a socket in the place of the node's",
                "make a folder of the node's user that others can enter and not write in, for instance: install -d -m 755"
                        + " /run/jurat; or share nothing: jurat up --no-share");
    }
}
