package dev.jurat.assurance.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WelchTest {
    private static long[] normal(Random random, int count, double mean, double deviation) {
        return LongStream.generate(() -> Math.round(mean + deviation * random.nextGaussian()))
                .limit(count)
                .toArray();
    }

    /** Means 2 and 5 of 0 to 4 and 3 to 7, a hundred times each: t is 3 over the root of twice 1000/499 over 500. */
    @Test
    void aTThatIsReckonedByHandComesOutOtherwise() {
        long[] first = LongStream.range(0, 500).map(i -> i % 5).toArray();
        long[] second = LongStream.range(0, 500).map(i -> 3 + i % 5).toArray();
        assertEquals(
                3 / Math.sqrt(2 * (1000.0 / 499) / 500),
                Welch.compare(first, second).all(),
                1e-9);
    }

    @Test
    void aDifferenceOfATenthOfTheNoiseIsMissed() {
        Random random = new Random(4);
        Welch.Found found = Welch.compare(normal(random, 20_000, 1000, 100), normal(random, 20_000, 1010, 100));
        assertTrue(found.differs(), found.toString());
        assertTrue(found.nanos() > 0, found.toString());
    }

    @Test
    void aDifferenceBeneathRareInterruptionsIsMissed() {
        Random random = new Random(5);
        long[] first = normal(random, 20_000, 1000, 10);
        long[] second = normal(random, 20_000, 1002, 10);
        for (int i = 0; i < 20_000; i += 50) {
            first[i] += random.nextInt(10_000_000);
            second[i] += random.nextInt(10_000_000);
        }
        Welch.Found found = Welch.compare(first, second);
        assertTrue(Math.abs(found.all()) < Welch.SURE, found.toString());
        assertTrue(found.differs(), found.toString());
        assertTrue(found.cut() < 1, found.toString());
    }

    @Test
    void whatIsAlikeDiffers() {
        Random random = new Random(6);
        for (int i = 0; i < 20; i++) {
            Welch.Found found = Welch.compare(normal(random, 5000, 1000, 100), normal(random, 5000, 1000, 100));
            assertFalse(found.differs(), found.toString());
        }
    }
}
