package dev.jurat.testkit;

import dev.jurat.proof.lifecycle.Archive;
import dev.jurat.proof.lifecycle.Changes;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a lifecycle gave away, in memory: leaves and standings as they were at the last cut. Not thread-safe. */
public final class MemoryArchive implements Archive {
    private final List<SignedRecord> leaves = new ArrayList<>();
    private final SortedMap<Long, byte[]> standings = new TreeMap<>();
    private final SortedMap<String, byte[]> parts = new TreeMap<>();
    private final Map<RecordId, Long> byId = new HashMap<>();
    private final Map<Stream, Map<Long, Long>> byNumber = new HashMap<>();
    private final Set<String> keys = new HashSet<>();
    private final Set<String> nonces = new HashSet<>();

    /** Takes the leaf that follows. */
    public void add(SignedRecord record) {
        long leaf = leaves.size();
        leaves.add(record);
        byId.put(record.id(), leaf);
        // An opening that was refused may be admitted later: then the record itself stands there.
        byNumber.computeIfAbsent(record.header().stream(), s -> new HashMap<>())
                .put(record.header().sequence(), leaf);
        switch (record.statement().facts()) {
            case LedgerFacts.Genesis genesis -> {
                keys.add(genesis.checkpointKey());
                genesis.principals().forEach(p -> keys.add(p.key()));
            }
            case RegistryFacts.Key key -> keys.add(key.key());
            case RegistryFacts.Session session -> keys.add(session.key());
            case LedgerFacts.Refused refused -> refused.records().forEach(r -> name(r.stream(), r.sequence(), leaf));
            case LedgerFacts.RefusedFold fold -> {
                for (long number = fold.first(); number <= fold.last(); number++) {
                    name(fold.stream(), number, leaf);
                }
            }
            case ExecutionFacts.Use use ->
                nonces.add(record.header().references().one("identity").hex() + use.nonce());
            default -> {
                // It has no other name.
            }
        }
    }

    private void name(Stream stream, long number, long leaf) {
        byNumber.computeIfAbsent(stream, s -> new HashMap<>()).putIfAbsent(number, leaf);
    }

    /** Takes what has changed. */
    public void take(Changes changes) {
        standings.putAll(changes.standings());
        changes.parts().forEach((name, bytes) -> {
            if (bytes.length == 0) {
                parts.remove(name);
            } else {
                parts.put(name, bytes);
            }
        });
    }

    /** How many leaves were taken. */
    public long size() {
        return leaves.size();
    }

    /** The standings that are not empty, by leaf. */
    public SortedMap<Long, byte[]> standings() {
        SortedMap<Long, byte[]> some = new TreeMap<>(standings);
        some.values().removeIf(bytes -> bytes.length == 0);
        return some;
    }

    /** What a lifecycle can be restored from. */
    public Map<String, byte[]> parts() {
        return Collections.unmodifiableMap(parts);
    }

    @Override
    public Kept at(long leaf) {
        return new Kept(leaf, leaves.get((int) leaf), standings.getOrDefault(leaf, new byte[0]));
    }

    @Override
    public Optional<Kept> find(RecordId id) {
        return Optional.ofNullable(byId.get(id)).map(this::at);
    }

    @Override
    public Optional<Kept> find(Stream stream, long number) {
        return Optional.ofNullable(byNumber.getOrDefault(stream, Map.of()).get(number))
                .map(this::at);
    }

    @Override
    public boolean hasKey(String key) {
        return keys.contains(key);
    }

    @Override
    public boolean hasNonce(RecordId identity, String nonce) {
        return nonces.contains(identity.hex() + nonce);
    }
}
