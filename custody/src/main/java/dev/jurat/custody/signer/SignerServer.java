package dev.jurat.custody.signer;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;

/**
 * The socket of a signer: for each rule a key that is open, and whoever the kernel says is calling.
 *
 * <p>Security property: a caller gets signatures over records that the rule allows, and never a key. The mistake that looks right but is not: to trust
 * the socket's mode, or a name in the request.
 */
public final class SignerServer implements AutoCloseable {
    private static final Duration IDLE_MAX = Duration.ofSeconds(10);

    private final ServerSocketChannel listening;
    private final Path socket;
    private final Map<String, SignerDesk> desks;
    private final Consumer<SignerAnswer> told;
    private final Callers callers;
    private final Semaphore places;
    private final Set<SocketChannel> serving = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jurat-signer-deadlines").factory());

    private SignerServer(
            ServerSocketChannel listening, Path socket, Map<String, SignerDesk> desks, Consumer<SignerAnswer> told) {
        this.listening = listening;
        this.socket = socket;
        this.desks = desks;
        this.told = told;
        this.callers = new Callers(desks.values());
        this.places = new Semaphore(callers.connectionsMax());
    }

    /**
     * Opens every key that a rule names, and then the socket; what is at that place is replaced, so the caller has seen that nobody listens there.
     *
     * @param group the group of users who can reach the socket; without one only its own user can
     * @param told hears of each answer, but for floods of refusals, from several threads
     */
    public static SignerServer open(
            Path socket, Optional<String> group, Custody custody, List<SignerRule> rules, Consumer<SignerAnswer> told)
            throws IOException {
        Map<String, SignerDesk> desks = new HashMap<>();
        for (SignerRule rule : rules) {
            KeptKey key = custody.open(rule.key());
            if (desks.putIfAbsent(rule.key(), new SignerDesk(rule, key, custody.kind())) != null) {
                throw CustodyException.of(CustodyCode.KEY_EXISTS, "two rules name the key " + rule.key());
            }
        }
        SignerServer server = new SignerServer(listen(socket, group), socket, Map.copyOf(desks), told);
        Thread.ofPlatform().daemon().name("jurat-signer").start(server::accept);
        return server;
    }

    /** Where it listens. */
    public Path socket() {
        return socket;
    }

    private static ServerSocketChannel listen(Path socket, Optional<String> group) throws IOException {
        SocketFolder.require(socket);
        Files.deleteIfExists(socket);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(socket));
            if (group.isPresent()) {
                GroupPrincipal found =
                        socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get());
                Objects.requireNonNull(Files.getFileAttributeView(socket, PosixFileAttributeView.class))
                        .setGroup(found);
            }
            Files.setPosixFilePermissions(
                    socket, PosixFilePermissions.fromString(group.isPresent() ? "rw-rw----" : "rw-------"));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(socket);
            throw e;
        }
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                SocketChannel channel = listening.accept();
                if (places.tryAcquire()) {
                    Thread.ofVirtual().start(() -> serve(channel));
                } else {
                    channel.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                pause();
            }
        }
    }

    /** As where the process has no more file descriptors: it may have some soon. */
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel channel) {
        serving.add(channel);
        try (channel) {
            String user =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            Callers.Share share = callers.of(user);
            SignerTalk talk = new SignerTalk(desks, user, share.refusals(), told);
            share.places().serve(() -> talk(channel, talk), () -> inTime(channel, () -> talk.busy(channel)));
        } catch (IOException | RejectedExecutionException e) {
            // The caller has gone, or this server has; what was signed is signed.
        } finally {
            serving.remove(channel);
            places.release();
        }
    }

    private void talk(SocketChannel channel, SignerTalk talk) throws IOException {
        AtomicBoolean more = new AtomicBoolean(true);
        while (more.get()) {
            inTime(channel, () -> more.set(talk.next(channel)));
        }
    }

    private void inTime(SocketChannel channel, UserPlaces.Turn<IOException> turn) throws IOException {
        // The deadline closes the channel under whoever waits in it.
        Future<?> late = clock.schedule(() -> quietly(channel), IDLE_MAX.toSeconds(), TimeUnit.SECONDS);
        try {
            turn.take();
        } finally {
            late.cancel(false);
        }
    }

    private static void quietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Then it is closed already.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        clock.shutdownNow();
        serving.forEach(SignerServer::quietly);
        desks.values().forEach(SignerDesk::close);
        Files.deleteIfExists(socket);
    }
}
