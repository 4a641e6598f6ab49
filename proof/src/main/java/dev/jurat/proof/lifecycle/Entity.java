package dev.jurat.proof.lifecycle;

import dev.jurat.proof.state.Standing;

/** Something that one leaf began and later leaves change, as the records so far have it. What of it can change is its standing. */
abstract class Entity {
    private final Place place;
    private boolean changed;
    private long cut;

    Entity(Place place) {
        this.place = place;
    }

    final Place place() {
        return place;
    }

    /** What later leaves have made of its leaf: {@code docs/spec/state.md} §3. */
    abstract Standing standing();

    /** Takes it out of memory: {@link Archive} has it as it is. */
    abstract void letGo();

    /** Notes that it has changed since the last cut; answers whether that was not known. */
    final boolean becomesChanged() {
        boolean first = !changed;
        changed = true;
        return first;
    }

    final void isAsOf(long number) {
        changed = false;
        cut = number;
    }

    /** Whether it is as it was at a cut. */
    final boolean isUnchangedSince(long number) {
        return !changed && cut == number;
    }
}
