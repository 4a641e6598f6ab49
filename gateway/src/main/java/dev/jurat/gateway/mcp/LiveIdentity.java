package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.Containment;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.TokenAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An execution identity that this session holds, with its contract. Thread-safe.
 *
 * <p>Security property: it exists only if the contract names this agent, this point, this session and this tool, and, where it is exact,
 * this very call; and one that is not enforced only where the operator said {@code --observe}, whatever the node says. Whether the ledger
 * still honours it is seen at each use.
 */
final class LiveIdentity {
    /** The code for a contract that is not enforced, where the point enforces. */
    static final String OBSERVED_ONLY = "observed-only";

    private static final long SAFETY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RecordId id;
    private final RecordId decision;
    private final Hash eid;
    private final Proposal proposal;
    private final Optional<Salt> callSalt;
    private final Hash launch;
    private final long endNanos;
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong ordinal = new AtomicLong();
    /** A use of a tool that is not idempotent waits for the outcome of the one before. */
    private final Semaphore turn;

    private LiveIdentity(TokenAnswer.Granted granted, Proposal proposal, Optional<Salt> callSalt, Hash launch) {
        this.id = granted.identity();
        this.decision = granted.decision();
        this.eid = Hash.of(granted.token().getBytes(StandardCharsets.US_ASCII));
        this.proposal = proposal;
        this.callSalt = callSalt;
        this.launch = launch;
        this.endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(granted.expiresInSeconds()) - SAFETY_NANOS;
        this.turn = new Semaphore(proposal.offer().tool().idempotent() ? Integer.MAX_VALUE : 1);
    }

    /**
     * Takes what the broker granted for this plan.
     *
     * @param salt the salt of the intent's call commitment
     * @param observe whether this point only observes; a contract that is not enforced is of no use to one that does
     * @param launch the digest of how the server was started
     * @throws FormatException {@code authority-mismatch} where the contract is not for this agent, point, session, tool or call;
     *     {@code observed-only} where it is not enforced, and this point enforces
     */
    static LiveIdentity of(
            TokenAnswer.Granted granted,
            Plan plan,
            Salt salt,
            String actor,
            String session,
            String point,
            boolean observe,
            Hash launch)
            throws FormatException {
        AuthorityDetails.Proposed proposed =
                AuthorityDetails.Contract.read(granted.contract()).proposed();
        Offer offer = proposed.proposal().offer();
        boolean fits = offer.actor().equals(actor)
                && offer.point().equals(point)
                && (offer.session().equals(Offer.ANY_SESSION) || offer.session().equals(session))
                && offer.tool().equals(plan.tool())
                && offer.totals().isEmpty()
                && coversCall(offer.shape(), plan, salt);
        if (!fits) {
            throw new FormatException("authority-mismatch", "the contract is not for this call");
        }
        if (!observe && offer.mode() != Mode.ENFORCED) {
            throw new FormatException(OBSERVED_ONLY, "the contract is not enforced");
        }
        return new LiveIdentity(granted, proposed.proposal(), Optional.of(salt).filter(s -> isExact(offer)), launch);
    }

    private static boolean isExact(Offer offer) {
        return offer.shape() instanceof Shape.Exact;
    }

    private static boolean coversCall(Shape shape, Plan plan, Salt salt) {
        return switch (shape) {
            case Shape.Exact exact -> exact.call().equals(plan.committed().commitment(salt));
            case Shape.Ranged ignored -> true;
        };
    }

    /**
     * Whether the call stays within targets and limits; what is only observed is not held to them.
     *
     * <p>An exact contract was decided knowing where links lead, and rests on their leading there. A ranged one was not, so what they lead to
     * has to be covered too.
     */
    Containment check(Plan plan) {
        if (proposal.offer().mode() == Mode.OBSERVED) {
            return Containment.WITHIN;
        }
        if (plan.isUnresolved()) {
            return new Containment.Beyond("beyond-target", "");
        }
        Containment within = proposal.check(
                plan.call().method(),
                plan.tool().name(),
                plan.call().parsed(),
                isRanged() ? plan.resourcesFollowed() : plan.resources());
        return within instanceof Containment.Within ? proposal.checkAssumptions(f -> fact(f, plan)) : within;
    }

    private Optional<String> fact(String name, Plan plan) {
        return switch (name) {
            case Assumption.DEFINITION -> plan.definition().map(Hash::hex);
            case Assumption.LAUNCH -> Optional.of(launch.hex());
            case Assumption.RESOURCES ->
                Optional.of(Assumption.resources(plan.touchedJson()).value());
            case "profile" -> plan.tool().profile().map(Hash::hex);
            case "known" ->
                Optional.of(Boolean.toString(plan.tool().effect() != dev.jurat.proof.contract.Effect.UNKNOWN));
            default -> Optional.empty();
        };
    }

    /** Takes one of the uses for a call; false where time or uses are over. What is taken is not given back. */
    boolean reserve() {
        return System.nanoTime() - endNanos < 0
                && reserved.getAndIncrement() < proposal.offer().uses();
    }

    boolean isRanged() {
        return !isExact(proposal.offer());
    }

    long nextOrdinal() {
        return ordinal.incrementAndGet();
    }

    boolean takeTurn(long millis) throws InterruptedException {
        return turn.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    void endTurn() {
        turn.release();
    }

    RecordId id() {
        return id;
    }

    RecordId decision() {
        return decision;
    }

    Hash eid() {
        return eid;
    }

    /** The salt of an exact contract's call; empty where each use has its own. */
    Optional<Salt> callSalt() {
        return callSalt;
    }
}
