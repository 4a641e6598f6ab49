package dev.jurat.assurance.bench;

import java.util.Random;
import java.util.function.IntFunction;

/**
 * Measures whether the time that something takes tells which of two classes its input is of, in the manner of dudect (Reparaz, Balasch and
 * Verbauwhede, 2017): the class of each sample is drawn anew, its input is made before the time starts, and the classes are compared by {@link Welch}.
 */
final class TwoClasses {
    private final int samples;
    private final Random random = new Random();

    TwoClasses(int samples) {
        this.samples = samples;
    }

    /** What is timed: one input of the class that the test drew. */
    interface Timed<T> {
        void run(T input) throws Exception;
    }

    /** Takes as many samples to warm up as a quarter of those that count, and then these. */
    <T> Welch.Found compare(IntFunction<T> inputs, Timed<T> timed) {
        take(inputs, timed, samples / 4);
        return take(inputs, timed, samples);
    }

    private <T> Welch.Found take(IntFunction<T> inputs, Timed<T> timed, int count) {
        long[][] nanos = new long[2][count];
        int[] taken = new int[2];
        for (int i = 0; i < count; i++) {
            int drawn = random.nextInt(2);
            nanos[drawn][taken[drawn]++] = nanos(inputs.apply(drawn), timed);
        }
        return Welch.compare(java.util.Arrays.copyOf(nanos[0], taken[0]), java.util.Arrays.copyOf(nanos[1], taken[1]));
    }

    private static <T> long nanos(T input, Timed<T> timed) {
        try {
            long started = System.nanoTime();
            timed.run(input);
            return System.nanoTime() - started;
        } catch (Exception e) {
            throw new IllegalStateException("what is timed failed", e);
        }
    }
}
