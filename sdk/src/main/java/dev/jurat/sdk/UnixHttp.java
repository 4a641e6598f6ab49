package dev.jurat.sdk;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client over a Unix socket, with connections kept alive.
 *
 * <p>Every request has a deadline that holds whatever the peer does: at the deadline the connection is closed under the waiting
 * thread, so a peer that accepts and never answers, or that is stopped in the middle of an answer, costs that time and no more. Every
 * answer has a size limit. Thread-safe; each request in flight has a connection of its own.
 */
final class UnixHttp implements AutoCloseable {
    private static final int IDLE_MAX = 8;
    private static final String LATE = "the node did not answer in time";

    private final UnixDomainSocketAddress address;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jurat-http-deadlines").factory());
    private boolean closed;

    UnixHttp(Path socket) {
        this.address = UnixDomainSocketAddress.of(socket);
    }

    /**
     * Sends one request that may be repeated, and waits for its answer. A kept connection that turns out to be dead is replaced by a
     * new one, and the same bytes are sent again, within the same deadline.
     *
     * @throws NodeException {@code node-unreachable}, {@code node-no-answer} or {@code node-answer-malformed}
     */
    HttpAnswer send(HttpCall call, Duration timeout, int bodyBytesMax) throws NodeException {
        long end = System.nanoTime() + timeout.toNanos();
        byte[] bytes = call.bytes();
        Connection kept = takeIdle();
        if (kept != null) {
            try {
                return exchange(kept, bytes, end, bodyBytesMax);
            } catch (ProtocolException e) {
                throw NodeException.malformed(message(e));
            } catch (IOException e) {
                if (kept.expired || kept.reader.started()) {
                    throw NodeException.noAnswer(kept.expired ? LATE : message(e));
                }
                return sendAgain(kept.sent, bytes, end, bodyBytesMax);
            }
        }
        return sendFresh(bytes, end, bodyBytesMax);
    }

    /** Whoever took the request whole may have carried it out before the connection broke: nobody to be reached now does not settle that. */
    private HttpAnswer sendAgain(boolean sent, byte[] bytes, long end, int bodyBytesMax) throws NodeException {
        try {
            return sendFresh(bytes, end, bodyBytesMax);
        } catch (NodeException e) {
            throw sent && e.settled() && e.status() == 0
                    ? NodeException.noAnswer("the connection broke after the request was sent; " + e.getMessage())
                    : e;
        }
    }

    private HttpAnswer sendFresh(byte[] bytes, long end, int bodyBytesMax) throws NodeException {
        Connection fresh = connect(end);
        try {
            return exchange(fresh, bytes, end, bodyBytesMax);
        } catch (ProtocolException e) {
            throw NodeException.malformed(message(e));
        } catch (IOException e) {
            throw NodeException.noAnswer(fresh.expired ? LATE : message(e));
        }
    }

    private Connection connect(long end) throws NodeException {
        Connection connection = null;
        try {
            connection = new Connection(SocketChannel.open(StandardProtocolFamily.UNIX));
            ScheduledFuture<?> alarm = alarm(connection, end);
            try {
                connection.channel.connect(address);
            } finally {
                alarm.cancel(false);
            }
            return connection;
        } catch (IOException e) {
            if (connection != null) {
                connection.close();
            }
            throw NodeException.unreachable("cannot connect to " + address + ": " + message(e));
        }
    }

    private HttpAnswer exchange(Connection connection, byte[] bytes, long end, int bodyBytesMax) throws IOException {
        ScheduledFuture<?> alarm = alarm(connection, end);
        boolean whole = false;
        connection.reader.next();
        connection.sent = false;
        try {
            ByteBuffer out = ByteBuffer.wrap(bytes);
            while (out.hasRemaining()) {
                connection.channel.write(out);
            }
            connection.sent = true;
            HttpAnswer answer = connection.reader.read(bodyBytesMax);
            whole = alarm.cancel(false) && connection.reader.reusable();
            return answer;
        } finally {
            alarm.cancel(false);
            if (whole) {
                keep(connection);
            } else {
                connection.close();
            }
        }
    }

    private ScheduledFuture<?> alarm(Connection connection, long end) {
        long left = Math.max(0, end - System.nanoTime());
        return clock.schedule(connection::expire, left, TimeUnit.NANOSECONDS);
    }

    private synchronized @Nullable Connection takeIdle() {
        return idle.pollFirst();
    }

    private synchronized void keep(Connection connection) {
        if (closed || idle.size() == IDLE_MAX) {
            connection.close();
        } else {
            idle.addFirst(connection);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(Connection::close);
        idle.clear();
        clock.shutdownNow();
    }

    private static String message(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final HttpReader reader;
        private volatile boolean expired;
        private boolean sent;

        Connection(SocketChannel channel) {
            this.channel = channel;
            this.reader = new HttpReader(channel);
        }

        void expire() {
            expired = true;
            close();
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                expired = true;
            }
        }
    }
}
