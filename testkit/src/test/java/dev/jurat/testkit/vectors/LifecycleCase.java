package dev.jurat.testkit.vectors;

import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.List;
import java.util.function.Function;

/**
 * One group offered to a log in a known state, and what must be said of each record.
 *
 * @param claimed which of the two base logs it starts from
 * @param expect a word a record: {@code admitted}, {@code admitted:flag}, {@code refused:code}, {@code pushed-back:code}, {@code present},
 *     {@code conflict}
 */
record LifecycleCase(String name, boolean claimed, Function<World, List<Matter>> story, List<String> expect) {
    World world() {
        return claimed ? World.claimed() : World.unclaimed();
    }
}
