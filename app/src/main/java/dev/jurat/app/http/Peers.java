package dev.jurat.app.http;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;

/**
 * Who is at the other end of each Unix connection, as the kernel says ({@code SO_PEERCRED}), asked once per connection.
 *
 * <p>Security property: only the users named are let in. The mistake that looks right but is not: trusting the socket file's mode alone, which says who
 * could open it and not who did. Thread-safe.
 */
final class Peers implements Connection.Listener {
    private final Set<String> allowed;
    private final Map<EndPoint, String> users = new ConcurrentHashMap<>();

    /** Lets in these user names. */
    Peers(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /** The caller's user name, if it may come in. */
    Optional<String> admitted(EndPoint endPoint) {
        String user = users.computeIfAbsent(endPoint, Peers::ask);
        return allowed.contains(user) ? Optional.of(user) : Optional.empty();
    }

    private static String ask(EndPoint endPoint) {
        if (!(endPoint instanceof SocketChannelEndPoint socket)) {
            return "";
        }
        try {
            SocketChannel channel = (SocketChannel) socket.getChannel();
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /** Whether this platform can say who is calling. */
    static boolean available() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void onClosed(Connection connection) {
        users.remove(connection.getEndPoint());
    }
}
