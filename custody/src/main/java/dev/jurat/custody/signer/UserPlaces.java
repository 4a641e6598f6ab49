package dev.jurat.custody.signer;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many connections one user has, served and waiting, so that none keeps the others out. Thread-safe. */
final class UserPlaces {
    static final int CONNECTIONS_MAX = 64;
    private static final int SERVED_MAX = 16;
    /** Less than a caller waits for its answer. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(3);

    private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);
    private final Semaphore served = new Semaphore(SERVED_MAX);

    /** What is done on a connection. */
    @FunctionalInterface
    interface Turn<E extends Exception> {
        void take() throws E;
    }

    /** Does the one when it is this connection's turn, the other when that does not come; nothing where too many wait. */
    <E extends Exception> void serve(Turn<E> turn, Turn<E> busy) throws E {
        if (!connections.tryAcquire()) {
            return;
        }
        try {
            if (!comes()) {
                busy.take();
                return;
            }
            try {
                turn.take();
            } finally {
                served.release();
            }
        } finally {
            connections.release();
        }
    }

    private boolean comes() {
        try {
            return served.tryAcquire(WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
