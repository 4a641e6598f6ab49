package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.LexicalPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a lexical path leads once symbolic links are followed: the real path of its deepest existing ancestor, and what is left of it.
 *
 * <p>Security property: a link whose end does not exist yet is followed too, since opening it for writing would make that end. What this
 * says holds at the moment of asking; where the server is not confined, a link can be swapped afterwards, so the caller asks again.
 */
final class LinkResolver {
    private static final int LINKS_MAX = 40;

    private LinkResolver() {}

    /** Empty where it cannot be said: a loop, a folder that may not be read, a name that this system does not take. */
    static Optional<LexicalPath> resolve(LexicalPath path) {
        try {
            return Optional.of(
                    LexicalPath.parse(follow(Path.of(path.text()), LINKS_MAX).toString()));
        } catch (IOException | InvalidPathException | SecurityException | FormatException e) {
            return Optional.empty();
        }
    }

    private static Path follow(Path path, int linksLeft) throws IOException {
        if (linksLeft == 0) {
            throw new IOException("too many symbolic links");
        }
        if (Files.exists(path)) {
            return path.toRealPath();
        }
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null || name == null) {
            return path;
        }
        if (Files.isSymbolicLink(path)) {
            Path end = Files.readSymbolicLink(path);
            return follow(follow(parent, linksLeft - 1).resolve(end).normalize(), linksLeft - 1);
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("neither readable nor a link");
        }
        return follow(parent, linksLeft).resolve(name);
    }
}
