package dev.jurat.gateway.mcp;

import dev.jurat.gateway.mcp.WrapOptions.UsageException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code jurat mcp wrap}: an MCP server behind Jurat, on standard input and output, with no change to client or server.
 *
 * <p>Exit status: the server's own; 64 for arguments that cannot be used, 66 for a server or credential that is not there, 69 where no
 * node answers, 77 where the node does not know this agent or point.
 */
public final class Wrap {
    private static final Duration FINISH = Duration.ofSeconds(5);

    private final WrapOptions options;
    private final JuratHome home;
    private boolean ended;

    private Wrap(WrapOptions options, JuratHome home) {
        this.options = options;
        this.home = home;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            if (arguments.length == 1 && arguments[0].equals("--warm-up")) {
                WarmUp.run();
                return 0;
            }
            WrapOptions options = WrapOptions.parse(Arrays.asList(arguments));
            return new Wrap(options, JuratHome.of(System.getenv())).serve();
        } catch (UsageException e) {
            return fail(64, e.getMessage() + "\n" + WrapOptions.USAGE);
        } catch (NodeException e) {
            return fail(69, e.getMessage() + " (" + e.code() + ")\n  next: " + e.next());
        } catch (Sessions.NotEnrolledException e) {
            return fail(77, e.toString());
        } catch (FormatException e) {
            return fail(66, e.getMessage() + " (" + e.code() + ")");
        } catch (IOException e) {
            return fail(66, e.toString());
        } catch (InterruptedException e) {
            return fail(130, "interrupted");
        }
    }

    private static int fail(int status, @Nullable String text) {
        System.err.println("jurat mcp wrap: " + text);
        return status;
    }

    private int serve()
            throws IOException, NodeException, FormatException, Sessions.NotEnrolledException, InterruptedException {
        RandomSource random = RandomSource.secure();
        Path here = Path.of("").toAbsolutePath();
        Process child = child();
        try {
            Optional<Path> launcher =
                    Optional.ofNullable(System.getProperty("jurat.launcher")).map(Path::of);
            NodeDoor.Open node = NodeDoor.open(
                    options.socket().orElse(home.socket()), options.socket().isPresent() ? Optional.empty() : launcher);
            Sessions sessions = Sessions.open(home, node, options, random);
            new Recovery(node.client(), sessions.lane()).run(home.spools());
            ToolList tools = new ToolList();
            Guard guard = guard(node, sessions, tools, Profiles.find(node.client(), options, here), random);
            Relay relay = new Relay(
                    new Relay.Ends(
                            new FileInputStream(FileDescriptor.in),
                            new FileOutputStream(FileDescriptor.out),
                            child.getInputStream(),
                            child.getOutputStream()),
                    guard,
                    tools);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(relay, sessions, child)));
            relay.run();
            end(relay, sessions, child);
            return child.isAlive() ? 1 : child.exitValue();
        } finally {
            child.destroyForcibly();
        }
    }

    private Guard guard(
            NodeDoor.Open node, Sessions sessions, ToolList tools, Profiles.Found found, RandomSource random) {
        Planner planner = new Planner(found.profile(), found.accepted(), found.roots(), tools);
        String point = sessions.pointPrincipal();
        Broker broker = new Broker(node.client(), sessions.agent(), sessions.seen(), point);
        Authoriser authoriser = new Authoriser(broker, planner, point, options.observe(), options.hold(), random);
        return new LedgerGuard(planner, authoriser, broker, sessions.lane(), sessions::isOver, point, random);
    }

    private Process child() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(options.command()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(ChildEnvironment.of(System.getenv(), options.credentials(), home));
        return builder.start();
    }

    /** Ends server and sessions, once, whoever asks first: the end of input, the server's end, or a signal. Others wait for it. */
    private synchronized void end(Relay relay, Sessions sessions, Process child) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            relay.stop();
            if (!child.waitFor(FINISH.toMillis(), TimeUnit.MILLISECONDS)) {
                child.destroy();
                if (!child.waitFor(2, TimeUnit.SECONDS)) {
                    child.destroyForcibly().waitFor(2, TimeUnit.SECONDS);
                }
            }
            relay.serverGone();
            sessions.end(FINISH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
