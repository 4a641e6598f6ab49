package dev.jurat.app.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** One listening HTTP/1.1 server. Closing it refuses new requests, finishes those in flight for up to five seconds, and frees the address. */
public final class Door implements AutoCloseable {
    private static final long STOP_MILLIS_MAX = 5_000;
    private static final int HEADER_BYTES_MAX = 16 << 10;

    private final Server server;
    private final AbstractConnector connector;
    private final Places places;

    private Door(Server server, AbstractConnector connector, Places places) {
        this.server = server;
        this.connector = connector;
        this.places = places;
    }

    /**
     * Listens on a Unix socket and answers only the users who are let in.
     *
     * @param socket a path of at most about 100 bytes, in a folder in which only its owner can make files; a file left by a dead process is replaced
     * @param open whether every user of the machine can reach it (mode 0666, else 0600)
     */
    public static Door unix(Path socket, boolean open, Users users, Router router, DoorLimits limits, Faults faults)
            throws IOException {
        if (!Peers.available()) {
            throw new IOException("this platform cannot say who is at the other end of a Unix socket");
        }
        Files.deleteIfExists(socket);
        Server server = server();
        UnixDomainServerConnector connector = new UnixDomainServerConnector(server, 1, 1, factory());
        connector.setUnixDomainPath(socket);
        Peers peers = new Peers(users);
        connector.addBean(peers);
        Door door = start(server, connector, router, limits, Optional.of(peers), faults);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(open ? "rw-rw-rw-" : "rw-------"));
        return door;
    }

    /** Listens on 127.0.0.1. A port of 0 takes a free one. */
    public static Door loopback(int port, Router router, DoorLimits limits, Faults faults) throws IOException {
        Server server = server();
        ServerConnector connector = new ServerConnector(server, 1, 1, factory());
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        return start(server, connector, router, limits, Optional.empty(), faults);
    }

    /** The TCP port, or -1 on a Unix socket. */
    public int port() {
        return connector instanceof ServerConnector tcp ? tcp.getLocalPort() : -1;
    }

    @Override
    public void close() {
        places.close();
        try {
            server.stop();
        } catch (TimeoutException e) {
            // What has not ended by then is cut off: the rest has been stopped all the same.
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }

    private static Door start(
            Server server,
            AbstractConnector connector,
            Router router,
            DoorLimits limits,
            Optional<Peers> peers,
            Faults faults)
            throws IOException {
        connector.setIdleTimeout(limits.idleMillisMax());
        server.addConnector(connector);
        Heads heads = new Heads(limits);
        connector.addBean(heads);
        Places places = new Places(limits, heads);
        connector.addBean(places);
        server.setHandler(new GracefulHandler(new RouterHandler(router, limits, heads, peers, faults)));
        server.setStopTimeout(STOP_MILLIS_MAX);
        server.setErrorHandler(new PlainErrors());
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the server did not start: " + e.getMessage(), e);
        }
        heads.watch(connector.getScheduler());
        return new Door(server, connector, places);
    }

    private static Server server() {
        // To place a queue's ends on two cache lines, Jetty asks for the size of a reference, which starts all of JMX;
        // this is what it would hear.
        System.setProperty("org.eclipse.jetty.util.referencesPerCacheLine", "16");
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("door");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 0).factory()));
        return new Server(threads);
    }

    private static HttpConnectionFactory factory() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(HEADER_BYTES_MAX);
        // What a request of HTTP/1.0 may leave out.
        configuration.setServerAuthority(new HostPort("localhost"));
        configuration.setUriCompliance(UriCompliance.RFC3986);
        return new HttpConnectionFactory(configuration);
    }
}
