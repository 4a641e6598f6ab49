package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * An audit that goes on with what comes. A log that does not answer is asked again, after waits that grow to a minute: that it is away says
 * nothing of what is in it. For one thread.
 */
final class AuditWatch {
    private static final Duration AWAY_MAX = Duration.ofMinutes(1);

    private final LogAudit audit;
    private final Duration every;
    private AuditReport last;

    AuditWatch(LogAudit audit, Duration every, AuditReport last) {
        this.audit = audit;
        this.every = every;
        this.last = last;
    }

    /** Is told of each round, and whether it found anything new or was the first after the log was away. */
    @FunctionalInterface
    interface Round {
        void found(AuditReport report, boolean news) throws IOException;
    }

    /** Is told once when the log stops to answer. */
    @FunctionalInterface
    interface Away {
        void since(AuditReport last, IOException why) throws IOException;
    }

    /** Goes on until the thread is interrupted. */
    void run(Round round, Away away) throws IOException {
        int failures = 0;
        while (true) {
            pause(failures);
            Optional<AuditReport> next = Optional.empty();
            try {
                next = Optional.of(audit.run((read, size) -> {}));
            } catch (InterruptedIOException e) {
                throw e;
            } catch (FormatException e) {
                failures = isAway(away, failures, new IOException(e.getMessage(), e));
            } catch (IOException e) {
                failures = isAway(away, failures, e);
            }
            if (next.isPresent()) {
                boolean news = failures > 0 || !next.get().equals(last);
                failures = 0;
                last = next.get();
                round.found(last, news);
            }
        }
    }

    private int isAway(Away away, int failures, IOException why) throws IOException {
        if (failures == 0) {
            away.since(last, why);
        }
        return failures + 1;
    }

    private void pause(int failures) throws IOException {
        Duration wait = every.multipliedBy(1L << Math.min(failures, 12));
        try {
            Thread.sleep(failures > 0 && wait.compareTo(AWAY_MAX) > 0 ? AWAY_MAX : wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
