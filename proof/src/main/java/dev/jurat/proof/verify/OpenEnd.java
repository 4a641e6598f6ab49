package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.Stream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream of an agent or of an enforcement point that a part of the log shows without its end: what has a number after {@code last} was
 * either never written or left out by whoever brought the bundle.
 */
public record OpenEnd(Stream stream, long last) {
    /** Those of a bundle, in the order of their first records; none where the whole log is there. */
    static List<OpenEnd> of(Scope scope, Records records) {
        if (scope instanceof Scope.All) {
            return List.of();
        }
        Map<Stream, Leaf> last = new LinkedHashMap<>();
        for (Leaf leaf : records.all()) {
            if (records.isWhole(leaf) && leaf.kind() != Kind.KEY) {
                last.put(leaf.stream(), leaf);
            }
        }
        return last.values().stream()
                .filter(leaf -> leaf.kind() != Kind.SESSION_END)
                .map(leaf -> new OpenEnd(leaf.stream(), leaf.header().sequence()))
                .toList();
    }
}
