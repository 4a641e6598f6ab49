package dev.jurat.assurance.harness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One user's Jurat in a temporary folder: a home, a node over {@code home/data}, and a folder {@code files} that a server may be given.
 * Everything that was started from here is killed, by process id, when it is closed.
 */
public final class Site implements AutoCloseable {
    public static final Duration READY = Duration.ofSeconds(60);

    /** The name of the agent that a governed site begins with. */
    public static final String AGENT = "agent";

    public static final String PASSPHRASE = "a passphrase of the suite";

    private final Path folder;
    private final List<AutoCloseable> started = new CopyOnWriteArrayList<>();
    private volatile @Nullable ManagedProcess node;

    private Site(Path folder) {
        this.folder = folder;
    }

    /** What a command said and how it ended. */
    public record Said(int exit, String out, String err) {
        public Json.Obj json() throws IOException {
            try {
                return CanonicalJson.readLoose(out.getBytes(StandardCharsets.UTF_8));
            } catch (FormatException e) {
                throw new IOException(e.code() + " in: " + out + err, e);
            }
        }
    }

    /** A new folder with nothing running. */
    public static Site fresh() throws IOException {
        Path folder = Files.createTempDirectory("jurat").toRealPath();
        Files.createDirectory(folder.resolve("files"));
        Files.createDirectory(folder.resolve("outside"));
        return new Site(folder);
    }

    /** A running node that {@code ann} has claimed, deciding by {@code starter@v1}, with one enrolled agent; all of them are copies of one log, with its keys. */
    public static Site governed() throws IOException {
        Site site = fresh();
        try {
            GovernedHome.copyTo(site.home());
            site.up();
            return site;
        } catch (IOException | RuntimeException e) {
            site.close();
            throw e;
        }
    }

    public Path folder() {
        return folder;
    }

    public Path home() {
        return folder.resolve("home");
    }

    /** The node's data folder. */
    public Path data() {
        return home().resolve("data");
    }

    /** The node's socket. */
    public Path socket() {
        return data().resolve("node.sock");
    }

    /** The folder that servers are given. */
    public Path files() {
        return folder.resolve("files");
    }

    /** A folder beside it that no server is given. */
    public Path outside() {
        return folder.resolve("outside");
    }

    public Map<String, String> environment() {
        return Map.of("JURAT_HOME", home().toString());
    }

    /** Starts the node over this site's own data folder and waits until it answers. */
    public ManagedProcess up(String... options) throws IOException {
        return up(data(), options);
    }

    /** Starts a node over a data folder and waits until it answers. */
    public ManagedProcess up(Path data, String... options) throws IOException {
        return up(environment(), data, options);
    }

    /** Starts the node with faults in its process, which this steers. */
    public NodeFaults upWithFaults() throws IOException {
        NodeFaults faults = new NodeFaults(this, folder.resolve("faults"));
        faults.up();
        return faults;
    }

    /** Starts the node so that {@link DumpAgent} can dump its heap. */
    public ManagedProcess upWithDumps(Path dumps) throws IOException {
        Map<String, String> all = new HashMap<>(environment());
        all.putAll(DumpAgent.environment(dumps));
        return up(all, data());
    }

    ManagedProcess up(Map<String, String> environment, Path data, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("up", "--data", data.toString()));
        words.addAll(List.of(options));
        ManagedProcess process =
                keep(ManagedProcess.start(Programs.jurat(words.toArray(String[]::new)), folder, environment));
        awaitAnswer(process, data.resolve("node.sock"));
        node = process;
        return process;
    }

    /** Waits until the node at this socket answers; returns when it does. */
    public static void awaitAnswer(ManagedProcess node, Path socket) throws IOException {
        long deadline = System.nanoTime() + READY.toNanos();
        while (System.nanoTime() < deadline) {
            if (!node.alive()) {
                throw new IOException("the node ended with " + node.exit(READY) + ": " + node.output() + node.errors());
            }
            try {
                if (RawHttp.get(socket, "/v1/head").status() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        throw new IOException("no answer at " + socket + " within " + READY + ": " + node.output() + node.errors());
    }

    /** The node that was started last. */
    public ManagedProcess node() {
        return Objects.requireNonNull(node, "no node was started");
    }

    /** Runs one command without a terminal. */
    public Said jurat(String... arguments) throws IOException {
        try (ManagedProcess process = ManagedProcess.start(Programs.jurat(arguments), folder, environment())) {
            process.input().close();
            int exit = process.exit(READY);
            return new Said(exit, process.output(), process.errors());
        }
    }

    /** Runs one command that must succeed, with {@code --json}, and answers what it printed. */
    public Json.Obj json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        Said said = jurat(all.toArray(String[]::new));
        if (said.exit() != 0) {
            throw new IOException(all + " ended with " + said.exit() + ": " + said.out() + said.err());
        }
        return said.json();
    }

    /** Runs one command at a terminal where a person types their passphrase whenever asked, and expects it to succeed. */
    public Terminal.Result atTerminal(List<Terminal.Line> lines, String... arguments) throws IOException {
        Terminal.Result result = Terminal.run(Programs.jurat(arguments), folder, environment(), lines, READY);
        if (result.exit() != 0) {
            throw new IOException(List.of(arguments) + " ended with " + result.exit() + ": " + result.screen());
        }
        return result;
    }

    /** Claims the node, or enrols one more person, with a key that a slow machine unlocks soon: most tests do, many times. */
    public void claim(String name) throws IOException {
        atTerminal(
                List.of(new Terminal.Line("assphrase", PASSPHRASE), new Terminal.Line("again", PASSPHRASE)),
                "operator",
                "enroll",
                "--name",
                name,
                "--light");
    }

    /** Publishes a shipped policy as the default. */
    public void publish(String policy) throws IOException {
        unlocked("policy", "publish", policy);
    }

    /** Enrols an agent, or confirms one that enrolled itself, by the only operator. */
    public void enrolAgent(String name) throws IOException {
        unlocked("agent", "enroll", name);
    }

    /** Runs one command for which the only operator unlocks their key. */
    public Terminal.Result unlocked(String... arguments) throws IOException {
        return atTerminal(List.of(new Terminal.Line("assphrase", PASSPHRASE)), arguments);
    }

    /** A client of this server behind the wrapper; nothing is sent yet. */
    public StdioClient wrap(String agent, List<String> options, List<String> server) throws IOException {
        return wrap(home(), agent, options, server);
    }

    /** The same with another home, such as one whose socket is a proxy. */
    public StdioClient wrap(Path otherHome, String agent, List<String> options, List<String> server)
            throws IOException {
        return wrap(otherHome, folder, agent, options, server);
    }

    private StdioClient wrap(Path otherHome, Path there, String agent, List<String> options, List<String> server)
            throws IOException {
        return keep(StdioClient.start(
                wrapCommand(agent, options, server), there, Map.of("JURAT_HOME", otherHome.toString())));
    }

    /** The wrapper started in another working folder. */
    public StdioClient wrapIn(Path there, String agent, List<String> options, List<String> server) throws IOException {
        return wrap(home(), there, agent, options, server);
    }

    /** A client of a server behind a wrapper that starts the node by itself where none runs. */
    public StdioClient wrapAndStart(String agent, List<String> options, List<String> server) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher().toString(), "mcp", "wrap", "--agent", agent));
        command.addAll(options);
        command.add("--");
        command.addAll(server);
        return keep(StdioClient.start(command, folder, environment()));
    }

    /** The launcher, of a clone that is built. */
    public static Path launcher() throws IOException {
        String built = System.getProperty("jurat.assurance.launcher");
        return built != null ? Path.of(built) : Clone.shared().launcher();
    }

    /** The wrapper's command line, for clients that start it themselves. */
    public static List<String> wrapCommand(String agent, List<String> options, List<String> server) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--agent", agent));
        arguments.addAll(options);
        arguments.add("--");
        arguments.addAll(server);
        return Programs.wrap(arguments);
    }

    /** The trust policy of somebody who takes this node's log key on its word. */
    public Path trust() throws IOException {
        Path file = folder.resolve("trust.json");
        if (!Files.exists(file)) {
            json("log", "trust", "--data", data().toString(), "--out", file.toString());
        }
        return file;
    }

    /** Where the node serves its checkpoint and tiles, such as {@code http://127.0.0.1:4000}. */
    public String logAddress() throws IOException {
        return Values.text(get("/v1/status"), "tiles");
    }

    /** An answer of this site's node. */
    public Json.Obj get(String path) throws IOException {
        RawHttp.Reply reply = RawHttp.get(socket(), path);
        if (reply.status() != 200) {
            throw new IOException(path + " answered " + reply.status() + ": " + reply.text());
        }
        return reply.json();
    }

    /** Closes this with the site. */
    public <T extends AutoCloseable> T keep(T one) {
        started.add(one);
        return one;
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable one : started.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                System.err.println("could not close " + one + ": " + e);
            }
        }
        killStrays();
        try (var all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(p -> {
                try {
                    Files.deleteIfExists(p);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Kills what still runs for this site: a node that a wrapper started is nobody's child here. */
    private void killStrays() {
        for (ProcessHandle stray : strays()) {
            stray.destroyForcibly();
            stray.onExit().join();
        }
    }

    /** Processes that name this site's folder in their command line or environment. */
    public List<ProcessHandle> strays() {
        return ProcessHandle.allProcesses()
                .filter(p -> p.pid() != ProcessHandle.current().pid())
                .filter(p -> mentions(p, "cmdline") || mentions(p, "environ"))
                .toList();
    }

    private boolean mentions(ProcessHandle process, String file) {
        try {
            Path path = Path.of("/proc", Long.toString(process.pid()), file);
            return Files.readString(path, StandardCharsets.ISO_8859_1).contains(folder.toString());
        } catch (IOException e) {
            return false;
        }
    }
}
