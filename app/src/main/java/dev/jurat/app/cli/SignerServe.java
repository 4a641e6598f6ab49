package dev.jurat.app.cli;

import dev.jurat.app.keys.Undumpable;
import dev.jurat.app.signer.SignerConfig;
import dev.jurat.app.signer.SignerFolder;
import dev.jurat.custody.Custody;
import dev.jurat.custody.signer.SignerAnswer;
import dev.jurat.custody.signer.SignerRule;
import dev.jurat.custody.signer.SignerServer;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Unlocks the custody and signs for agents over a Unix socket, each by its rule. Says each answer in a line.",
            "Ends with Ctrl-C."
        },
        footer = {
            "",
            "Run it as a user of its own, and name a group for those who may reach the socket: what keeps the keys from agents is that they are",
            "other users' processes."
        })
final class SignerServe extends SignerCommands.OnFolder {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Where it listens (default: signer.sock in its folder).")
    Optional<Path> socketPath = Optional.empty();

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "The group whose users reach the socket (default: its own user alone does).")
    Optional<String> group = Optional.empty();

    @Mixin
    SignerUnlock unlock = new SignerUnlock();

    @Override
    Exit run(Screen screen) throws IOException, FormatException {
        SignerFolder folder = made();
        List<SignerRule> rules = folder.all();
        if (rules.isEmpty()) {
            throw Failure.input("signer-empty", "no key has a rule yet", "jurat signer make NAME --user USER");
        }
        boolean hidden = Undumpable.make();
        Path socket = socketPath.map(s -> s.toAbsolutePath().normalize()).orElseGet(folder::socket);
        free(socket);
        requireGroup(socket);
        try (FileChannel channel =
                        FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw Failure.input(
                        "signer-in-use", "another signer has the folder " + folder.path(), "end that one first");
            }
            SignerConfig config = folder.read();
            try (Custody custody = config.open(folder.path(), unlock.of(config))) {
                return serve(screen, socket, custody, rules, hidden);
            }
        }
    }

    /** What is in the way at the socket's place is a socket that a signer left, or nothing. */
    private static void free(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            Input.writable(socket);
        } else if (!isSocket(socket)) {
            throw Failure.input(
                    "file-exists", socket + " is there and is no socket", "name another place with --socket");
        } else if (answers(socket)) {
            throw Failure.input(
                    "signer-in-use",
                    "something listens at " + socket,
                    "end that first, or name another place with --socket");
        }
    }

    /** And no device or pipe, which would be removed. */
    private static boolean isSocket(Path path) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) == SOCKET;
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void requireGroup(Path socket) throws IOException {
        if (group.isPresent()) {
            try {
                socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get());
            } catch (UserPrincipalNotFoundException e) {
                throw Failure.input("group-unknown", "there is no group " + group.get(), "name one of: getent group");
            }
        }
    }

    private Exit serve(Screen screen, Path socket, Custody custody, List<SignerRule> rules, boolean hidden)
            throws IOException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (SignerServer server = SignerServer.open(socket, group, custody, rules, answer -> told(screen, answer))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                await(stopped, 10);
            }));
            tell(screen, server.socket(), custody, rules, hidden);
            await(stop, Long.MAX_VALUE);
            return Exit.DONE;
        } finally {
            stopped.countDown();
        }
    }

    private static void await(CountDownLatch latch, long seconds) {
        try {
            latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Screen screen, Path socket, Custody custody, List<SignerRule> rules, boolean hidden) {
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("custody", custody.kind().word())
                    .put("hidden", hidden)
                    .strings("keys", rules.stream().map(SignerRule::key).toList())
                    .put("process", ProcessHandle.current().pid())
                    .put("socket", socket.toString())
                    .build());
            return;
        }
        screen.line("The signer is up.");
        screen.line("  socket   " + socket);
        screen.line("  custody  " + custody.kind().word());
        rules.forEach(rule -> screen.line("  key      " + rule.key() + "  for "
                + Screen.clean(String.join(", ", rule.users().stream().sorted().toList()))));
        if (!hidden) {
            screen.line("  ! This system cannot hide its memory from other processes of its user.");
        }
    }

    private static synchronized void told(Screen screen, SignerAnswer answer) {
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("code", answer.code().map(Json::of))
                    .put("key", answer.key())
                    .put("record", answer.record().map(Json::of))
                    .put("untold", answer.untold())
                    .put("user", answer.user())
                    .build());
        } else {
            screen.line(answer.code().orElse("signed") + "  " + Screen.clean(answer.key()) + "  for "
                    + Screen.clean(answer.user())
                    + answer.record().map(id -> "  " + id).orElse("")
                    + (answer.untold() > 0 ? "  and " + answer.untold() + " refusals before it" : ""));
        }
    }
}
