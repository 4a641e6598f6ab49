package dev.jurat.ledger.bundle;

import dev.jurat.proof.bundle.Closure;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which leaves of a large log may be in a bundle: a first pass that keeps a few words a record, so that only these are read again.
 *
 * <p>It may name too many; {@link Closure} decides. Not thread-safe.
 */
final class Candidates {
    /** Kinds that the closure looks through whole. */
    private static final Set<Kind> ALWAYS = EnumSet.of(
            Kind.GENESIS,
            Kind.CLOCK,
            Kind.KEY,
            Kind.SESSION,
            Kind.POLICY,
            Kind.PROFILE,
            Kind.REVOCATION,
            Kind.COMPROMISE,
            Kind.ERASURE,
            Kind.HOLD,
            Kind.REFUSED,
            Kind.REFUSED_FOLD,
            Kind.CONFLICT);

    private final Scope scope;
    private final BitSet kept = new BitSet();
    private final BitSet scoped = new BitSet();
    private final Map<RecordId, Integer> places = new HashMap<>();
    private final List<Integer> indices = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>();
    private final Map<Stream, BitSet> whole = new HashMap<>();
    private final Set<String> points = new HashSet<>();
    private final Set<Integer> wanted = new HashSet<>();

    Candidates(Scope scope) {
        this.scope = scope;
    }

    /** Takes the next record of the log. */
    void add(int index, SignedRecord record) {
        Stream stream = record.header().stream();
        boolean inScope = switch (scope) {
            case Scope.All ignored -> true;
            case Scope.Session session -> session.stream().equals(stream);
            case Scope.Action action -> action.intent().equals(record.id());
        };
        scoped.set(index, inScope);
        if (inScope || ALWAYS.contains(record.kind())) {
            kept.set(index);
        }
        points.addAll(Records.pointsEnrolledBy(record));
        if (record.header().signer() == SignerType.AGENT || points.contains(stream.principal())) {
            whole.computeIfAbsent(stream, k -> new BitSet()).set(index);
        }
        boolean named = Closure.FOLLOWED.contains(record.kind())
                || record.kind() == Kind.INCOMPLETE
                || record.kind() == Kind.EXPIRY;
        if (named && !(scope instanceof Scope.All)) {
            join(index, record, inScope);
        }
    }

    /** Joins a record with those that it names: what is joined with a record of the scope is kept. */
    private void join(int index, SignedRecord record, boolean inScope) {
        int place = groups.size();
        places.put(record.id(), place);
        indices.add(index);
        groups.add(place);
        for (RecordId id : record.header().references().all()) {
            Integer other = places.get(id);
            if (other != null) {
                groups.set(root(other), root(place));
            }
        }
        if (inScope) {
            wanted.add(place);
        }
    }

    private int root(int place) {
        int at = place;
        while (groups.get(at) != at) {
            groups.set(at, groups.get(groups.get(at)));
            at = groups.get(at);
        }
        return at;
    }

    /** The indices to read: streams that must be whole only where a record of what the scope is about is in them. */
    BitSet chosen() {
        BitSet path = joined();
        path.or(scoped);
        for (BitSet stream : whole.values()) {
            if (stream.intersects(path)) {
                kept.or(stream);
            }
        }
        kept.or(path);
        return kept;
    }

    private BitSet joined() {
        Set<Integer> roots = new HashSet<>();
        wanted.forEach(place -> roots.add(root(place)));
        BitSet joined = new BitSet();
        for (int place = 0; place < groups.size(); place++) {
            if (roots.contains(root(place))) {
                joined.set(indices.get(place));
            }
        }
        return joined;
    }
}
