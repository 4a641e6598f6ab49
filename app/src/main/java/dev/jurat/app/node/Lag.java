package dev.jurat.app.node;

import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The index reads behind the log; a question waits a little, so that whoever was answered by the log finds their record. */
final class Lag {
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Lag() {}

    /** Waits until the index has read what is in the log now; gives up after two seconds, or where the index has stopped. */
    static void await(Ledger ledger) {
        long wanted = ledger.head().size().value();
        long end = System.nanoTime() + WAIT_NANOS_MAX;
        LedgerStatus status = ledger.status();
        while (status.indexed() < wanted && status.indexFault().isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE_NANOS);
            status = ledger.status();
        }
    }
}
