package dev.jurat.proof.assess;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.Optional;

/**
 * A place in the log from which on a key is out of use: what its holder signed before stands, what comes after the leaf that says so does not pass for
 * it. Where it lies before that leaf, what stands between is suspect.
 *
 * @param stated the leaf that says so
 * @param principal whose key it is
 * @param from the first leaf behind the boundary
 */
record Boundary(Leaf stated, String principal, long from) {
    /** The boundary that a record draws, if it draws one. This is the one place that says which kinds do, and where. */
    static Optional<Boundary> of(Leaf leaf) {
        return switch (leaf.record().statement().facts()) {
            case RegistryFacts.Key key
            when key.action() == RegistryFacts.KeyAction.SUSPEND -> Optional.of(at(leaf, key.principal()));
            case RegistryFacts.Revocation revocation ->
                revocation
                        .principal()
                        .or(() -> revocation.session().map(Stream::principal))
                        .map(principal -> at(leaf, principal));
            case SuccessionFacts.Compromise report ->
                Optional.of(new Boundary(
                        leaf,
                        report.principal(),
                        report.since()
                                .map(since -> Math.min(since, leaf.index()))
                                .orElse(leaf.index())));
            case LedgerFacts.Conflict conflict ->
                Optional.of(at(leaf, conflict.stream().principal()));
            default -> Optional.empty();
        };
    }

    private static Boundary at(Leaf leaf, String principal) {
        return new Boundary(leaf, principal, leaf.index());
    }
}
