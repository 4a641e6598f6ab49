package dev.jurat.proof.lifecycle;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.PrincipalFacts;
import java.util.List;
import java.util.Optional;

/**
 * What administrators have said of a principal so far.
 *
 * @param environment where an agent acts
 * @param owner the person who answers for it
 * @param custodies of its keys, the first one first, where they are; those of which nobody has said it are not among them
 * @param names digests of the outside names that are bound to it, sorted
 * @param retired whether it has ended for good
 */
public record Particulars(
        Optional<String> environment,
        Optional<String> owner,
        List<PrincipalFacts.Custody> custodies,
        List<Hash> names,
        boolean retired) {
    static final Particulars NONE = new Particulars(Optional.empty(), Optional.empty(), List.of(), List.of(), false);

    public Particulars {
        custodies = List.copyOf(custodies);
        names = List.copyOf(names);
    }

    /** Whether anything was said. */
    public boolean any() {
        return !equals(NONE);
    }
}
