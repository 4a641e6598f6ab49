package dev.jurat.governance.policy;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;

/** The fewest approvals per effect, whatever the policy's text says: the ledger itself holds contracts to them. */
public record Floors(int read, int write, int destroy, int unknown) {
    public static final Floors NONE = new Floors(0, 0, 0, 0);

    /** The floor for one call: that of its effect, and of what is unknown if its tool is. */
    public int of(PolicyInput.Action action) {
        int floor = of(action.effect());
        return action.known() ? floor : Math.max(floor, unknown);
    }

    public int of(Effect effect) {
        return switch (effect) {
            case READ -> read;
            case WRITE -> write;
            case DESTROY -> destroy;
            case UNKNOWN -> unknown;
        };
    }

    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("read", read)
                .put("write", write)
                .put("destroy", destroy)
                .put("unknown", unknown)
                .build();
    }

    public static Floors read(Fields fields) throws FormatException {
        Floors floors = new Floors(
                count(fields, "read"), count(fields, "write"), count(fields, "destroy"), count(fields, "unknown"));
        fields.end();
        return floors;
    }

    private static int count(Fields fields, String name) throws FormatException {
        return (int) fields.integer(name, 0, PolicyInput.APPROVALS_MAX);
    }
}
