package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute POSIX path, as its components, read from text that no server is known to read another way. Immutable; compared by
 * components, letter case and all.
 *
 * <p>Security property: of two texts that a server may take to the same file by spelling alone, at most one form is left here, and what
 * cannot be brought to it is refused. It says nothing about symbolic links, which whoever opens the file must follow. The mistake that
 * looks right but is not: comparing text by {@code startsWith}, which puts {@code /srv-other} under {@code /srv}.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Paths.
 */
public final class LexicalPath {
    /** The most bytes that a path has in UTF-8, given or resolved. */
    public static final int BYTES_MAX = 4096;
    /** The most bytes that one component has in UTF-8. */
    public static final int COMPONENT_BYTES_MAX = 255;

    private final List<String> components;

    private LexicalPath(List<String> components) {
        this.components = List.copyOf(components);
    }

    /** Reads an absolute path; refused with {@code path-relative} if it is not, and the other {@code path-} codes. */
    public static LexicalPath parse(String text) throws FormatException {
        PathText.check(text);
        if (!text.startsWith("/")) {
            throw PathText.refused("path-relative", "is relative, and there is no single root that it starts from");
        }
        return walk(new ArrayList<>(), text);
    }

    /** Reads a path that may be relative to {@code base}. */
    public static LexicalPath parse(String text, LexicalPath base) throws FormatException {
        PathText.check(text);
        return walk(text.startsWith("/") ? new ArrayList<>() : new ArrayList<>(base.components), text);
    }

    /** Whether this is {@code root} or lies below it. */
    public boolean under(LexicalPath root) {
        return components.size() >= root.components.size()
                && components.subList(0, root.components.size()).equals(root.components);
    }

    /** Whether this lies below {@code root}, and is not the root itself. */
    public boolean below(LexicalPath root) {
        return under(root) && components.size() > root.components.size();
    }

    /** The names from the top down; empty for {@code /}. */
    public List<String> components() {
        return components;
    }

    /** The one text form: a slash before each component, none after. */
    public String text() {
        return "/" + String.join("/", components);
    }

    private static LexicalPath walk(List<String> at, String text) throws FormatException {
        for (String part : text.split("/", -1)) {
            step(at, part);
        }
        LexicalPath path = new LexicalPath(at);
        if (PathText.utf8Length(path.text()) > BYTES_MAX) {
            throw PathText.refused("path-long", "is longer than " + BYTES_MAX + " bytes when resolved");
        }
        return path;
    }

    private static void step(List<String> at, String part) throws FormatException {
        if (part.isEmpty() || part.equals(".")) {
            return;
        }
        if (part.equals("..")) {
            if (at.isEmpty()) {
                throw PathText.refused("path-above-root", "leads above the top");
            }
            at.removeLast();
            return;
        }
        if (PathText.utf8Length(part) > COMPONENT_BYTES_MAX) {
            throw PathText.refused(
                    "path-component-long", "holds a name of more than " + COMPONENT_BYTES_MAX + " bytes");
        }
        if (PathText.hasEdge(part)) {
            throw PathText.refused("path-edge", "holds a name that begins or ends with a space or a quote");
        }
        at.add(part);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LexicalPath path && components.equals(path.components);
    }

    @Override
    public int hashCode() {
        return components.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
