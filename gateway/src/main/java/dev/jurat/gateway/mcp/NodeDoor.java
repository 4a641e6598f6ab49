package dev.jurat.gateway.mcp;

import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Finds a node that answers, and starts the home's own where none does. */
final class NodeDoor {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration START = Duration.ofSeconds(20);

    private NodeDoor() {}

    /** A node that answered, and where its ledger stood. */
    record Open(JuratClient client, NodeHead head) {}

    /**
     * Connects.
     *
     * @param launcher the command that starts a node with {@code up --background}; empty where none may be started
     * @throws NodeException {@code node-unreachable} or {@code node-no-answer}
     */
    static Open open(Path socket, Optional<Path> launcher) throws NodeException, InterruptedException {
        JuratClient client = new JuratClient(socket, TIMEOUT);
        try {
            return new Open(client, client.head());
        } catch (NodeException e) {
            if (!e.settled() || launcher.isEmpty()) {
                client.close();
                throw e;
            }
            start(launcher.get());
        }
        return untilUp(client);
    }

    private static void start(Path launcher) throws NodeException {
        try {
            new ProcessBuilder(launcher.toString(), "up", "--background")
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw NodeException.unreachable("no node answers, and " + launcher + " cannot be started");
        }
    }

    private static Open untilUp(JuratClient client) throws NodeException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                return new Open(client, client.head());
            } catch (NodeException e) {
                if (System.nanoTime() - end >= 0) {
                    client.close();
                    throw e;
                }
            }
            Thread.sleep(50);
        }
    }
}
