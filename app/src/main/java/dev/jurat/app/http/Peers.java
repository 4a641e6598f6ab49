package dev.jurat.app.http;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.Map;
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
    private final Users users;
    private final Map<EndPoint, String> callers = new ConcurrentHashMap<>();

    Peers(Users users) {
        this.users = users;
    }

    /** The caller's user name, if it may come in; {@code peer-not-allowed}. */
    String admitted(EndPoint endPoint) throws ApiException {
        String user = callers.computeIfAbsent(endPoint, Peers::ask);
        if (!users.areLetIn(user)) {
            throw users.turnedAway();
        }
        return user;
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
        callers.remove(connection.getEndPoint());
    }
}
