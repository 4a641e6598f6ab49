package dev.jurat.identity;

import dev.jurat.governance.Governor;
import dev.jurat.governance.GrantIndex;
import dev.jurat.governance.Lanes;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PushedBackException;
import dev.jurat.governance.UnavailableException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.Stream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The token endpoint: RFC 8693 with a signed intent as its subject. Thread-safe; a call may wait for approvals on its own thread.
 *
 * <p>Security property: the broker's key alone gives nothing. Each identity names a contract that the ledger holds to its decision, and the
 * ledger admits no other. Nothing is answered but to the session that signed: its intent's signature and body are checked first.
 */
public final class Broker {
    private static final long POLL_MILLIS = 50;
    private static final long TURN_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
    private static final int LOCKS = 256;

    private final LedgerDoor ledger;
    private final Genuineness genuineness;
    private final Exchange exchange;
    private final Object[] locks = new Object[LOCKS];
    /** How many intents of each session are being worked on. */
    private final Map<Stream, Integer> working = new ConcurrentHashMap<>();

    /**
     * A broker.
     *
     * @param lanes the broker's own sessions
     * @param tokenKey the broker's key in the registry, which signs tokens
     * @param issuer the log's origin as a URL
     * @param checker what signatures over intents are checked with
     */
    public Broker(
            LedgerDoor ledger,
            GrantIndex index,
            Governor governor,
            Lanes lanes,
            SigningKey tokenKey,
            String issuer,
            RandomSource random,
            SignatureChecker checker) {
        Arrays.setAll(locks, i -> new Object());
        this.ledger = ledger;
        this.genuineness = new Genuineness(ledger, checker);
        this.exchange = new Exchange(ledger, index, governor, lanes, new Minter(ledger, tokenKey, issuer, random));
    }

    /** Answers one form, {@code application/x-www-form-urlencoded}. Never throws for what stands in it. */
    public TokenAnswer exchange(String form) throws InterruptedException {
        return exchange(form, Optional.empty());
    }

    /**
     * The same for a caller who is known to be a principal, and hands in nobody else's intent ({@code caller-not-signer}).
     *
     * @param caller empty where the caller may hand in anybody's
     */
    public TokenAnswer exchange(String form, Optional<String> caller) throws InterruptedException {
        try {
            TokenRequest request = TokenRequest.parse(form);
            String signer = request.intent().header().stream().principal();
            if (caller.isPresent() && !caller.get().equals(signer)) {
                return Answers.malformed(
                        "caller-not-signer", "whoever hands this in is not bound to the principal that signed it");
            }
            genuineness.check(request.intent());
            awaitTurn(request);
            return awaitPeople(request);
        } catch (FormatException e) {
            return Answers.malformed(e.code(), String.valueOf(e.getMessage()));
        } catch (PushedBackException e) {
            String message = String.valueOf(e.getMessage());
            return e.busy() ? Answers.unavailable(e.code(), message) : Answers.notTaken(e.code(), message);
        } catch (UnavailableException e) {
            return Answers.unavailable(e.code(), String.valueOf(e.getMessage()));
        }
    }

    private TokenAnswer awaitPeople(TokenRequest request)
            throws FormatException, PushedBackException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.waitMillis());
        while (true) {
            TokenAnswer answer = alone(request);
            if (!isPending(answer) || System.nanoTime() >= deadline) {
                return answer;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The same intent is worked on once at a time, so that a retry meets the answer and not the work. */
    private TokenAnswer alone(TokenRequest request) throws FormatException, PushedBackException {
        int slot = Math.floorMod(request.intent().id().hashCode(), LOCKS);
        Stream stream = request.intent().header().stream();
        working.merge(stream, 1, Integer::sum);
        try {
            synchronized (locks[slot]) {
                return exchange.step(request);
            }
        } finally {
            working.computeIfPresent(stream, (s, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Intents of one session come in a pipeline: one that overtook others waits for them, as long as they go on. */
    private void awaitTurn(TokenRequest request) throws InterruptedException {
        Stream stream = request.intent().header().stream();
        long sequence = request.intent().header().sequence();
        long next = next(stream, sequence);
        long deadline = System.nanoTime() + TURN_NANOS_MAX;
        while (next < sequence && System.nanoTime() < deadline) {
            Thread.sleep(5);
            long now = next(stream, sequence);
            if (now > next || working.containsKey(stream)) {
                deadline = System.nanoTime() + TURN_NANOS_MAX;
            }
            next = now;
        }
    }

    /** The number that the ledger takes next; of a stream that it does not have, whose records are judged as they come, {@code otherwise}. */
    private long next(Stream stream, long otherwise) {
        return ledger.ask(
                state -> state.head(stream).map(Lifecycle.StreamHead::next).orElse(otherwise));
    }

    private static boolean isPending(TokenAnswer answer) {
        return new Json.Str("authorization_pending")
                .equals(answer.body().members().get("error"));
    }
}
