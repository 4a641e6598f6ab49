package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a contract grants, to whom and where: the members of a {@link Grant} without its {@code terms}. Compared by value.
 *
 * @param actor the principal that may act
 * @param session the one session that may act, or {@code any} of the actor's
 * @param point the principal of the one enforcement point
 * @param shape exact or ranged
 * @param tool what may be called
 * @param windowMillis how long the contract lives from the clock at its admission; 1 to 31,536,000,000
 * @param uses how many calls; 1 to 1,000,000, and 1 where the shape is exact
 * @param totals running totals, sorted by name, each name once
 * @param mode enforced or observed
 */
public record Offer(
        String actor,
        String session,
        String point,
        Shape shape,
        Tool tool,
        long windowMillis,
        long uses,
        List<Total> totals,
        Mode mode) {
    public static final String ANY_SESSION = "any";
    /** The one set of finality that this version can want: in the log. */
    public static final String FINALITY = "logged";

    public static final long WINDOW_MILLIS_MAX = 31_536_000_000L;
    public static final long USES_MAX = 1_000_000;
    static final int TOTALS_MAX = 8;

    /** Refuses members that {@link #readMembers} would refuse. */
    public Offer {
        totals = List.copyOf(totals);
        String fault = fault(actor, session, point, shape, windowMillis, uses, totals);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException("not a grant: " + fault);
        }
    }

    /** Reads the members from an object that may have further ones; the caller ends the reading. */
    static Offer readMembers(Fields fields) throws FormatException {
        String actor = fields.string("actor");
        String session = fields.string("session");
        String point = fields.string("point");
        Shape shape = readShape(fields);
        Tool tool = Tool.read(fields.object("tool"));
        long windowMillis = fields.integer("windowMillis");
        long uses = fields.integer("uses");
        List<Total> totals = new ArrayList<>();
        for (Json item : fields.array("totals")) {
            totals.add(Total.read(Fields.of(item, fields.path() + ".totals")));
        }
        Mode mode = Mode.read(fields.string("mode"));
        if (!fields.string("finality").equals(FINALITY)) {
            throw new FormatException("contract-finality", "this version knows the finality logged alone");
        }
        String fault = fault(actor, session, point, shape, windowMillis, uses, totals);
        if (!fault.isEmpty()) {
            throw new FormatException("contract-grant", fields.path() + "." + fault);
        }
        return new Offer(actor, session, point, shape, tool, windowMillis, uses, totals, mode);
    }

    /** Reads the closed object, which has no {@code terms}. */
    public static Offer read(Fields fields) throws FormatException {
        Offer offer = readMembers(fields);
        fields.end();
        return offer;
    }

    public Json.Obj toJson() {
        JsonBuilder out = JsonBuilder.object()
                .put("actor", actor)
                .put("finality", FINALITY)
                .put("mode", mode.text())
                .put("point", point)
                .put("session", session)
                .put("tool", tool.toJson())
                .put(
                        "totals",
                        new Json.Arr(totals.stream().<Json>map(Total::toJson).toList()))
                .put("uses", uses)
                .put("windowMillis", windowMillis);
        return switch (shape) {
            case Shape.Exact exact ->
                out.put("shape", "exact").put("call", exact.call().hex()).build();
            case Shape.Ranged ignored ->
                out.put("shape", "ranged").put("call", "").build();
        };
    }

    private static Shape readShape(Fields fields) throws FormatException {
        String shape = fields.string("shape");
        String call = fields.string("call");
        if (shape.equals("exact") && Hash.isHex(call)) {
            return new Shape.Exact(Hash.fromHex(call));
        }
        if (shape.equals("ranged") && call.isEmpty()) {
            return new Shape.Ranged();
        }
        throw new FormatException(
                "contract-shape", fields.path() + " is neither exact with a call nor ranged without one");
    }

    private static String fault(
            String actor, String session, String point, Shape shape, long windowMillis, long uses, List<Total> totals) {
        if (!Words.isPrincipal(actor)) {
            return "actor is not a principal id";
        }
        if (!Words.isPrincipal(point)) {
            return "point is not a principal id";
        }
        if (!Words.isSession(session) && !session.equals(ANY_SESSION)) {
            return "session is neither a session id nor any";
        }
        if (windowMillis < 1 || windowMillis > WINDOW_MILLIS_MAX) {
            return "windowMillis is out of bounds";
        }
        if (uses < 1 || uses > USES_MAX || (shape instanceof Shape.Exact && uses != 1)) {
            return "uses is out of bounds";
        }
        return totalsInOrder(totals) ? "" : "totals are too many, or not sorted by name";
    }

    private static boolean totalsInOrder(List<Total> totals) {
        for (int i = 1; i < totals.size(); i++) {
            if (totals.get(i - 1).name().compareTo(totals.get(i).name()) >= 0) {
                return false;
            }
        }
        return totals.size() <= TOTALS_MAX;
    }
}
