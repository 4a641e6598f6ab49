package dev.jurat.assurance.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Durations of one thing done many times, in nanoseconds, in order of size. */
final class Figures {
    private final long[] sorted;

    private Figures(long[] sorted) {
        this.sorted = sorted;
    }

    static Figures of(List<Long> nanos) {
        long[] values = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(values);
        return new Figures(values);
    }

    int count() {
        return sorted.length;
    }

    /** The value below which this share of all lies, in milliseconds. */
    double millis(double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int at = (int) Math.min(sorted.length - 1, Math.floor(share * sorted.length));
        return sorted[at] / 1e6;
    }

    double p50() {
        return millis(0.50);
    }

    double p99() {
        return millis(0.99);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "p50 %.2f ms, p99 %.2f ms, most %.2f ms (n=%d)", p50(), p99(), millis(1), count());
    }
}
