package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What senders were told: which records are acknowledged, and how often they were told to come again. Thread-safe. */
final class Sending {
    private static final byte[] ADMITTED = "\"status\":\"admitted\"".getBytes(StandardCharsets.US_ASCII);
    private static final long PAUSE_MILLIS = 50;

    private final Marks acknowledged = new Marks();
    private final LongAdder admitted = new LongAdder();
    private final Map<String, Long> pushedBack = new ConcurrentHashMap<>();

    Marks acknowledged() {
        return acknowledged;
    }

    /** How many records are acknowledged so far. */
    long admitted() {
        return admitted.sum();
    }

    /** How many groups were pushed back, or requests turned away, by code. */
    Map<String, Long> pushedBack() {
        return new TreeMap<>(pushedBack);
    }

    /** Sends one request until every record of it is acknowledged; answers what was said last. */
    KeptConnection.Reply send(KeptConnection connection, SignedGroups.Request request)
            throws IOException, InterruptedException {
        Optional<KeptConnection.Reply> taken = exchange(connection, request);
        while (taken.isEmpty()) {
            Thread.sleep(PAUSE_MILLIS);
            taken = exchange(connection, request);
        }
        request.groups().forEach(acknowledged::add);
        admitted.add(request.records());
        return taken.get();
    }

    private Optional<KeptConnection.Reply> exchange(KeptConnection connection, SignedGroups.Request request)
            throws IOException {
        KeptConnection.Reply reply;
        try {
            reply = connection.exchange(request.bytes());
        } catch (IOException e) {
            note("hung-up");
            connection.reopen();
            return Optional.empty();
        }
        return isTaken(request, reply) ? Optional.of(reply) : Optional.empty();
    }

    private boolean isTaken(SignedGroups.Request request, KeptConnection.Reply reply) throws IOException {
        if (reply.status() == 200 && admittedIn(reply.body()) == request.records()) {
            return true;
        }
        Json.Obj said = reply.json();
        if (reply.status() == 503) {
            note(Values.text(said, "code"));
            return false;
        }
        List<Json> answers = Values.list(said, "answers");
        if (reply.status() != 200 || answers.size() != request.groups().size()) {
            throw new IOException("an append was answered " + reply.status() + ": " + reply.text());
        }
        boolean all = true;
        for (Json answer : answers) {
            all &= isTaken(answer);
        }
        return all;
    }

    /** Whether a group is in the log by now; sent again after a push-back, its records may be there already. */
    private boolean isTaken(Json answer) throws IOException {
        String status = Values.text(answer, "status");
        if (status.equals("503")) {
            note(Values.text(answer, "error.code"));
            return false;
        }
        List<Json> results = Values.list(answer, "results");
        boolean taken = !results.isEmpty()
                && results.stream()
                        .map(result -> Values.text(result, "status"))
                        .allMatch(word -> word.equals("admitted") || word.equals("present"));
        if (!taken) {
            throw new IOException("an append was not admitted: " + answer);
        }
        return true;
    }

    private void note(String code) {
        pushedBack.merge(code, 1L, Long::sum);
    }

    private static int admittedIn(byte[] body) {
        int count = 0;
        for (int i = 0; i + ADMITTED.length <= body.length; i++) {
            int at = 0;
            while (at < ADMITTED.length && body[i + at] == ADMITTED[at]) {
                at++;
            }
            if (at == ADMITTED.length) {
                count++;
                i += at - 1;
            }
        }
        return count;
    }
}
