package dev.jurat.app.http;

import java.nio.channels.SelectableChannel;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;

/**
 * The connections of a door: no more than it has places for. Whoever comes to a full door waits, behind it the next wait in the kernel, and
 * connections that say nothing make room. Called by the one thread that accepts, and by those that close; thread-safe.
 *
 * <p>Security property: whatever comes, the listening socket stays open. The mistake that looks right but is not: Jetty's
 * {@code NetworkConnectionLimit}, which stops the accepting and starts it again; on a Unix socket to start again registers the blocking
 * socket with a selector, which fails and closes it for good.
 */
final class Places implements SelectorManager.AcceptListener {
    private static final long LOOK_MILLIS = 50;

    private final int connectionsMax;
    private final Heads heads;
    private final Set<SelectableChannel> taken = new HashSet<>();
    private volatile boolean closing;

    Places(DoorLimits limits, Heads heads) {
        this.connectionsMax = limits.connectionsMax();
        this.heads = heads;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        try {
            while (!closing && !take(channel)) {
                heads.makeRoom();
                awaitRoom();
            }
            if (closing) {
                IO.close(channel);
            }
        } catch (InterruptedException e) {
            // The door closes: the accepting thread hears of it again where it accepts, and takes in nobody more.
            IO.close(channel);
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        leave(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        leave(channel);
    }

    /** Takes in nobody more, and sends away who waits: while a door closes, each new connection would have it wait for that one. */
    synchronized void close() {
        closing = true;
        notifyAll();
    }

    private synchronized boolean take(SelectableChannel channel) {
        if (full()) {
            return false;
        }
        taken.add(channel);
        return true;
    }

    /** What is closed has no place, even if nobody told. */
    private boolean full() {
        return taken.size() >= connectionsMax
                && !(taken.removeIf(channel -> !channel.isOpen()) && taken.size() < connectionsMax);
    }

    private synchronized void awaitRoom() throws InterruptedException {
        if (full()) {
            wait(LOOK_MILLIS);
        }
    }

    private synchronized void leave(SelectableChannel channel) {
        taken.remove(channel);
        notifyAll();
    }
}
