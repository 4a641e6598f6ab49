package dev.jurat.governance.policy.cedar;

import com.cedarpolicy.model.Effect;
import com.cedarpolicy.model.exception.InternalException;
import dev.jurat.governance.policy.Bounds;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Cedar policy and what its annotations say.
 *
 * @param approvals for a forbid: how many approvals lift it; 0 if none does
 * @param bounds for a permit: how far it goes
 */
record Rule(
        String id, String source, boolean permit, Reason reason, String help, int approvals, Optional<Bounds> bounds) {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,7})(ms|s|m|h)");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,6}");
    private static final int HELP_MAX = 500;
    private static final Set<String> ON_PERMIT =
            Set.of("id", "reason", "help", "shape", "uses", "window", "mode", "limits");
    private static final Set<String> ON_FORBID = Set.of("id", "reason", "help", "approvals");

    static Rule read(com.cedarpolicy.model.policy.Policy policy) throws FormatException {
        Map<String, String> notes;
        boolean permit;
        try {
            notes = policy.getAnnotations();
            permit = policy.effect() == Effect.PERMIT;
        } catch (InternalException e) {
            throw new FormatException("policy-syntax", CedarFaults.plain(e.getMessage()));
        }
        for (String name : notes.keySet()) {
            if (!(permit ? ON_PERMIT : ON_FORBID).contains(name)) {
                throw bad("@" + name + " has no meaning on a " + (permit ? "permit" : "forbid"));
            }
        }
        return new Rule(
                id(notes),
                policy.policySrc,
                permit,
                reason(notes, permit),
                help(notes),
                (int) number(notes, "approvals", 0, PolicyInput.APPROVALS_MAX),
                permit ? Optional.of(bounds(notes)) : Optional.empty());
    }

    /**
     * Refuses a rule that wants approvals and has no {@code unless} for just as many. Judged on what Cedar has parsed: in its JSON a text
     * cannot look like this, since its quotes are escaped.
     */
    void requireLiftable() throws FormatException {
        if (approvals == 0) {
            return;
        }
        String lifted =
                "{\"kind\":\"unless\",\"body\":{\">=\":{\"left\":{\".\":{\"left\":{\"Var\":\"context\"},\"attr\":\"approvals\"}},"
                        + "\"right\":{\"Value\":" + approvals + "}}}}";
        String parsed;
        try {
            parsed = com.cedarpolicy.model.policy.Policy.parseStaticPolicy(source)
                    .toJson();
        } catch (InternalException e) {
            throw new FormatException("policy-syntax", CedarFaults.plain(e.getMessage()));
        }
        if (!parsed.contains(lifted)) {
            throw bad("in " + id + ": @approvals(\"" + approvals + "\") needs unless { context.approvals >= "
                    + approvals + " } in the rule, by itself; without it no approval lifts the rule");
        }
    }

    private static Bounds bounds(Map<String, String> notes) throws FormatException {
        boolean ranged = word(notes, "shape", "exact", "ranged");
        boolean observed = word(notes, "mode", "enforced", "observed");
        if (!ranged && notes.containsKey("uses") && !"1".equals(notes.get("uses"))) {
            throw bad("an exact permit has one use");
        }
        return new Bounds(ranged, window(notes), number(notes, "uses", 1, Bounds.USES_MAX), observed, limits(notes));
    }

    private static String id(Map<String, String> notes) throws FormatException {
        String id = notes.getOrDefault("id", "");
        if (!ID.matcher(id).matches()) {
            throw bad("each policy needs an @id of the form " + ID);
        }
        return id;
    }

    private static Reason reason(Map<String, String> notes, boolean permit) throws FormatException {
        String code = notes.getOrDefault("reason", permit ? "permitted" : "forbidden");
        return Reason.ofCode(code)
                .filter(Reason::nameable)
                .orElseThrow(() -> bad("@reason is not of the list: " + code));
    }

    private static String help(Map<String, String> notes) throws FormatException {
        String help = notes.getOrDefault("help", "");
        if (help.length() > HELP_MAX) {
            throw bad("@help has more than " + HELP_MAX + " characters");
        }
        return help;
    }

    private static boolean word(Map<String, String> notes, String name, String no, String yes) throws FormatException {
        String word = notes.getOrDefault(name, no);
        if (!word.equals(no) && !word.equals(yes)) {
            throw bad("@" + name + " is " + no + " or " + yes);
        }
        return word.equals(yes);
    }

    private static long number(Map<String, String> notes, String name, long otherwise, long max)
            throws FormatException {
        String digits = notes.get(name);
        if (digits == null) {
            return otherwise;
        }
        if (!NUMBER.matcher(digits).matches() || Long.parseLong(digits) > max) {
            throw bad("@" + name + " is a number from 1 to " + max);
        }
        return Long.parseLong(digits);
    }

    private static long window(Map<String, String> notes) throws FormatException {
        Matcher matcher = WINDOW.matcher(notes.getOrDefault("window", "60s"));
        if (!matcher.matches()) {
            throw bad("@window is a whole number and ms, s, m or h");
        }
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
        long millis = Long.parseLong(matcher.group(1)) * unit;
        if (millis > Bounds.WINDOW_MILLIS_MAX) {
            throw bad("@window is longer than a day");
        }
        return millis;
    }

    private static Optional<Limits> limits(Map<String, String> notes) throws FormatException {
        String text = notes.get("limits");
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Limits.read(CanonicalJson.readObject(text.getBytes(StandardCharsets.UTF_8))));
        } catch (FormatException e) {
            throw bad("@limits: " + e.code() + ", " + e.getMessage());
        }
    }

    private static FormatException bad(String message) {
        return new FormatException("policy-annotation", message);
    }
}
