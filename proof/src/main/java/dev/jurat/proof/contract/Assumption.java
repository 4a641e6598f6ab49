package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;

/**
 * A fact of the context that a contract rests on, and the one value of it: where another is found at use, the contract does not apply.
 *
 * @param fact an identifier, such as {@code definition}
 * @param value the value, as the context facts write it
 */
public record Assumption(String fact, String value) {
    static final int CHARS_MAX = 256;

    /** Reads the closed object; {@code contract-assumption} for a fact out of form. */
    public static Assumption read(Fields fields) throws FormatException {
        String fact = fields.string("fact");
        String value = fields.string("value");
        fields.end();
        if (!Tool.isIdentifier(fact) || value.length() > CHARS_MAX) {
            throw new FormatException("contract-assumption", fields.path() + " is not an assumption");
        }
        return new Assumption(fact, value);
    }

    public Json.Obj toJson() {
        return JsonBuilder.object().put("fact", fact).put("value", value).build();
    }
}
