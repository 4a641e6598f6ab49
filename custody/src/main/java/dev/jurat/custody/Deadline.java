package dev.jurat.custody;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The time that a custody has for an answer: native code that never returns costs that time, and a thread of its own. Thread-safe.
 *
 * <p>What did not come back in time goes on by itself and may still be done.
 */
public final class Deadline {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("jurat-custody-", 0).factory());

    private final Duration time;

    public Deadline(Duration time) {
        this.time = time;
    }

    /** The answer, or {@link CustodyCode#TIMEOUT}; {@code what} names who was asked. */
    public <T> T within(String what, Supplier<T> work) {
        Future<T> answer = THREADS.submit(work::get);
        try {
            return answer.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw CustodyException.of(CustodyCode.TIMEOUT, what + " did not answer within " + time.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CustodyException.of(CustodyCode.TIMEOUT, "interrupted while waiting for " + what);
        } catch (ExecutionException | CancellationException e) {
            throw unwrapped(e);
        }
    }

    private static RuntimeException unwrapped(Exception e) {
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
}
