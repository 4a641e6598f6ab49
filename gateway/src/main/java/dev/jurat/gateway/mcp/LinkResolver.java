package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.LexicalPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Where a path leads, name by name as the kernel walks it: a symbolic link is followed before the name after it is read, so
 * {@code link/..} is the folder above the link's end. From the first name that is not there, the rest is taken as it stands.
 *
 * <p>Security property: a link whose end does not exist yet is followed too, since opening it for writing would make that end. What this
 * says holds at the moment of asking; where the server is not confined, a link can be swapped afterwards, so the caller asks again.
 */
final class LinkResolver {
    private static final int LINKS_MAX = 40;

    private LinkResolver() {}

    /** Empty where it cannot be said: a loop, a folder that may not be read, a name that this system does not take. */
    static Optional<LexicalPath> resolve(LexicalPath path) {
        return resolve(path.text());
    }

    /** The same for absolute text as it was sent, dots and all. */
    static Optional<LexicalPath> resolve(String absolute) {
        try {
            return Optional.of(LexicalPath.parse(walk(Path.of(absolute)).toString()));
        } catch (IOException | InvalidPathException | SecurityException | FormatException e) {
            return Optional.empty();
        }
    }

    private static Path walk(Path path) throws IOException {
        Path at = Path.of("/");
        Deque<Path> names = new ArrayDeque<>();
        path.forEach(names::addLast);
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.removeFirst().toString();
            Path next = at.resolve(name);
            if (name.isEmpty() || name.equals(".")) {
                continue;
            } else if (name.equals("..")) {
                Path above = at.getParent();
                at = above == null ? at : above;
            } else if (Files.isSymbolicLink(next)) {
                if (++links > LINKS_MAX) {
                    throw new IOException("too many symbolic links");
                }
                Path end = Files.readSymbolicLink(next);
                at = end.isAbsolute() ? Path.of("/") : at;
                List<Path> inserted = new java.util.ArrayList<>();
                end.forEach(inserted::add);
                inserted.reversed().forEach(names::addFirst);
            } else {
                requireReadable(at, next);
                at = next;
            }
        }
        return at;
    }

    /** A name that is there but cannot be looked at may be a link that nobody here can follow. */
    private static void requireReadable(Path folder, Path next) throws IOException {
        boolean known =
                Files.exists(next, LinkOption.NOFOLLOW_LINKS) || Files.notExists(next, LinkOption.NOFOLLOW_LINKS);
        if (!known) {
            throw new IOException("cannot look into " + folder);
        }
    }
}
