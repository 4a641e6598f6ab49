package dev.jurat.testkit.vectors;

import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One group offered to a log in a known state, and what must be said of each record.
 *
 * @param base which base log it starts from
 * @param expect a word a record: {@code admitted}, {@code admitted:flag}, {@code refused:code}, {@code pushed-back:code}, {@code present},
 *     {@code conflict}
 */
record LifecycleCase(String name, Base base, Function<World, List<Matter>> story, List<String> expect) {
    World world() {
        return base.world();
    }

    /** A log that cases start from, and its file's name. */
    enum Base {
        CLAIMED("base-claimed.json", World::claimed),
        UNCLAIMED("base-unclaimed.json", World::unclaimed),
        P256("base-p256.json", World::onP256);

        private final String file;
        private final Supplier<World> made;

        Base(String file, Supplier<World> made) {
            this.file = file;
            this.made = made;
        }

        String file() {
            return file;
        }

        World world() {
            return made.get();
        }
    }
}
