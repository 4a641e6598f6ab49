package dev.jurat.gateway.mcp;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A governed call from its arrival to its outcome. Thread-safe. */
final class InFlight implements Guard.Waiting {
    /** Sends a sign of life to the client. */
    interface Progress {
        void send(String token, int count, String text);
    }

    private final GovernedCall call;
    private final Progress progress;
    private int progressed;
    private boolean cancelled;
    private boolean clientGone;
    private boolean ended;
    private long sentNanos;
    private Guard.@Nullable OpenUse use;

    InFlight(GovernedCall call, Progress progress) {
        this.call = call;
        this.progress = progress;
    }

    GovernedCall call() {
        return call;
    }

    @Override
    public void waits(String text) {
        int count;
        synchronized (this) {
            count = ++progressed;
        }
        call.progressToken().ifPresent(token -> progress.send(token, count, text));
    }

    @Override
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    @Override
    public synchronized boolean isClientGone() {
        return clientGone;
    }

    /** The client is gone, and takes no answer. */
    synchronized void leave() {
        clientGone = true;
        cancelled = true;
    }

    /** The client no longer wants it; says whether it was on its way to the server already. */
    synchronized boolean cancel() {
        cancelled = true;
        return use != null;
    }

    /** Takes leave to go: false if the call was given up or its time is over. From here on it counts as sent. */
    synchronized boolean go(Guard.OpenUse admitted) {
        if (cancelled || ended || !admitted.stillGoes()) {
            return false;
        }
        use = admitted;
        sentNanos = System.nanoTime();
        return true;
    }

    /** Ends the call: its use if it was sent, once; empty ever after. */
    synchronized Optional<Guard.OpenUse> end() {
        if (ended) {
            return Optional.empty();
        }
        ended = true;
        return Optional.ofNullable(use);
    }

    synchronized Duration took() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - sentNanos));
    }
}
