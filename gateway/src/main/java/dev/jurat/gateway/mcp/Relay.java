package dev.jurat.gateway.mcp;

import dev.jurat.gateway.mcp.Guard.OpenUse;
import dev.jurat.gateway.mcp.Guard.Passage;
import dev.jurat.gateway.mcp.Guard.Refusal;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.record.ExecutionFacts.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The pump between one client and one server: every line is judged by the table, and goes through untouched or not at all.
 *
 * <p>Security property: a governed line is written to the server only by {@link #govern}, after leave from the guard. Bounded: 64
 * governed calls and 4 MiB of them at once, after which the client is not read. One state machine, kept whole. Thread-safe.
 */
final class Relay {
    static final int GOVERNED_MAX = 64;
    static final int GOVERNED_BYTES_MAX = 4 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(5);
    /** A call that waits for a person asks again every two seconds. */
    private static final Duration GIVE_UP = Duration.ofSeconds(3);

    private static final Duration CANCELLED_ANSWER = Duration.ofSeconds(5);
    private static final String RESTART = "restart it";
    private static final String LOOK = "look before calling again";

    /**
     * Held by whoever copies or judges a large line, so that of two, one from either side, one alone needs more room than its own bytes. Never
     * held while anything waits for client, server or ledger: each side can always go on with one line.
     */
    private final ReentrantLock large = new ReentrantLock(true);

    private final LineReader fromClient;
    private final LineReader fromServer;
    private final LineWriter toClient;
    private final LineWriter toServer;
    private final Guard guard;
    private final Classifier classifier;
    private final ToolList tools;
    private final Commands commands;
    private final ToolLister lister;
    /** By the request itself: its id can be in use again while its answer is on the way to the client. */
    private final Map<Message, InFlight> calls = new ConcurrentHashMap<>();

    /** Cancelled requests that are still remembered, since their answer may be on its way. */
    private final Set<Message> givenUp = ConcurrentHashMap.newKeySet();

    private final Semaphore slots = new Semaphore(GOVERNED_MAX);
    private final Semaphore bytes = new Semaphore(GOVERNED_BYTES_MAX);
    private final CountDownLatch clientEnded = new CountDownLatch(1);
    private final CountDownLatch serverEnded = new CountDownLatch(1);
    private volatile boolean lineTooLong;

    /** The four streams: the client's, as this process has them, and the server's, as a child has them. */
    record Ends(InputStream fromClient, OutputStream toClient, InputStream fromServer, OutputStream toServer) {}

    Relay(Ends ends, Guard guard, ToolList tools, Commands commands) {
        this.commands = commands;
        this.fromClient = new LineReader(ends.fromClient(), LineReader.LINE_BYTES_MAX, true, large);
        // Such a line ends the session: it need not end itself before.
        this.fromServer = new LineReader(ends.fromServer(), LineReader.LINE_BYTES_MAX, false, large);
        this.toClient = new LineWriter(ends.toClient());
        this.toServer = new LineWriter(ends.toServer());
        this.guard = guard;
        this.tools = tools;
        this.classifier = new Classifier(MessageTable.load(), guard::clientTellsRoots);
        this.lister = new ToolLister(classifier, toServer, tools, guard);
    }

    /** Pumps until either side ends and what is in flight has ended too, as far as it does within a few seconds. */
    void run() throws InterruptedException {
        Thread.ofPlatform().daemon().name("jurat-from-client").start(this::readClient);
        Thread.ofPlatform().daemon().name("jurat-from-server").start(this::readServer);
        clientEnded.await();
        stop();
    }

    /** Lets calls end for a few seconds, then tells the server that there is no more. */
    void stop() throws InterruptedException {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (!calls.isEmpty() && System.nanoTime() - end < 0 && !hasServerEnded()) {
            Thread.sleep(5);
        }
        calls.values().forEach(hasServerEnded() ? InFlight::cancel : InFlight::leave);
        // What waits for leave ends now, and says so on the ledger.
        if (slots.tryAcquire(GOVERNED_MAX, GIVE_UP.toMillis(), TimeUnit.MILLISECONDS)) {
            slots.release(GOVERNED_MAX);
        }
        try {
            toServer.close();
        } catch (IOException e) {
            serverEnded.countDown();
        }
    }

    /** Whether the server has closed its output, or said what ends the session: it answers nothing more. */
    boolean hasServerEnded() {
        return serverEnded.getCount() == 0;
    }

    /** Whether it was a line of the server's over the limit that ended the session. */
    boolean isLineTooLong() {
        return lineTooLong;
    }

    /** Closes what is still open once the server's process is gone: nobody knows how those calls ended. */
    void serverGone() throws InterruptedException {
        serverEnded.await(2, TimeUnit.SECONDS);
        for (InFlight call : calls.values()) {
            call.end().ifPresent(use -> guard.outcome(use, Result.UNKNOWN, Optional.empty(), call.took()));
        }
        calls.clear();
    }

    // ---- from the client

    private void readClient() {
        try {
            while (true) {
                try {
                    byte @Nullable [] line = fromClient.next();
                    if (line == null) {
                        return;
                    }
                    if (!isBlank(line)) {
                        clientLine(line);
                    }
                    if (hasServerEnded()) {
                        endOpenRequests();
                    }
                } catch (LineReader.LineTooLongException e) {
                    refuse(tooLong(), true);
                } catch (LineReader.LineUnfinishedException e) {
                    refuse(unfinished(), true);
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client or the server is gone; either way there is nothing more to read.
        } finally {
            if (hasServerEnded()) {
                endOpenRequests();
            }
            clientEnded.countDown();
        }
    }

    private Verdict judge(Side side, byte[] line) {
        if (line.length < LineReader.LARGE_BYTES) {
            return classifier.judge(side, line);
        }
        large.lock();
        try {
            return classifier.judge(side, line);
        } finally {
            large.unlock();
        }
    }

    private static Verdict.Refused tooLong() {
        return new Verdict.Refused(
                "line-too-long", "the message is longer than 16 MB", Optional.empty(), Optional.empty());
    }

    private static Verdict.Refused unfinished() {
        return new Verdict.Refused(
                "line-unfinished", "the input ended within a line", Optional.empty(), Optional.empty());
    }

    private void clientLine(byte[] line) throws IOException, InterruptedException {
        switch (judge(Side.CLIENT, line)) {
            case Verdict.Governed governed -> take(governed);
            case Verdict.Observed ignored -> toServer.write(line);
            case Verdict.Free free -> {
                if (!free.message().method().equals("notifications/cancelled") || cancel(free.message())) {
                    toServer.write(line);
                }
            }
            case Verdict.Answer answer -> {
                toServer.write(line);
                observe(answer);
            }
            case Verdict.Refused refused -> refuse(refused, true);
        }
    }

    /** Whether the server should hear of it: a call that it never got is ended here. */
    private boolean cancel(Message message) {
        Optional<Message> request = cancelled(Side.CLIENT, message);
        InFlight call = request.map(calls::get).orElse(null);
        boolean sent = call == null || call.cancel();
        if (sent) {
            request.ifPresent(r -> forgetLater(Side.CLIENT, r));
        }
        return sent;
    }

    /** The request that is cancelled; {@code initialize} cannot be. */
    private Optional<Message> cancelled(Side side, Message message) {
        return message.param("requestId")
                .flatMap(Classifier::id)
                .flatMap(id -> classifier.inFlight(side, id))
                .filter(request -> !request.method().equals("initialize"));
    }

    private void forgetLater(Side side, Message request) {
        if (givenUp.add(request)) {
            Thread.ofVirtual().start(() -> forgetCancelled(side, request));
        }
    }

    /** What was cancelled need not be answered; of a call without an answer nobody knows how it ended. */
    private void forgetCancelled(Side side, Message request) {
        try {
            Thread.sleep(CANCELLED_ANSWER);
            InFlight call = calls.remove(request);
            classifier.forget(side, request);
            if (call != null) {
                call.end().ifPresent(use -> guard.outcome(use, Result.UNKNOWN, Optional.empty(), call.took()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            givenUp.remove(request);
        }
    }

    // ---- governed calls

    /** Remembers the call before the next line is read, which may cancel it, and lets it be decided on. */
    private void take(Verdict.Governed governed) throws InterruptedException {
        Message request = governed.message();
        slots.acquire();
        bytes.acquire(request.bytes().length);
        try {
            InFlight flight = new InFlight(GovernedCall.of(request, governed.revision()), this::progress);
            calls.put(request, flight);
            Thread.ofVirtual().start(() -> govern(request, flight));
        } catch (FormatException e) {
            release(request);
            classifier.forget(Side.CLIENT, request);
            refuse(
                    new Verdict.Refused(
                            e.code(), "the arguments cannot be read in one way", request.id(), Optional.of(request)),
                    true);
        }
    }

    private void govern(Message request, InFlight flight) {
        GovernedCall call = flight.call();
        try {
            if (call.isTool() && !tools.isListed()) {
                lister.list(call.revision());
            }
            switch (guard.admit(call, flight)) {
                case Passage.Stop stop -> stopped(request, flight, stop.refusal());
                case Passage.Go go -> send(request, flight, go.use());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release(request);
        }
    }

    private void release(Message request) {
        bytes.release(request.bytes().length);
        slots.release();
    }

    private void send(Message request, InFlight flight, OpenUse use) {
        try {
            if (toServer.write(use.line(), () -> goes(request, flight, use))) {
                return;
            }
            Refusal refusal = use.holds()
                    ? new Refusal(
                            "go-by-over",
                            "the time to make the call was over.",
                            "make the call again",
                            Optional.empty())
                    : new Refusal(
                            "roots-changed",
                            "the client told the server folders of its own after the call was decided on.",
                            "name files by their whole path",
                            Optional.empty());
            if (flight.isCancelled()) {
                guard.outcome(use, Result.NOT_SENT, Optional.empty(), Duration.ZERO);
            } else {
                guard.notSent(use, refusal);
            }
            stopped(request, flight, refusal);
        } catch (IOException e) {
            // Some of the bytes may have reached the server.
            flight.end().ifPresent(u -> guard.outcome(u, Result.UNKNOWN, Optional.empty(), flight.took()));
            Refusal unknown = new Refusal(
                    "outcome-unknown",
                    "the server does not take messages any more; whether it got this one is not known.",
                    LOOK,
                    Optional.empty());
            ended(request, flight, Answers.noAnswer(flight.call(), unknown));
        }
    }

    /** Asked right before the bytes go out. */
    private boolean goes(Message request, InFlight flight, OpenUse use) {
        boolean goes = use.holds() && flight.go(use);
        if (goes) {
            classifier.sent(request);
        }
        return goes;
    }

    private void stopped(Message request, InFlight flight, Refusal refusal) {
        ended(request, flight, Answers.refusal(flight.call(), told(refusal)));
    }

    /** The call ends by a word of the wrapper's own. */
    private void ended(Message request, InFlight flight, byte[] answer) {
        boolean open = classifier.forget(Side.CLIENT, request);
        calls.remove(request, flight);
        if (open && !flight.isCancelled()) {
            tellClient(answer);
        }
    }

    /** A refusal as the client is told it; what is recorded of it names no folder of this machine. */
    private Refusal told(Refusal refusal) {
        return new Refusal(
                refusal.code(),
                commands.complete(refusal.text()),
                commands.complete(refusal.next()),
                refusal.decision());
    }

    private void progress(String token, int count, String text) {
        Optional<String> message = classifier.agreed().equals(Optional.of(Revision.R2024_11_05))
                ? Optional.empty()
                : Optional.of(commands.complete(text));
        tellClient(Answers.progress(token, count, message));
    }

    // ---- from the server

    private void readServer() {
        try {
            while (true) {
                byte @Nullable [] line = fromServer.next();
                if (line == null) {
                    return;
                }
                if (!isBlank(line)) {
                    serverLine(line);
                }
            }
        } catch (LineReader.LineTooLongException e) {
            // Which request it answers is not known, so the session ends.
            guard.refused(tooLong());
            lineTooLong = true;
        } catch (LineReader.LineUnfinishedException e) {
            guard.refused(unfinished());
        } catch (IOException e) {
            // The client or the server is gone.
        } finally {
            serverEnded.countDown();
            endOpenRequests();
            clientEnded.countDown();
        }
        if (lineTooLong) {
            drainServer();
        }
    }

    /** Until its process ends or is ended: a server that waits for somebody to read could not end by itself. */
    private void drainServer() {
        try {
            fromServer.drain();
        } catch (IOException e) {
            // It is gone.
        }
    }

    /**
     * Answers every request of the client in flight in place of a server that is gone. By the server's thread when it ends, and by the
     * client's for what comes later.
     */
    private void endOpenRequests() {
        for (Flight flight : classifier.inFlight(Side.CLIENT)) {
            if (lister.isOwn(flight)) {
                continue;
            }
            if (flight.treatment() == Treatment.GOVERNED) {
                InFlight call = calls.get(flight.request());
                if (call != null) {
                    endOpenCall(flight.request(), call);
                }
            } else if (classifier.forget(Side.CLIENT, flight.request())) {
                tellClient(Answers.unanswered(
                        flight.request(),
                        new Refusal(
                                "server-ended", "the server ended before it answered.", RESTART, Optional.empty())));
            }
        }
    }

    /** A call that was sent has an unknown end; one that was not never goes out, however it is decided. */
    private void endOpenCall(Message request, InFlight call) {
        boolean cancelled = call.isCancelled();
        Optional<OpenUse> use = call.end();
        call.cancel();
        calls.remove(request, call);
        use.ifPresent(u -> guard.outcome(u, Result.UNKNOWN, Optional.empty(), call.took()));
        if (classifier.forget(Side.CLIENT, request) && (use.isPresent() || !cancelled)) {
            tellClient(
                    use.isPresent()
                            ? Answers.noAnswer(
                                    call.call(),
                                    new Refusal(
                                            "outcome-unknown",
                                            "the server ended before it answered; whether the call was carried out is not known.",
                                            LOOK,
                                            Optional.empty()))
                            : Answers.refusal(
                                    call.call(),
                                    new Refusal(
                                            "server-ended",
                                            "the server ended before the call was made.",
                                            RESTART,
                                            Optional.empty())));
        }
    }

    private void serverLine(byte[] line) throws IOException {
        switch (judge(Side.SERVER, line)) {
            case Verdict.Answer answer -> serverAnswer(answer, line);
            case Verdict.Observed observed -> {
                toClient.write(line);
                if (observed.message().form() == Message.Form.NOTIFICATION) {
                    guard.observed(
                            observed.message().method(), observed.message().root());
                }
            }
            case Verdict.Free free -> serverFree(free.message(), line);
            case Verdict.Governed governed ->
                throw new IllegalStateException("the table governs nothing from servers: " + governed);
            case Verdict.Refused refused -> refuse(refused, false);
        }
    }

    private void serverFree(Message message, byte[] line) throws IOException {
        if (message.method().equals("notifications/tools/list_changed")) {
            tools.stale();
        } else if (message.method().equals("notifications/cancelled")) {
            cancelled(Side.SERVER, message).ifPresent(request -> forgetLater(Side.SERVER, request));
        }
        toClient.write(line);
        if (message.method().equals(Classifier.ACKNOWLEDGED)) {
            Optional<InFlight> listening = message.meta(Classifier.SUBSCRIPTION)
                    .flatMap(Classifier::id)
                    .flatMap(id -> classifier.inFlight(Side.CLIENT, id))
                    .filter(request -> request.method().equals(Classifier.LISTEN))
                    .flatMap(request -> Optional.ofNullable(calls.remove(request)));
            listening.ifPresent(call ->
                    call.end().ifPresent(use -> guard.outcome(use, Result.SUCCESS, message.params(), call.took())));
        }
    }

    private void serverAnswer(Verdict.Answer answer, byte[] line) throws IOException {
        Message message = answer.message();
        if (lister.takes(answer)) {
            return;
        }
        Optional<Wire> said =
                message.root().member("result").or(() -> message.root().member("error"));
        if (answer.flight().request().method().equals("tools/list") && message.form() == Message.Form.RESULT) {
            tools.take(answer.flight().request().param("cursor"), said.orElseThrow())
                    .ifPresent(artefact -> guard.tools(artefact, tools.names(), line.length));
        }
        toClient.write(line);
        InFlight call = calls.remove(answer.flight().request());
        if (call != null) {
            boolean failed = message.form() == Message.Form.ERROR
                    || said.flatMap(r -> r.member("isError"))
                            .map(w -> w.lexeme().equals("true"))
                            .orElse(false);
            call.end()
                    .ifPresent(
                            use -> guard.outcome(use, failed ? Result.TOOL_ERROR : Result.SUCCESS, said, call.took()));
        } else if (answer.flight().treatment() == Treatment.OBSERVED) {
            observe(answer);
        }
    }

    private void observe(Verdict.Answer answer) {
        String method = answer.flight().request().method();
        Optional<Wire> result = answer.message().root().member("result");
        if (answer.flight().treatment() == Treatment.OBSERVED && result.isPresent() && !method.equals("tools/list")) {
            guard.observed(method, result.get());
        }
    }

    // ---- refusals

    private void refuse(Verdict.Refused refused, boolean fromClient) {
        guard.refused(refused);
        boolean request = refused.message()
                .map(m -> m.form() == Message.Form.REQUEST)
                .orElse(refused.flights().isEmpty());
        if (fromClient
                && request
                && (refused.id().isPresent() || refused.message().isEmpty())) {
            tellClient(Answers.refused(refused));
        } else if (!fromClient && !refused.flights().isEmpty()) {
            refused.flights().forEach(flight -> answerRefused(refused, flight));
        } else if (!fromClient && request && refused.id().isPresent()) {
            try {
                toServer.write(Answers.refused(refused));
            } catch (IOException e) {
                serverEnded.countDown();
            }
        }
    }

    /** The server answered, but not in a way that may be passed on. What it did, it did. */
    private void answerRefused(Verdict.Refused refused, Flight flight) {
        if (lister.takesRefusal(flight)) {
            return;
        }
        InFlight call = calls.remove(flight.request());
        if (call == null) {
            tellClient(Answers.refused(refused, Optional.of(flight.id())));
            return;
        }
        call.end().ifPresent(use -> guard.outcome(use, Result.TOOL_ERROR, Optional.empty(), call.took()));
        tellClient(Answers.noAnswer(
                call.call(),
                new Refusal(
                        refused.code(),
                        "the server answered in a way that is not passed on: " + refused.detail() + ".",
                        LOOK,
                        Optional.empty())));
    }

    private void tellClient(byte[] line) {
        try {
            toClient.write(line);
        } catch (IOException e) {
            clientEnded.countDown();
        }
    }

    private static boolean isBlank(byte[] line) {
        return new String(line, 0, Math.min(line.length, 64), StandardCharsets.ISO_8859_1).isBlank()
                && line.length < 64;
    }
}
