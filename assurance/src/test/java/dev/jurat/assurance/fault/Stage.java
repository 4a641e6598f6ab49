package dev.jurat.assurance.fault;

import dev.jurat.assurance.endtoend.Actions;
import dev.jurat.assurance.endtoend.Servers;
import dev.jurat.assurance.endtoend.Texts;
import dev.jurat.assurance.harness.CountingTee;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SocketProxy;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What one scenario has to itself beside a node that it may share: a home with the same keys whose socket is a proxy to the node, files
 * under a name of its own, and its own count of what reached the server.
 */
final class Stage implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(90);

    private final Site site;
    private final String name;
    private final Path home;
    private final SocketProxy proxy;
    private int files;

    private Stage(Site site, String name, Path home, SocketProxy proxy) {
        this.site = site;
        this.name = name;
        this.home = home;
        this.proxy = proxy;
    }

    static Stage open(Site site, String name) throws IOException {
        Path home = site.folder().resolve(name);
        for (String keys : List.of("agents", "points")) {
            copy(site.home().resolve(keys), home.resolve(keys));
        }
        Path data = Files.createDirectories(home.resolve("data"));
        return new Stage(site, name, home, SocketProxy.start(data.resolve("node.sock"), site.socket()));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> keys = Files.list(from)) {
            for (Path key : keys.toList()) {
                Files.copy(key, to.resolve(key.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    SocketProxy proxy() {
        return proxy;
    }

    /** From now on every request passes. */
    void heal() {
        proxy.plan(r -> SocketProxy.Fault.NONE);
    }

    /** A client behind the wrapper, ready to call. */
    StdioClient client() throws IOException {
        return Servers.ready(starting());
    }

    /** The same, without a word sent yet. */
    StdioClient starting() throws IOException {
        List<String> server = CountingTee.command(counter(), Servers.filesystem(site.files()));
        return site.wrap(home, Site.AGENT, List.of(), server);
    }

    private Path counter() {
        return home.resolve("counter");
    }

    /** Lets the calls go whose file's name has {@link CountingTee#HELD} in it. */
    void release() throws IOException {
        CountingTee.release(counter());
    }

    /** Waits until the spools of this stage have so many outcomes. */
    void awaitSpooled(int outcomes) throws IOException {
        await("the outcomes, in the spool", () -> spooled() == outcomes);
    }

    private long spooled() throws IOException {
        long found = 0;
        try (Stream<Path> all = Files.walk(home.resolve("spools"))) {
            for (Path file : all.filter(f -> f.endsWith("records")).toList()) {
                found += SocketProxy.Request.kinds(Files.readAllBytes(file)).stream()
                        .filter("outcome"::equals)
                        .count();
            }
        }
        return found;
    }

    /** A file that no call has named before. */
    String nextFile() {
        return nextFile("");
    }

    String nextFile(String word) {
        return prefix() + files++ + word;
    }

    private String prefix() {
        return site.files().resolve(name + "-").toString();
    }

    StdioClient.Answer write(StdioClient client, String file) throws IOException {
        return client.call("write_file", Texts.write(file, "x"), LONG);
    }

    /** How often a call that names this file reached the server. */
    long reached(String file) throws IOException {
        return CountingTee.calls(counter()).stream()
                .filter(l -> l.contains(file + "\""))
                .count();
    }

    /** How every action that names this file ended, by the ledger; of one that never went so far, nothing is said. */
    List<String> outcomes(String file) throws IOException {
        return Actions.all(site, "resource=" + file).stream()
                .map(a -> Values.text(a, "outcome"))
                .filter(o -> !o.isEmpty())
                .toList();
    }

    /** Actions of this stage with an admitted use that no outcome closes. */
    List<String> openUses() throws IOException {
        return Actions.all(site, "outcome=open&resource=" + prefix() + "*").stream()
                .map(a -> Values.text(a, "id"))
                .toList();
    }

    /** Waits until the node's door has seen such a request, after those before {@code from}: outcomes are written after the answer. */
    void awaitRequest(Predicate<SocketProxy.Request> wanted, int from) throws IOException {
        await("the request", () -> proxy.seen().stream().skip(from).anyMatch(wanted));
    }

    /** Waits until a call on this file has reached the server. */
    void awaitReached(String file) throws IOException {
        await("the call, at the server", () -> reached(file) > 0);
    }

    /** Waits until the ledger has the use of a call on this file. */
    void awaitOpen(String file) throws IOException {
        await("the use", () -> outcomes(file).equals(List.of("open")));
    }

    /** Waits until the ledger tells how a call on this file ended. */
    void awaitEnd(String file) throws IOException {
        await("the end of the call", () -> {
            List<String> ends = outcomes(file);
            return ends.size() == 1 && !ends.getFirst().equals("open");
        });
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IOException(what + " never came");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Calls until one is let through again: what was queued before it is on the ledger then. */
    void settle(StdioClient client) throws IOException {
        long deadline = System.nanoTime() + LONG.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            StdioClient.Answer answer = write(client, nextFile());
            if (!answer.failed()) {
                return;
            }
            last = answer.line();
            LockSupport.parkNanos(200_000_000);
        }
        throw new IOException(
                "the session never recovered: " + last + client.process().errors());
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
