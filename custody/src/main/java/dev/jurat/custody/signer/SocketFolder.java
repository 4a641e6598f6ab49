package dev.jurat.custody.signer;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;

/**
 * Where a signer's socket lies.
 *
 * <p>Security property: nobody but the signer's user and root can put another thing in the socket's place. Who could, would be asked instead of the
 * signer, and by a link between two steps of its start would have the signer open a file of its own to the group.
 */
final class SocketFolder {
    private static final int WRITABLE_BY_OTHERS = 0022;
    /** In such a folder a name is removed by its owner alone. */
    private static final int STICKY = 01000;

    private SocketFolder() {}

    /** Refuses a folder that others can change, or that lies in one: {@link CustodyCode#UNSAFE}. */
    static void require(Path socket) throws IOException {
        Path above = Objects.requireNonNull(socket.toAbsolutePath().normalize().getParent());
        for (Path folder = above.toRealPath(); folder != null; folder = folder.getParent()) {
            require(folder, (int) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static void require(Path folder, int mode) throws IOException {
        if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
            throw new CustodyException(
                    CustodyCode.UNSAFE,
                    "others can change " + folder + ", and so what is at the socket's place",
                    "chmod go-w " + folder + ", or name another place with --socket");
        }
        UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
        boolean roots = owner.equals(Files.getOwner(Path.of("/")));
        if (!roots && !owner.getName().equals(System.getProperty("user.name"))) {
            throw new CustodyException(
                    CustodyCode.UNSAFE,
                    folder + " belongs to " + owner.getName() + ", and so does what is at the socket's place",
                    "name another place with --socket");
        }
    }
}
