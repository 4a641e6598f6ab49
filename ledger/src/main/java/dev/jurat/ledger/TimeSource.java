package dev.jurat.ledger;

/** Where the ledger reads the time: the host's clock in service, a script in simulations. Thread-safe. */
@FunctionalInterface
public interface TimeSource {
    TimeReading now();

    /**
     * The host's clock, taken at its word give or take {@code boundMillis}. Nothing attests it: verdicts that rest on it alone say
     * {@code operator-asserted}.
     */
    static TimeSource dangerouslyTrustHostClock(long boundMillis) {
        return () -> {
            long now = System.currentTimeMillis();
            return new TimeReading(now - boundMillis, now + boundMillis, "host");
        };
    }
}
