package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.RecordId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What of the state is in memory, and what of that has changed since the last <em>cut</em>: the moment at which changes are given away to be
 * kept elsewhere.
 *
 * <p>Security property: what has changed since the last cut is never let go of. The mistake that looks right but is not: changing an
 * entity without saying so; it would come back as it was. One thread changes; several may read between its changes, and load as they do.
 */
final class WorkingSet {
    private final Map<RecordId, Place> unplaced = new HashMap<>();
    private final SortedMap<Long, byte[]> settled = new TreeMap<>();
    private final Queue<Entity> loaded = new ConcurrentLinkedQueue<>();
    /** What was in memory and unchanged, by the cut at which it was last given away; the oldest first. */
    private final Deque<Cut> cuts = new ArrayDeque<>();

    private List<Entity> changed = new ArrayList<>();
    private long number;

    private final boolean forgets;

    private record Cut(long number, List<Entity> entities) {}

    /** One that may be told to forget, or never is. */
    WorkingSet(boolean forgets) {
        this.forgets = forgets;
    }

    /** Something new, whose place {@link #placed} will say. */
    void begins(Entity entity) {
        unplaced.put(entity.place().id(), entity.place());
        changed(entity);
    }

    /** The place of a record that begins nothing, but that others are compared with. */
    void awaits(Place place) {
        unplaced.put(place.id(), place);
    }

    void placed(RecordId id, long leaf) {
        Place place = unplaced.remove(id);
        if (place != null) {
            place.become(leaf);
        }
    }

    void changed(Entity entity) {
        if (entity.becomesChanged()) {
            changed.add(entity);
        }
    }

    /** The standing of a leaf that has nothing in memory. */
    void settles(long leaf, byte[] standing) {
        settled.put(leaf, standing);
    }

    /** Something that came back from where it was kept. Any thread that reads. */
    void loaded(Entity entity) {
        loaded.add(entity);
    }

    /** Gives the standings that have changed since the last cut. */
    SortedMap<Long, byte[]> cut() {
        number++;
        SortedMap<Long, byte[]> standings = new TreeMap<>(settled);
        settled.clear();
        for (Entity entity : changed) {
            standings.put(entity.place().leaf(), entity.standing().encode());
        }
        List<Entity> now = changed;
        for (Entity entity = loaded.poll(); entity != null; entity = loaded.poll()) {
            now.add(entity);
        }
        now.forEach(entity -> entity.isAsOf(number));
        if (forgets) {
            cuts.add(new Cut(number, now));
        }
        changed = new ArrayList<>();
        return standings;
    }

    /** Lets go of what has not changed for so many cuts; all that was given away before must be kept elsewhere by now. */
    void forget(int age) {
        while (!cuts.isEmpty() && cuts.peek().number() + age <= number) {
            Cut oldest = cuts.remove();
            oldest.entities().stream()
                    .filter(entity -> entity.isUnchangedSince(oldest.number()))
                    .forEach(Entity::letGo);
        }
    }
}
