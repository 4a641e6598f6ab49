package dev.jurat.assurance.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * How surely two classes of durations differ in their mean: Welch's t, over all samples and over those below each of many cuts.
 *
 * <p>A single t beyond 4.5 comes about by chance once in a hundred thousand times; of the largest of many, which are over the same samples, only
 * values well beyond that say that the classes differ.
 */
final class Welch {
    /** From here on a difference is taken for real. */
    static final double SURE = 4.5;

    private static final int CUTS = 50;
    private static final int SAMPLES_MIN = 100;

    private Welch() {}

    /**
     * What was found.
     *
     * @param all t over all samples
     * @param largest the t farthest from zero, over all cuts
     * @param cut the share of all samples that are below that cut
     * @param nanos by how much the second class is longer in the mean, within that cut
     */
    record Found(double all, double largest, double cut, double nanos) {
        boolean differs() {
            return Math.abs(largest) > SURE;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "t %.2f of all, largest %.2f below the %.1f %% quantile (%+.1f ns)",
                    all,
                    largest,
                    100 * cut,
                    nanos);
        }
    }

    /** Compares them; the cuts are quantiles of both together, closer towards the top, so that what interrupts the machine is left out. */
    static Found compare(long[] first, long[] second) {
        long[] sorted = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, sorted, first.length, second.length);
        Arrays.sort(sorted);
        Found best = of(first, second, Long.MAX_VALUE, 1, 0);
        double all = best.largest();
        for (int i = 1; i <= CUTS; i++) {
            double share = 1 - Math.pow(0.5, 10.0 * i / CUTS);
            Found cropped = of(first, second, sorted[(int) (share * (sorted.length - 1))], share, all);
            if (Math.abs(cropped.largest()) > Math.abs(best.largest())) {
                best = cropped;
            }
        }
        return new Found(all, best.largest(), best.cut(), best.nanos());
    }

    private static Found of(long[] first, long[] second, long most, double share, double all) {
        long[] a = Arrays.stream(first).filter(n -> n <= most).toArray();
        long[] b = Arrays.stream(second).filter(n -> n <= most).toArray();
        if (a.length < SAMPLES_MIN || b.length < SAMPLES_MIN) {
            return new Found(all, 0, share, 0);
        }
        double difference = mean(b) - mean(a);
        double error = Math.sqrt(variance(a) / a.length + variance(b) / b.length);
        return new Found(all, error == 0 ? 0 : difference / error, share, difference);
    }

    private static double mean(long[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(long[] values) {
        double mean = mean(values);
        return Arrays.stream(values).mapToDouble(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }
}
