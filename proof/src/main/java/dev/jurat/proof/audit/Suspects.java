package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts what rests on keys from their boundaries on. A boundary comes behind the leaves that it puts in doubt, so these are read a second time,
 * where there is one; only whose they are is asked of them, by the rule that the verifier has. Not thread-safe.
 */
final class Suspects {
    private record Reported(String principal, Lifecycle.KeyStanding standing) {
        long since() {
            return standing.since().orElseThrow();
        }
    }

    private final LogSource source;
    private final TileCheck.Tell tell;
    private final FirstReading first = new FirstReading();
    /** By key. */
    private Map<String, Reported> reported = Map.of();

    private final Map<String, Long> counts = new HashMap<>();
    private long counted;

    Suspects(LogSource source, TileCheck.Tell tell) {
        this.source = source;
        this.tell = tell;
    }

    /** Is told of each leaf that could be had. */
    void read(long leaf, Hash hash) {
        first.add(leaf, hash);
    }

    /** Those of a log as far as it is judged; by principal and key. */
    List<SuspectKey> of(Lifecycle lifecycle, long size) throws IOException {
        Map<String, Reported> now = reported(lifecycle);
        if (!now.equals(reported)) {
            reported = now;
            counts.clear();
            counted = now.values().stream().mapToLong(Reported::since).min().orElse(0);
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

    private static Map<String, Reported> reported(Lifecycle lifecycle) {
        Map<String, Reported> found = new TreeMap<>();
        for (Registered registered : lifecycle.principals()) {
            for (Lifecycle.KeyStanding key : lifecycle.keys(registered.principal())) {
                if (key.since().isPresent()) {
                    found.put(key.key(), new Reported(registered.principal(), key));
                }
            }
        }
        return found;
    }

    private void count(Lifecycle lifecycle, long size) throws IOException {
        Entries entries = new Entries(source, size);
        for (FirstReading.Run run : first.from(counted)) {
            count(lifecycle, run, again(entries, run));
        }
        counted = size;
    }

    private void count(Lifecycle lifecycle, FirstReading.Run run, List<byte[]> leaves) {
        for (long leaf = Math.max(counted, run.first()); leaf < run.first() + leaves.size(); leaf++) {
            long place = leaf;
            stream(leaves.get((int) (leaf - run.first())))
                    .flatMap(lifecycle::restsOn)
                    .filter(key -> inDoubt(key, place))
                    .ifPresent(key -> counts.merge(key, 1L, Long::sum));
        }
    }

    private boolean inDoubt(String key, long leaf) {
        return Optional.ofNullable(reported.get(key))
                .filter(one -> one.standing().inDoubt(leaf))
                .isPresent();
    }

    /** The leaves of a run as they are given now; none, with a defect, where they are others than those that were judged. */
    private List<byte[]> again(Entries entries, FirstReading.Run run) throws IOException {
        try {
            List<byte[]> leaves = new ArrayList<>();
            for (long leaf = run.first(); leaf < run.end(); leaf++) {
                leaves.add(entries.at(leaf));
            }
            if (run.isOf(leaves.stream().map(Rfc6962::leafHash).toList())) {
                return leaves;
            }
        } catch (FormatException e) {
            // Not given any more, or not as a bundle: told as what was changed is.
        }
        tell.defect(
                "root-mismatch",
                "leaf " + run.first(),
                "entries that were read and judged are given otherwise now; what rests on reported keys is not counted there");
        return List.of();
    }

    /** Whose a leaf is; of one that cannot be read the audit has told already. */
    private static Optional<Stream> stream(byte[] leaf) {
        try {
            return Optional.of(SignedRecord.ofLeaf(leaf).header().stream());
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
