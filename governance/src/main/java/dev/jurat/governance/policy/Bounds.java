package dev.jurat.governance.policy;

import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Optional;

/**
 * How far an allowed call goes.
 *
 * @param ranged whether one contract covers many calls of the tool, or exactly this call
 * @param windowMillis how long from the contract's admission, in milliseconds
 * @param uses how many calls, 1 if exact
 * @param observed whether the call is only observed: recorded as such, and nothing is enforced
 * @param limits what the arguments must obey, in the closed profile of {@code docs/spec/contract.md}
 */
public record Bounds(boolean ranged, long windowMillis, long uses, boolean observed, Optional<Limits> limits) {
    /** The longest window: a day. */
    public static final long WINDOW_MILLIS_MAX = 86_400_000;

    /** The most uses of one contract. */
    public static final long USES_MAX = 1_000_000;

    public Bounds {
        if (windowMillis < 1 || windowMillis > WINDOW_MILLIS_MAX || uses < 1 || uses > USES_MAX) {
            throw new IllegalArgumentException("window or uses out of range");
        }
        if (!ranged && uses != 1) {
            throw new IllegalArgumentException("an exact grant has one use");
        }
    }

    /** The word that grants carry. */
    public String shape() {
        return ranged ? "ranged" : "exact";
    }

    /**
     * The narrower of two, member by member: exact beats ranged, enforced beats observed, the smaller window and the fewer uses win. Two
     * different limits have no narrower one; the caller refuses them ({@link #limitsAgree}).
     */
    public Bounds narrowest(Bounds other) {
        boolean both = ranged && other.ranged;
        return new Bounds(
                both,
                Math.min(windowMillis, other.windowMillis),
                both ? Math.min(uses, other.uses) : 1,
                observed && other.observed,
                limits.isPresent() ? limits : other.limits);
    }

    boolean limitsAgree(Bounds other) {
        return limits.isEmpty() || other.limits.isEmpty() || limits.equals(other.limits);
    }

    void into(JsonBuilder json) {
        json.put("shape", shape())
                .put("windowMillis", windowMillis)
                .put("uses", uses)
                .put("observed", observed)
                .put("limits", limits.map(Limits::toJson));
    }
}
