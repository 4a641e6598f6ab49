package dev.jurat.gateway.mcp;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratClient.Exchange;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Seen;
import dev.jurat.sdk.Session;
import dev.jurat.sdk.StreamHead;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The agent's side of the exchange: signs intents one after another and asks for identities.
 *
 * <p>An intent whose fate is unknown is sent again, the same bytes, before another one is signed: two signed records for one number would
 * be a cloned key. Thread-safe.
 */
final class Broker {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final JuratClient client;
    private final Session session;
    private final Seen seen;
    private final String point;
    private final ReentrantLock lock = new ReentrantLock(true);
    private Optional<Unanswered> unanswered = Optional.empty();

    private record Unanswered(Entry intent, Json.Obj context, StreamHead before) {}

    Broker(JuratClient client, Session session, Seen seen, String point) {
        this.client = client;
        this.session = session;
        this.seen = seen;
        this.point = point;
    }

    /** A signed intent and what was said to it. */
    record Asked(Entry intent, Exchange exchange) {}

    /** Signs an intent and asks once, without waiting for approvals. */
    Asked ask(AuthorityFacts.Intent facts, Json.Obj details, Json.Obj context)
            throws NodeException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (unanswered.isPresent()) {
                send(unanswered.get());
            }
            StreamHead before = session.mark();
            Entry intent = session.sign(salt -> facts, References.NONE, seen.fresh(), details);
            return new Asked(intent, send(new Unanswered(intent, context, before)));
        } finally {
            lock.unlock();
        }
    }

    private Exchange send(Unanswered request) throws NodeException {
        unanswered = Optional.of(request);
        try {
            Exchange exchange = client.exchange(request.intent, point, request.context, Duration.ZERO, DEADLINE);
            unanswered = Optional.empty();
            settle(request, exchange.recorded());
            exchange.clock().ifPresent(seen::saw);
            return exchange;
        } catch (NodeException e) {
            if (e.settled()) {
                unanswered = Optional.empty();
                resume(request);
            }
            throw e;
        }
    }

    private void settle(Unanswered request, boolean recorded) {
        if (!recorded) {
            session.resume(request.before);
        }
    }

    /** The node answered with a fault: what it has of the stream is what counts. */
    private void resume(Unanswered request) {
        try {
            Optional<StreamHead> head = client.stream(session.stream());
            session.resume(head.orElse(request.before));
        } catch (NodeException e) {
            unanswered = Optional.of(request);
        }
    }

    /** Asks again with the same signed bytes, waiting on the node's side. For an intent that is on the ledger. */
    Exchange again(Entry intent, Json.Obj context, Duration wait) throws NodeException {
        Exchange exchange = client.exchange(intent, point, context, wait, wait.plus(DEADLINE));
        exchange.clock().ifPresent(seen::saw);
        return exchange;
    }

    Session session() {
        return session;
    }
}
