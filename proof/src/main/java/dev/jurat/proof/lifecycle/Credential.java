package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.SuccessionFacts.Rotation;
import dev.jurat.proof.record.SuccessionFacts.Successor;
import dev.jurat.proof.state.Standing;
import java.util.Optional;

/**
 * A registered key of a principal: which one follows it, and whether it was reported to be in other hands ({@code
 * docs/spec/lifecycle.md} §5). It belongs to the leaf that brought it.
 */
final class Credential {
    private final String key;
    private final Entity holder;
    private final WorkingSet working;
    private Optional<Follower> follower = Optional.empty();
    private Optional<Report> report = Optional.empty();

    /** The key after this one, and until when this one may be used beside it; none after a recovery. */
    private record Follower(Credential credential, Optional<Long> until) {}

    /**
     * That the key is in other hands.
     *
     * @param place of the first record that says so
     * @param since the boundary that two people set
     */
    private record Report(Place place, Optional<Long> since) {
        /** The first leaf that the key may have been misused at. What is not written yet comes after all that is. */
        long boundary() {
            long own = place.isKnown() ? place.leaf() : Long.MAX_VALUE;
            return Math.min(since.orElse(own), own);
        }
    }

    Credential(String key, Entity holder, WorkingSet working) {
        this.key = key;
        this.holder = holder;
        this.working = working;
    }

    String key() {
        return key;
    }

    /** The one that follows it. */
    Optional<Credential> next() {
        return follower.map(Follower::credential);
    }

    /** Whether another one follows it and the time of both is over, or one further on was brought without the word of the one before. */
    boolean isRetired(Clocks clocks) {
        if (follower.flatMap(Follower::until).filter(clocks::expired).isPresent()) {
            return true;
        }
        for (Optional<Follower> next = follower;
                next.isPresent();
                next = next.get().credential().follower) {
            if (next.get().until().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    boolean isCompromised() {
        return report.isPresent();
    }

    /** Whether a record at this place, signed with the key, is of a time when the key was nobody else's by all that is known. */
    boolean isSoundAt(Place place) {
        return report.isEmpty()
                || place.isKnown() && place.leaf() < report.get().boundary();
    }

    /** Whether a boundary is before the one that stands. */
    boolean isEarlier(long since) {
        return report.isEmpty() || since < report.get().boundary();
    }

    void followedBy(Credential next, Successor facts) {
        Optional<Long> until = facts instanceof Rotation rotation ? Optional.of(rotation.until()) : Optional.empty();
        follower = Optional.of(new Follower(next, until));
        working.changed(holder);
    }

    /** Takes a report, or an earlier boundary of one; so do the keys after it that it may have brought when it was in other hands. */
    void reported(Place place, Optional<Long> since) {
        for (Optional<Credential> at = Optional.of(this);
                at.isPresent();
                at = at.get().reached(since)) {
            at.get().take(place, since);
        }
    }

    private void take(Place place, Optional<Long> since) {
        if (since.map(this::isEarlier).orElse(report.isEmpty())) {
            report = Optional.of(new Report(report.map(Report::place).orElse(place), since));
            working.changed(holder);
        }
    }

    /** The key that this one signed for at a boundary or after; not one that administrators brought. */
    private Optional<Credential> reached(Optional<Long> since) {
        return follower.filter(f -> f.until().isPresent())
                .map(Follower::credential)
                .filter(next -> since.filter(next::isFrom).isPresent());
    }

    /** Whether a report would say so of this key: of the one that it names, or of one before it. */
    boolean isReachedFrom(Credential reported, Optional<Long> since) {
        for (Optional<Credential> at = Optional.of(reported);
                at.isPresent();
                at = at.get().reached(since)) {
            if (at.get() == this) {
                return true;
            }
        }
        return false;
    }

    /** Whether its record stands at a leaf or after. */
    private boolean isFrom(long leaf) {
        return !holder.place().isKnown() || holder.place().leaf() >= leaf;
    }

    Lifecycle.KeyStanding standing(Clocks clocks) {
        return new Lifecycle.KeyStanding(
                key,
                isRetired(clocks),
                report.map(r -> r.place().id()),
                report.map(Report::boundary).filter(b -> b != Long.MAX_VALUE));
    }

    Standing.Credential standing() {
        return new Standing.Credential(
                next().map(next -> next.holder.place().leaf()).orElse(0L),
                report.map(r -> r.place().leaf()).orElse(0L),
                report.map(Report::boundary).orElse(0L));
    }

    /** Takes the standing that its leaf had when it was kept; which one follows it is said when that one is read. */
    void become(Standing.Credential standing, Archive archive) {
        if (standing.report() != 0) {
            Place place = Place.at(archive.at(standing.report()).record().id(), standing.report());
            report = Optional.of(new Report(place, Optional.of(standing.since())));
        }
    }
}
