package dev.jurat.proof.bundle;

import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Leaves that can be found by id, stream, kind, and by whom they name. Nothing here is checked. Immutable. */
public final class Records {
    private final NavigableMap<Long, Leaf> leaves = new TreeMap<>();
    private final NavigableMap<Long, Leaf> clocks = new TreeMap<>();
    private final Map<RecordId, Leaf> byId = new HashMap<>();
    private final Map<RecordId, List<Leaf>> naming = new HashMap<>();
    private final Map<Stream, List<Leaf>> streams = new HashMap<>();
    private final Map<Stream, NavigableMap<Long, Leaf>> refusals = new HashMap<>();
    private final Map<Kind, List<Leaf>> kinds = new EnumMap<>(Kind.class);

    private final Set<String> points = new HashSet<>();

    private Records() {}

    /** Takes leaves by their index. */
    public static Records of(SortedMap<Long, SignedRecord> leaves) {
        Records records = new Records();
        leaves.forEach((index, record) -> records.add(new Leaf(index, record)));
        return records;
    }

    private void add(Leaf leaf) {
        points.addAll(pointsEnrolledBy(leaf.record()));
        leaves.put(leaf.index(), leaf);
        byId.putIfAbsent(leaf.id(), leaf);
        streams.computeIfAbsent(leaf.stream(), k -> new ArrayList<>()).add(leaf);
        kinds.computeIfAbsent(leaf.kind(), k -> new ArrayList<>()).add(leaf);
        if (leaf.kind() == Kind.CLOCK) {
            clocks.put(leaf.index(), leaf);
        }
        Set<RecordId> named = new LinkedHashSet<>(leaf.header().references().all());
        switch (leaf.record().statement().facts()) {
            case LedgerFacts.Refused refused ->
                refused.records().forEach(r -> {
                    r.identity().ifPresent(named::add);
                    refusals.computeIfAbsent(r.stream(), k -> new TreeMap<>()).putIfAbsent(r.sequence(), leaf);
                });
            case LedgerFacts.RefusedFold fold -> {
                // What is asked for begins or ends outside it: none of its numbers is one of an admitted record.
                NavigableMap<Long, Leaf> entries = refusals.computeIfAbsent(fold.stream(), k -> new TreeMap<>());
                entries.putIfAbsent(fold.first(), leaf);
                entries.putIfAbsent(fold.last(), leaf);
            }
            case LedgerFacts.Conflict conflict -> named.add(conflict.admitted());
            case CustodyFacts.Erasure erasure -> erasure.records().forEach(r -> named.add(r.id()));
            default -> {
                // The other kinds name records by their references alone.
            }
        }
        named.forEach(id -> naming.computeIfAbsent(id, k -> new ArrayList<>()).add(leaf));
    }

    /** The enforcement points that a record says are there. */
    public static List<String> pointsEnrolledBy(SignedRecord record) {
        List<LedgerFacts.Registered> registered = switch (record.statement().facts()) {
            case LedgerFacts.Genesis genesis -> genesis.principals();
            case RegistryFacts.Key key -> List.of(key.registered());
            default -> List.of();
        };
        return registered.stream()
                .filter(r -> r.roles().contains(Role.POINT))
                .map(LedgerFacts.Registered::principal)
                .toList();
    }

    /** Whether a principal is an enforcement point. */
    public boolean isPoint(String principal) {
        return points.contains(principal);
    }

    /** Whether a part of the log shows this stream without gaps: those of agents and of enforcement points. */
    public boolean isWhole(Leaf leaf) {
        return leaf.header().signer() == SignerType.AGENT
                || isPoint(leaf.stream().principal());
    }

    /** All leaves, by index. */
    public Collection<Leaf> all() {
        return Collections.unmodifiableCollection(leaves.values());
    }

    public int count() {
        return leaves.size();
    }

    public Optional<Leaf> at(long index) {
        return Optional.ofNullable(leaves.get(index));
    }

    public Optional<Leaf> byId(RecordId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The records that name this one, by index. */
    public List<Leaf> naming(RecordId id) {
        return Collections.unmodifiableList(naming.getOrDefault(id, List.of()));
    }

    /** The records of a kind that name this one. */
    public List<Leaf> naming(RecordId id, Kind kind) {
        return naming(id).stream().filter(l -> l.kind() == kind).toList();
    }

    /** The records of a stream, by index. */
    public List<Leaf> stream(Stream stream) {
        return Collections.unmodifiableList(streams.getOrDefault(stream, List.of()));
    }

    /** The {@code refused} and {@code refused-fold} records with an entry of this stream at a number from {@code from} to before {@code to}. */
    public Collection<Leaf> refusedIn(Stream stream, long from, long to) {
        NavigableMap<Long, Leaf> entries = refusals.get(stream);
        return entries == null
                ? List.of()
                : List.copyOf(entries.subMap(from, to).values());
    }

    public List<Leaf> ofKind(Kind kind) {
        return Collections.unmodifiableList(kinds.getOrDefault(kind, List.of()));
    }

    /** The clock leaf that a record at this index is judged by. */
    public Optional<Leaf> clockBefore(long index) {
        return Optional.ofNullable(clocks.lowerEntry(index)).map(Map.Entry::getValue);
    }

    /** The first clock leaf after an index. */
    public Optional<Leaf> clockAfter(long index) {
        return Optional.ofNullable(clocks.higherEntry(index)).map(Map.Entry::getValue);
    }

    /** The newest clock leaf. */
    public Optional<Leaf> newestClock() {
        return Optional.ofNullable(clocks.lastEntry()).map(Map.Entry::getValue);
    }
}
