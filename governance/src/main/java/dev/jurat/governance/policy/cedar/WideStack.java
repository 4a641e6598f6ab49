package dev.jurat.governance.policy.cedar;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads with room for all that {@link CedarSize} lets through: what the engine answers does not depend on who asks. */
final class WideStack {
    private static final long BYTES = 16L << 20;

    private static final ExecutorService THREADS =
            Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()), task -> {
                Thread thread = new Thread(null, task, "cedar", BYTES);
                thread.setDaemon(true);
                return thread;
            });

    private WideStack() {}

    /** What is done there. */
    interface Task<T, E extends Exception> {
        T run() throws E;
    }

    /** Runs a task and waits for its end; an interrupt is kept for the caller. */
    static <T, E extends Exception> T call(Class<E> checked, Task<T, E> task) throws E {
        Future<T> done = THREADS.submit(task::run);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return done.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (checked.isInstance(cause)) {
                throw checked.cast(cause);
            }
            if (cause instanceof RuntimeException fault) {
                throw fault;
            }
            if (cause instanceof Error fault) {
                throw fault;
            }
            throw new IllegalStateException(cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
