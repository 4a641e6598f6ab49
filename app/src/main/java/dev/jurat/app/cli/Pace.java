package dev.jurat.app.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows how far something long has come, how fast it is and how long it will take: on a terminal, a few times a second. */
final class Pace {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Screen screen;
    private long first = -1;
    private long started;
    private long shown;

    Pace(Screen screen) {
        this.screen = screen;
    }

    void at(long done, long all) {
        long now = System.nanoTime();
        if (first < 0) {
            first = done;
            started = now;
            shown = now - PAUSE_NANOS;
        }
        if (now - shown >= PAUSE_NANOS) {
            shown = now;
            screen.progress(text(done, all, done - first, now - started));
        }
    }

    static String text(long done, long all, long since, long nanos) {
        String far = String.format(Locale.ROOT, "%,d of %,d records", done, all);
        double perSecond = nanos <= 0 ? 0 : since * 1e9 / nanos;
        if (perSecond < 1) {
            return far;
        }
        return far
                + String.format(
                        Locale.ROOT, ", %,.0f/s, %s left", perSecond, duration((long) ((all - done) / perSecond)));
    }

    private static String duration(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
