package dev.jurat.ledger;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.TlogPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * All that halts a ledger, one of each witness, in the order in which they came. Immutable.
 *
 * <p>Security property: what one witness says takes no other's word away, so that whoever leaves a liar out of the policy is still kept
 * from signing a fork by the honest one.
 */
record Halts(List<Halt> all) {
    static final Halts NONE = new Halts(List.of());

    private static final String VERSION = "https://jurat.dev/halt/v1";

    Halts {
        all = List.copyOf(all);
    }

    /** These and another one, which takes the place of what the same witness said before. */
    Halts with(Halt next) {
        List<Halt> out = new ArrayList<>(all);
        out.replaceAll(halt -> halt.isBySameKeyAs(next) ? next : halt);
        // More than a policy has witnesses are halted for what is there already.
        if (!out.contains(next) && out.size() < TlogPolicy.WITNESSES_MAX) {
            out.add(next);
        }
        return new Halts(out);
    }

    Halts without(Predicate<Halt> over) {
        return new Halts(all.stream().filter(over.negate()).toList());
    }

    byte[] bytes() {
        return CanonicalJson.write(JsonBuilder.object()
                .put("halts", new Json.Arr(all.stream().<Json>map(Halt::toJson).toList()))
                .put("version", VERSION)
                .build());
    }

    static Halts read(byte[] bytes) throws FormatException {
        Fields in = Fields.of(CanonicalJson.readObject(bytes), "halt");
        String version = in.string("version");
        List<Json> listed = in.array("halts");
        in.end();
        Halts out = NONE;
        for (Json halt : listed) {
            out = out.with(Halt.read(halt));
        }
        // Fewer than are listed: two of one witness, or more than a policy has.
        if (!version.equals(VERSION) || listed.isEmpty() || out.all().size() != listed.size()) {
            throw new FormatException("halt-damaged", "not the halts of this version, one of each witness");
        }
        return out;
    }
}
