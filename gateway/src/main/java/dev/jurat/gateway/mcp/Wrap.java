package dev.jurat.gateway.mcp;

import dev.jurat.custody.CustodyException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code jurat mcp wrap}: an MCP server behind Jurat, on standard input and output, with no change to client or server.
 *
 * <p>Exit status: the server's own, or one of {@link WrapException}'s, in {@code docs/spec/mcp.md}, How the wrapper ends.
 */
public final class Wrap {
    private static final Duration FINISH = Duration.ofSeconds(5);
    /** How long a server may live that has closed its output by itself. */
    private static final Duration FINISH_MUTE = Duration.ofMillis(500);
    /** As the node has it. */
    private static final int SOCKET_PATH_BYTES_MAX = 100;

    private final WrapOptions options;
    private final JuratHome home;
    private final Commands commands;
    private boolean ended;
    private volatile boolean stopped;
    private volatile boolean mute;

    private Wrap(WrapOptions options, JuratHome home, Commands commands) {
        this.options = options;
        this.home = home;
        this.commands = commands;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        List<String> given = Arrays.asList(arguments);
        if (WrapOptions.asksForHelp(given)) {
            System.out.print(WrapOptions.HELP);
            return 0;
        }
        Commands commands = commands();
        try {
            WrapOptions options = WrapOptions.parse(given);
            JuratHome home = JuratHome.of(System.getenv());
            commands = Commands.of(home, options.socket());
            return new Wrap(options, home, commands).serve();
        } catch (WrapException e) {
            return fail(commands, e);
        } catch (NodeException e) {
            return fail(commands, WrapException.of(e));
        } catch (FormatException e) {
            return fail(commands, WrapException.of(e));
        } catch (IOException e) {
            return fail(commands, WrapException.of(e));
        } catch (InterruptedException e) {
            return fail(commands, WrapException.interrupted());
        } catch (CustodyException e) {
            return fail(commands, WrapException.of(e));
        } catch (RuntimeException e) {
            if (System.getProperty("jurat.trace") != null) {
                e.printStackTrace();
            }
            return fail(commands, WrapException.of(e));
        }
    }

    private static int fail(Commands commands, WrapException e) {
        System.err.println(e.told(commands));
        return e.status();
    }

    /** The commands of the home; bare ones where its name is no path. */
    private static Commands commands() {
        try {
            return Commands.of(JuratHome.of(System.getenv()), Optional.empty());
        } catch (InvalidPathException e) {
            return new Commands("");
        }
    }

    private int serve() throws IOException, NodeException, FormatException, WrapException, InterruptedException {
        RandomSource random = RandomSource.secure();
        Path here = Path.of("").toAbsolutePath();
        Path socket = socket();
        Map<String, String> variables = ChildEnvironment.of(System.getenv(), options.credentials(), home);
        String program = ChildEnvironment.program(options.command().getFirst(), variables);
        Process child = child(program, variables);
        try {
            Optional<Path> launcher =
                    Optional.ofNullable(System.getProperty("jurat.launcher")).map(Path::of);
            NodeDoor.Open node = NodeDoor.open(socket, options.socket().isPresent() ? Optional.empty() : launcher);
            Sessions sessions = Sessions.open(home, node, options, here, program, random);
            new Recovery(node.client(), sessions.lane(), commands).run(home.spools());
            ToolList tools = new ToolList();
            Profiles.Found found = Profiles.find(node.client(), options, here);
            found.told(commands).ifPresent(System.err::println);
            Guard guard = guard(node, sessions, tools, found, random);
            Relay relay = new Relay(
                    new Relay.Ends(
                            new FileInputStream(FileDescriptor.in),
                            new FileOutputStream(FileDescriptor.out),
                            child.getInputStream(),
                            child.getOutputStream()),
                    guard,
                    tools,
                    commands);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(relay, sessions, child)));
            relay.run();
            end(relay, sessions, child);
            return ended(relay, child);
        } finally {
            child.destroyForcibly();
        }
    }

    /** The node's socket; a path that no node can listen on is not waited for. */
    private Path socket() throws WrapException {
        Path socket = options.socket().orElse(home.socket());
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_BYTES_MAX) {
            throw WrapException.missing(
                    "socket-path-long",
                    socket + " is too long for a Unix socket",
                    "choose a JURAT_HOME with a shorter path");
        }
        return socket;
    }

    private Guard guard(
            NodeDoor.Open node, Sessions sessions, ToolList tools, Profiles.Found found, RandomSource random) {
        Planner planner = new Planner(found.profile(), found.accepted(), found.roots(), tools);
        String point = sessions.pointPrincipal();
        Broker broker = new Broker(node.client(), sessions.agent(), sessions.seen(), point);
        LedgerRefusals refusals = new LedgerRefusals(options.agent());
        Authoriser authoriser = new Authoriser(
                broker,
                planner,
                point,
                options.observe(),
                options.hold(),
                sessions.launch().digest(),
                random,
                refusals);
        return new LedgerGuard(
                planner,
                authoriser,
                broker,
                sessions.lane(),
                sessions.folds(),
                sessions::isOver,
                point,
                random,
                refusals);
    }

    private Process child(String program, Map<String, String> variables) throws WrapException {
        List<String> command = new ArrayList<>(options.command());
        command.set(0, program);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(variables);
        try {
            return builder.start();
        } catch (IOException e) {
            throw WrapException.missing(
                    "server-start",
                    "the server " + options.command().getFirst() + " cannot be started (" + e.getMessage() + ")",
                    "run the command after -- by itself");
        }
    }

    /** The server's exit status, and a word on the error stream where it is not 0. */
    private int ended(Relay relay, Process child) {
        if (relay.isLineTooLong()) {
            System.err.println("jurat mcp wrap: line-too-long: the server sent a message of more than 16 MiB, so the"
                    + " session was ended\n  next: ask the server for less at once, and start it again");
        }
        if (child.isAlive()) {
            return 1;
        }
        if (relay.isLineTooLong()) {
            return child.exitValue();
        }
        if (mute && stopped) {
            System.err.println(
                    "jurat mcp wrap: server-ended: the server closed its output and did not end, so it was ended"
                            + "\n  next: run the command after -- by itself");
        } else if (child.exitValue() != 0 && !stopped) {
            System.err.println("jurat mcp wrap: server-ended: the server ended by itself with status "
                    + child.exitValue() + "\n  next: run the command after -- by itself");
        }
        return child.exitValue();
    }

    /** Ends server and sessions, once, whoever asks first: the end of input, the server's end, or a signal. Others wait for it. */
    private synchronized void end(Relay relay, Sessions sessions, Process child) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            mute = relay.hasServerEnded();
            relay.stop();
            if (!child.waitFor((mute ? FINISH_MUTE : FINISH).toMillis(), TimeUnit.MILLISECONDS)) {
                stopped = true;
                child.destroy();
                if (!child.waitFor(2, TimeUnit.SECONDS)) {
                    child.destroyForcibly().waitFor(2, TimeUnit.SECONDS);
                }
            }
            relay.serverGone();
            sessions.end(FINISH, commands);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
