package dev.jurat.proof.contract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The folders that a server was given.
 *
 * @param paths each once
 * @param base the one folder that the server resolves relative paths against; empty where it is not certain which, as with several
 *     folders or with a client that sends roots of its own
 */
public record Roots(List<LexicalPath> paths, Optional<LexicalPath> base) {
    /** For servers that work on no folder. */
    public static final Roots NONE = new Roots(List.of(), Optional.empty());

    public Roots {
        paths = paths.stream().distinct().toList();
    }

    /** These folders; a single one is the base. */
    public static Roots of(List<LexicalPath> paths) {
        return new Roots(paths, paths.size() == 1 ? Optional.of(paths.getFirst()) : Optional.empty());
    }

    /** With one folder more, such as what a symbolic link leads to; the base stays. */
    public Roots and(LexicalPath path) {
        List<LexicalPath> all = new ArrayList<>(paths);
        all.add(path);
        return new Roots(all, base);
    }

    /** Without a base, so that relative paths are refused. */
    public Roots withoutBase() {
        return new Roots(paths, Optional.empty());
    }

    /** The innermost folder that holds all that the call reaches. */
    public Optional<LexicalPath> rootOf(Resource.Path resource) {
        return paths.stream()
                .filter(resource::within)
                .max(Comparator.comparingInt(root -> root.components().size()));
    }
}
