package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RegistryFacts.Session;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts what rests on keys from their boundaries on. A boundary comes behind the leaves that it puts in doubt, so these are read a second time,
 * where there is one; only whose they are is asked of them. Not thread-safe.
 */
final class Suspects {
    private record Boundary(String principal, long since) {}

    private final LogSource source;
    /** By key. */
    private Map<String, Boundary> boundaries = Map.of();

    private final Map<String, Long> counts = new HashMap<>();
    private long counted;

    Suspects(LogSource source) {
        this.source = source;
    }

    /** Those of a log as far as it is judged; by principal and key. */
    List<SuspectKey> of(Lifecycle lifecycle, long size) throws IOException {
        Map<String, Boundary> now = boundaries(lifecycle);
        if (!now.equals(boundaries)) {
            boundaries = now;
            counts.clear();
            counted = now.values().stream().mapToLong(Boundary::since).min().orElse(0);
        }
        if (!now.isEmpty()) {
            count(lifecycle, size);
        }
        return now.entrySet().stream()
                .map(b -> new SuspectKey(
                        b.getValue().principal(),
                        b.getKey(),
                        b.getValue().since(),
                        counts.getOrDefault(b.getKey(), 0L)))
                .sorted(Comparator.comparing(SuspectKey::principal).thenComparing(SuspectKey::key))
                .toList();
    }

    private static Map<String, Boundary> boundaries(Lifecycle lifecycle) {
        Map<String, Boundary> found = new TreeMap<>();
        for (Registered registered : lifecycle.principals()) {
            for (Lifecycle.KeyStanding key : lifecycle.keys(registered.principal())) {
                key.since().ifPresent(since -> found.put(key.key(), new Boundary(registered.principal(), since)));
            }
        }
        return found;
    }

    private void count(Lifecycle lifecycle, long size) throws IOException {
        Entries entries = new Entries(source, size);
        for (; counted < size; counted++) {
            Optional<String> key = stream(entries, counted).flatMap(stream -> key(lifecycle, stream));
            if (key.isPresent()
                    && boundaries.containsKey(key.get())
                    && counted >= boundaries.get(key.get()).since()) {
                counts.merge(key.get(), 1L, Long::sum);
            }
        }
    }

    /** Whose a leaf is; of one that cannot be read the audit has told already. */
    private static Optional<Stream> stream(Entries entries, long index) throws IOException {
        try {
            return Optional.of(SignedRecord.ofLeaf(entries.at(index)).header().stream());
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** The registered key that a stream rests on. */
    private static Optional<String> key(Lifecycle lifecycle, Stream stream) {
        return lifecycle
                .head(stream)
                .map(head -> head.session()
                        .map(Session::identityKey)
                        .orElse(head.key().text()));
    }
}
