package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.LexicalPath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
    /** Characters of ASCII that another character is equal to under NFC: the Kelvin sign, the Greek question mark, the varia. */
    private static final String ASCII_WITH_EQUALS = "K;`";

    /**
     * A name that is still to be walked.
     *
     * @param asked whether it was asked for, and not put in by a link
     */
    private record Step(String name, boolean asked) {}

    private LinkResolver() {}

    /**
     * Empty where it cannot be said: a loop, a folder that may not be read, a name that this system does not take.
     *
     * @param absolute as it was sent, dots and all
     */
    static Optional<LexicalPath> resolve(String absolute) {
        return resolve(absolute, false);
    }

    static Optional<LexicalPath> resolve(LexicalPath path) {
        return resolve(path.text(), false);
    }

    /**
     * The same for a server that, where a name is not there, takes the one that is equal to it under NFC. Empty also where several are. A
     * name that is no link keeps the form in which it was asked for, in which alone it can be named.
     */
    static Optional<LexicalPath> resolveEqual(LexicalPath path) {
        return resolve(path.text(), true);
    }

    private static Optional<LexicalPath> resolve(String absolute, boolean equal) {
        try {
            return Optional.of(LexicalPath.parse(walk(Path.of(absolute), equal).toString()));
        } catch (IOException
                | DirectoryIteratorException
                | InvalidPathException
                | SecurityException
                | FormatException e) {
            return Optional.empty();
        }
    }

    private static Path walk(Path path, boolean equal) throws IOException {
        Path at = Path.of("/");
        Path said = at;
        Deque<Step> steps = new ArrayDeque<>();
        path.forEach(name -> steps.addLast(new Step(name.toString(), true)));
        int links = 0;
        while (!steps.isEmpty()) {
            Step step = steps.removeFirst();
            String name = step.name();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = above(at);
                said = above(said);
                continue;
            }
            Path next = equal && step.asked() ? entry(at, name) : at.resolve(name);
            if (Files.isSymbolicLink(next)) {
                if (++links > LINKS_MAX) {
                    throw new IOException("too many symbolic links");
                }
                Path end = Files.readSymbolicLink(next);
                at = end.isAbsolute() ? Path.of("/") : at;
                said = end.isAbsolute() ? Path.of("/") : said;
                List<Path> inserted = new ArrayList<>();
                end.forEach(inserted::add);
                inserted.reversed().forEach(n -> steps.addFirst(new Step(n.toString(), false)));
            } else {
                requireReadable(at, next);
                at = next;
                said = said.resolve(name);
            }
        }
        return said;
    }

    private static Path above(Path path) {
        Path above = path.getParent();
        return above == null ? path : above;
    }

    /** What the folder has under the name: the name itself, else the one that is equal to it, else the name that is not there. */
    private static Path entry(Path folder, String name) throws IOException {
        Path exact = folder.resolve(name);
        boolean listed = hasEquals(name)
                && !Files.exists(exact, LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
        if (!listed) {
            return exact;
        }
        String folded = Normalizer.normalize(name, Normalizer.Form.NFC);
        List<Path> equal = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String found = entry.getFileName().toString();
                if (Normalizer.normalize(found, Normalizer.Form.NFC).equals(folded)) {
                    equal.add(entry);
                }
            }
        }
        if (equal.size() > 1) {
            throw new IOException("several names are equal");
        }
        return equal.isEmpty() ? exact : equal.getFirst();
    }

    /** Whether another spelling can be equal to the name under NFC; a folder is listed for no other. */
    static boolean hasEquals(String name) {
        return name.chars().anyMatch(c -> c >= 0x80 || ASCII_WITH_EQUALS.indexOf(c) >= 0);
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
