package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.lifecycle.Archive;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.state.Standing;
import dev.jurat.testkit.World;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A reader asks for flags while a save takes them over. */
class FlaggedTest {
    @Test
    void aSaveLosesNoFlagOfWhoReads() throws Exception {
        World world = World.claimed();
        SignedRecord record = world.observation(world.point(), "ping").peek().record();
        byte[] standing = new Standing.Flagged(EnumSet.of(Flag.LATE)).encode();
        Flagged flagged = new Flagged(leaf -> new Archive.Kept(leaf, record, standing));
        AtomicLong newest = new AtomicLong(-1);
        Thread saver = Thread.ofPlatform().start(() -> {
            for (long i = 0; i < 3_000_000; i++) {
                flagged.put(i, Set.of(Flag.LATE));
                newest.set(i);
                flagged.saved(i + 1);
            }
        });
        long asked = 0;
        long lost = 0;
        while (saver.isAlive()) {
            long index = newest.get();
            if (index >= 0) {
                asked++;
                lost += flagged.of(index, Kind.OBSERVATION).isEmpty() ? 1 : 0;
            }
        }
        assertEquals(0, lost, "of " + asked);
    }
}
