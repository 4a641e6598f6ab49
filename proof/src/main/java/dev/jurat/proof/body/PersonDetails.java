package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;

/** The body of an approval or a revocation: the person's reason in words; may be empty. */
public record PersonDetails(String reason) implements Details {
    public static PersonDetails read(Body body) throws FormatException {
        Fields in = Details.fields(body);
        PersonDetails details = new PersonDetails(in.string("reason"));
        in.end();
        return details;
    }

    @Override
    public Json.Obj toJson() {
        return JsonBuilder.object().put("reason", reason).build();
    }
}
