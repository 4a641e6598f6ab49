package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;

/**
 * The most that the amounts of one name may add up to over all uses of a contract.
 *
 * @param name an identifier
 * @param max never negative
 */
public record Total(String name, Decimal max) {
    public Total {
        if (!Tool.isIdentifier(name) || max.isNegative()) {
            throw new IllegalArgumentException("not a total: " + name + " " + max);
        }
    }

    /** Reads the closed object; {@code contract-total} for a member out of form. */
    public static Total read(Fields fields) throws FormatException {
        String name = fields.string("name");
        Decimal max = Decimal.read(fields.string("max"));
        fields.end();
        if (!Tool.isIdentifier(name) || max.isNegative()) {
            throw new FormatException("contract-total", fields.path() + " is not a total");
        }
        return new Total(name, max);
    }

    public Json.Obj toJson() {
        return JsonBuilder.object().put("max", max.text()).put("name", name).build();
    }
}
