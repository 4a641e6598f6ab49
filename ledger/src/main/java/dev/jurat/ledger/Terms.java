package dev.jurat.ledger;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What an act is found by, each as one text: a letter for its sort, then the value. Terms that begin the same stand together, so that a range of them answers
 * what a prefix asks for.
 */
final class Terms {
    /** How many folders of a resource are terms of their own; what lies deeper is found by the range of its names. */
    static final int FOLDERS_MAX = 16;

    private static final char RESOURCE = 'r';

    private Terms() {}

    static String principal(String id) {
        return id.endsWith("/*") ? namespace(id) : "p" + id;
    }

    static String namespace(String id) {
        return "n" + id.substring(0, Math.max(0, id.indexOf('/')));
    }

    static String tool(String name) {
        return "t" + name;
    }

    static String decision(String word) {
        return "d" + word;
    }

    static String outcome(String word) {
        return "o" + word;
    }

    static String flag(String code) {
        return "f" + code;
    }

    static String resource(String name) {
        return RESOURCE + name;
    }

    static String word(String token) {
        return "w" + token;
    }

    /** A text that ends as names of folders do, or is empty: all resources that begin so. */
    static String folder(String prefix) {
        return "R" + prefix;
    }

    /** Whether all that begins so is one term. */
    static boolean isFolder(String prefix) {
        return prefix.isEmpty()
                || (prefix.endsWith("/") && prefix.chars().filter(c -> c == '/').count() <= FOLDERS_MAX);
    }

    /** The terms of one resource: its name, and the folders that it lies in, the whole of them included. */
    static Set<String> ofResource(String name) {
        Set<String> terms = new LinkedHashSet<>(List.of(resource(name), folder("")));
        int folders = 0;
        for (int slash = name.indexOf('/'); slash >= 0 && folders < FOLDERS_MAX; slash = name.indexOf('/', slash + 1)) {
            terms.add(folder(name.substring(0, slash + 1)));
            folders++;
        }
        return terms;
    }
}
