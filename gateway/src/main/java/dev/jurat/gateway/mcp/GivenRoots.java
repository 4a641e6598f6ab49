package dev.jurat.gateway.mcp;

import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Reach;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.Roots;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folders that a server was given, with where each of them led when it was given. Immutable.
 *
 * <p>Security property: where a root leads is asked once. The mistake that looks right but is not: asking anew for each call, so that a
 * root that was replaced by a link since takes everything behind that link for inside.
 *
 * @param names the folders as they were given, and as links led to them then
 * @param ends where they led then, and nothing for one of which nobody could say; what was not there yet leads to its own name
 */
record GivenRoots(Roots names, List<LexicalPath> ends) {
    GivenRoots {
        ends = List.copyOf(ends);
    }

    /** Fixes where these folders lead to what it is now. */
    static GivenRoots fixed(Roots given) {
        List<LexicalPath> ends = given.paths().stream()
                .flatMap(root -> LinkResolver.resolve(root).stream())
                .distinct()
                .toList();
        List<LexicalPath> names =
                Stream.concat(given.paths().stream(), ends.stream()).toList();
        return new GivenRoots(new Roots(names, given.base()), ends);
    }

    GivenRoots withoutBase() {
        return new GivenRoots(names.withoutBase(), ends);
    }

    /** The one folder that relative paths start from, where that is certain. */
    Optional<LexicalPath> base() {
        return names.base();
    }

    /** Whether all that a call reaches from where links lead it lies in what was given. */
    boolean hold(LexicalPath real, Reach reach) {
        Resource.Path led = new Resource.Path(real, reach);
        return ends.stream().anyMatch(led::within);
    }
}
