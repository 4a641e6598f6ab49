package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks the server for its tools where the client calls one without having asked: a call is decided by the tool's definition as it is now.
 * Where the server gave no list, calls go without one for a minute, or until it says that the list changed. Thread-safe; one question at a
 * time, and whoever waits for it shares its end.
 */
final class ToolLister {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int PAGES_MAX = 32;
    private static final String MARK = "jurat-";

    private final Classifier classifier;
    private final LineWriter toServer;
    private final ToolList tools;
    private final Guard guard;
    private final BlockingQueue<Optional<Wire>> answers = new ArrayBlockingQueue<>(PAGES_MAX);
    private final String session = MARK + UUID.randomUUID() + "-";
    private volatile int asked;
    private int failedChanges = -1;
    private long failedNanos;

    ToolLister(Classifier classifier, LineWriter toServer, ToolList tools, Guard guard) {
        this.classifier = classifier;
        this.toServer = toServer;
        this.tools = tools;
        this.guard = guard;
    }

    /** Reads the whole list, as far as the server gives it in time. What is not read stays unknown. */
    synchronized void list(Revision revision) throws InterruptedException {
        int changes = tools.changes();
        boolean failed = failedChanges == changes && System.nanoTime() - failedNanos < AGAIN.toNanos();
        if (tools.isListed() || failed) {
            return;
        }
        read(revision);
        if (!tools.isListed()) {
            failedChanges = changes;
            failedNanos = System.nanoTime();
        }
    }

    private void read(Revision revision) throws InterruptedException {
        ToolList.Listing listing = tools.begin();
        Optional<byte[]> artefact = Optional.empty();
        Optional<Wire> cursor = Optional.empty();
        int page = 0;
        do {
            Optional<Wire> result = ask(revision, cursor);
            if (result.isEmpty()) {
                break;
            }
            artefact = tools.take(listing, cursor, result.get());
            cursor = tools.next(listing);
            page++;
        } while (cursor.isPresent() && page < PAGES_MAX);
        if (page == PAGES_MAX) {
            tools.giveUp(listing);
        }
        artefact.ifPresent(a -> guard.tools(a, tools.names(), a.length));
    }

    private Optional<Wire> ask(Revision revision, Optional<Wire> cursor) throws InterruptedException {
        answers.clear();
        int number = asked + 1;
        asked = number;
        String id = session + number;
        String meta = revision.stateless()
                ? "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" + revision.text()
                        + "\",\"io.modelcontextprotocol/clientCapabilities\":{}}"
                : "";
        String params = meta
                + cursor.map(c -> (meta.isEmpty() ? "" : ",") + "\"cursor\":" + c.lexeme())
                        .orElse("");
        byte[] line = ("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"tools/list\",\"params\":{" + params
                        + "}}")
                .getBytes(StandardCharsets.UTF_8);
        try {
            Wire root = Wire.parse(line);
            Message request = new Message(
                    line,
                    Message.Form.REQUEST,
                    Optional.of(new MessageId("s:" + id, "\"" + id + "\"")),
                    "tools/list",
                    root,
                    root.member("params"));
            classifier.own(request, revision.stateless());
            toServer.write(line);
        } catch (FormatException | IOException e) {
            return Optional.empty();
        }
        Optional<Wire> result = answers.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        return result == null ? Optional.empty() : result;
    }

    /** Whether the request is a question of this lister, and no client waits for its answer. */
    boolean isOwn(Flight flight) {
        return flight.id().key().startsWith("s:" + session);
    }

    /** Takes the answer if it is to a question of this lister. */
    boolean takes(Verdict.Answer answer) {
        return takes(answer.flight(), answer.message().root().member("result"));
    }

    /** Takes it that the answer was refused, if it was to a question of this lister. */
    boolean takesRefusal(Flight flight) {
        return takes(flight, Optional.empty());
    }

    private boolean takes(Flight flight, Optional<Wire> result) {
        if (!isOwn(flight)) {
            return false;
        }
        // An answer that comes after its question was given up is nobody's.
        if (flight.id().key().equals("s:" + session + asked)) {
            answers.offer(result);
        }
        return true;
    }
}
