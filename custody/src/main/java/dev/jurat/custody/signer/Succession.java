package dev.jurat.custody.signer;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.SuccessionFacts.Recovery;
import dev.jurat.proof.record.SuccessionFacts.Rotation;
import java.time.Duration;
import java.util.Optional;

/**
 * Which key may follow which, as whoever runs the signer wrote it into the rule of a key.
 *
 * <p>Security property: the next key of a principal is never chosen at the socket. Both keys stand in rules, so that who asks can only have the step taken
 * that was meant, and no longer an overlap than that.
 *
 * @param follows the key that the rule's key may follow
 * @param next the key that may follow the rule's key
 * @param overlapHours how long both may be used after a rotation, at most
 */
public record Succession(Optional<VerifyKey> follows, Optional<VerifyKey> next, int overlapHours) {
    public static final int OVERLAP_HOURS_USUAL = 24;
    public static final int OVERLAP_HOURS_MAX = 720;
    /** A key that follows none, and that none follows. */
    public static final Succession NONE = new Succession(Optional.empty(), Optional.empty(), OVERLAP_HOURS_USUAL);

    /** How far the ledger's clock may be ahead of the signer's. */
    private static final Duration CLOCKS_APART_MAX = Duration.ofMinutes(15);

    /** The same with a key that may follow. */
    public Succession then(VerifyKey key, int hours) {
        return new Succession(follows, Optional.of(key), hours);
    }

    /** Whether a rotation is the step that is meant, from the rule's key or to it. */
    boolean allows(Rotation facts, VerifyKey own) {
        return (is(next, facts.key()) && own.text().equals(facts.follows()))
                || comesFrom(facts.follows(), facts.key(), own);
    }

    /** Whether a recovery brings the rule's key in place of the one that is meant. */
    boolean allows(Recovery facts, VerifyKey own) {
        return comesFrom(facts.follows(), facts.key(), own);
    }

    private boolean comesFrom(String followed, String brought, VerifyKey own) {
        return is(follows, followed) && own.text().equals(brought);
    }

    private static boolean is(Optional<VerifyKey> meant, String text) {
        return meant.map(key -> key.text().equals(text)).orElse(false);
    }

    /** Whether an overlap ends in time, by a clock in milliseconds since 1970. */
    boolean ends(long until, long nowMillis) {
        return until
                <= nowMillis
                        + Duration.ofHours(overlapHours).plus(CLOCKS_APART_MAX).toMillis();
    }

    JsonBuilder put(JsonBuilder rule) {
        follows.ifPresent(key -> rule.put("follows", key.text()));
        next.ifPresent(key -> rule.put("next", key.text()));
        return equals(NONE) ? rule : rule.put("overlapHours", overlapHours);
    }

    /** The members of a rule that say it; none of them, or the hours with one key or both. */
    static Succession read(Fields in) throws FormatException {
        Optional<VerifyKey> follows = key(in.optionalString("follows"));
        Optional<VerifyKey> next = key(in.optionalString("next"));
        if (follows.isEmpty() && next.isEmpty()) {
            return NONE;
        }
        return new Succession(follows, next, (int) in.integer("overlapHours", 1, OVERLAP_HOURS_MAX));
    }

    private static Optional<VerifyKey> key(Optional<String> text) throws FormatException {
        return text.isPresent() ? Optional.of(VerifyKey.parse(text.get())) : Optional.empty();
    }
}
