package dev.jurat.app.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/** Interrupts the thread that made it if that has not ended it by a time; never later. Thread-safe. */
final class Deadline implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final Scheduler.Task task;
    private boolean ended;
    private boolean over;

    Deadline(Scheduler scheduler, long millis) {
        task = scheduler.schedule(this::expire, millis, TimeUnit.MILLISECONDS);
    }

    private synchronized void expire() {
        if (!ended) {
            over = true;
            thread.interrupt();
        }
    }

    /** Ends it, by the thread that made it; says whether that was too late. An interrupt by it is over, too. */
    synchronized boolean end() {
        if (!ended && over) {
            Thread.interrupted();
        }
        ended = true;
        return over;
    }

    @Override
    public void close() {
        end();
        task.cancel();
    }
}
