package dev.jurat.governance;

import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Lifecycle.StreamHead;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one service: as many as groups are in flight, opened when needed, used again after the last answer. Thread-safe.
 *
 * <p>Session keys live in memory alone; a restart opens new sessions and leaves the old ones to their end.
 */
public final class Lanes {
    private static final int LANES_MAX = 32;
    private static final long SESSION_MILLIS = 12 * 3_600_000L;
    private static final long SPARE_MILLIS = 600_000;

    private final LedgerDoor ledger;
    private final String principal;
    private final SoftwareKey identityKey;
    private final Function<SoftwareKey, SigningKey> signing;
    private final RandomSource random;
    private final Semaphore permits = new Semaphore(LANES_MAX, true);
    private final Deque<Lane> idle = new ArrayDeque<>();

    /**
     * The sessions of a service.
     *
     * @param principal its registry id, in {@code system}
     * @param identityKey its key in the registry
     * @param signing what its sessions' keys are signed with
     */
    public Lanes(
            LedgerDoor ledger,
            String principal,
            SoftwareKey identityKey,
            Function<SoftwareKey, SigningKey> signing,
            RandomSource random) {
        this.ledger = ledger;
        this.principal = principal;
        this.identityKey = identityKey;
        this.signing = signing;
        this.random = random;
    }

    public String principal() {
        return principal;
    }

    /** Takes a lane for one group; waits while all are in flight. */
    public Lane take() throws PushedBackException {
        permits.acquireUninterruptibly();
        try {
            Lane lane = idleLane();
            return lane == null ? open() : lane;
        } catch (PushedBackException | RuntimeException e) {
            permits.release();
            throw e;
        }
    }

    /** Gives a lane back after its group was answered, or was never sent. */
    public void giveBack(Lane lane) {
        try {
            Optional<StreamHead> head = ledger.ask(state -> state.head(lane.stream()));
            if (head.isPresent() && !head.get().suspended() && !head.get().ended()) {
                lane.rewind(head.get());
                synchronized (idle) {
                    idle.push(lane);
                }
            }
        } finally {
            permits.release();
        }
    }

    /** Gives a lane up whose group has no known fate. */
    public void abandon() {
        permits.release();
    }

    /** Ends the sessions that nothing is in flight on; the others end by their own time. What is taken later opens new ones. */
    public void end() throws PushedBackException {
        Now now = ledger.ask(Now::of);
        List<Entry> ends = new ArrayList<>();
        for (Lane lane : idleLanes()) {
            if (lane.livesUntil(ledger.nowMillis())) {
                ends.add(lane.end(now.clock(), now.genesis()));
            }
        }
        if (!ends.isEmpty()) {
            ledger.append(ends, List.of());
        }
    }

    private List<Lane> idleLanes() {
        synchronized (idle) {
            List<Lane> lanes = List.copyOf(idle);
            idle.clear();
            return lanes;
        }
    }

    private @Nullable Lane idleLane() {
        long needed = ledger.nowMillis() + SPARE_MILLIS;
        synchronized (idle) {
            while (!idle.isEmpty()) {
                Lane lane = idle.pop();
                if (lane.livesUntil(needed)) {
                    return lane;
                }
            }
        }
        return null;
    }

    private Lane open() throws PushedBackException {
        SigningKey key = signing.apply(SoftwareKey.generate(random));
        Stream stream = new Stream(principal, Stream.sessionId(key.verifyKey()));
        Now now = ledger.ask(Now::of);
        long notAfter = ledger.nowMillis() + SESSION_MILLIS;
        RegistryFacts.Session facts = new RegistryFacts.Session(
                identityKey.verifyKey().text(),
                key.verifyKey().text(),
                notAfter,
                RegistryFacts.Isolation.SAME_USER,
                false,
                RegistryFacts.Signs.AGENT,
                now.claimed(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Header header = new Header(
                facts.kind(),
                stream,
                SignerType.SERVICE,
                0,
                now.genesis(),
                now.clock(),
                References.NONE,
                Suite.ED25519_2026);
        Body body = new RegistryDetails.Session("jurat", List.of(), Optional.empty(), Optional.empty())
                .body(random.bytes(Body.SALT_BYTES), stream, 0);
        SignedRecord record = SignedRecord.sign(new Statement(header, facts, body.digest()), identityKey, key);
        Receipt receipt = ledger.append(List.of(new Entry(record, Optional.of(body))), List.of());
        Optional<String> broken = receipt.firstBroken();
        if (broken.isPresent()) {
            throw new PushedBackException(broken.get(), "the session of " + principal + " was refused");
        }
        return new Lane(stream, key, random, notAfter, 1, record.id());
    }

    private record Now(RecordId genesis, RecordId clock, boolean claimed) {
        static Now of(Lifecycle state) {
            return new Now(state.genesis(), state.clockId(), state.claimed());
        }
    }
}
