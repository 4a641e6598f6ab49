package dev.jurat.ledger;

/**
 * An interval that holds the present, in milliseconds since 1970, both ends included.
 *
 * @param source what says so: lower-case words joined by hyphens
 */
public record TimeReading(long earliestMillis, long latestMillis, String source) {
    public TimeReading {
        if (earliestMillis < 0 || latestMillis < earliestMillis) {
            throw new IllegalArgumentException("not an interval of time: " + earliestMillis + ".." + latestMillis);
        }
    }
}
