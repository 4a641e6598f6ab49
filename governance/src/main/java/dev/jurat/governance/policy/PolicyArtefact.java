package dev.jurat.governance.policy;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.regex.Pattern;

/**
 * A policy as it stands on the ledger: text for one engine, what it declares, and its floors. Spec: {@code docs/spec/policy.md}, section 3.
 *
 * @param name name and version, such as {@code starter@v1}
 * @param engine which engine reads {@code policies}
 * @param policies the text, in the engine's language
 */
public record PolicyArtefact(String name, String engine, DeclaredArguments arguments, String policies, Floors floors) {
    public static final String TYPE = "https://jurat.dev/policy/v1";

    /** The longest artefact, in bytes. */
    public static final int BYTES_MAX = 1 << 20;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}@v[1-9][0-9]{0,5}");
    private static final Pattern ENGINE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** The canonical bytes, whose digest names the policy for ever. */
    public byte[] bytes() {
        return CanonicalJson.write(JsonBuilder.object()
                .put("type", TYPE)
                .put("name", name)
                .put("engine", engine)
                .put(
                        "schema",
                        JsonBuilder.object()
                                .put("arguments", arguments.toJson())
                                .build())
                .put("policies", policies)
                .put("floors", floors.toJson())
                .build());
    }

    public Hash digest() {
        return Hash.of(bytes());
    }

    /** Reads canonical bytes; {@code policy-size}, {@code type-unknown}, {@code policy-name}, and the codes of JSON and members. */
    public static PolicyArtefact read(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw new FormatException("policy-size", "a policy has at most " + BYTES_MAX + " bytes");
        }
        Json.Obj json = CanonicalJson.readObject(bytes);
        Fields fields = Fields.of(json, "policy");
        if (!fields.string("type").equals(TYPE)) {
            throw new FormatException("type-unknown", "policy.type is not " + TYPE);
        }
        Fields schema = fields.object("schema");
        DeclaredArguments arguments = DeclaredArguments.read(schema.rawObject("arguments"));
        schema.end();
        PolicyArtefact artefact = new PolicyArtefact(
                matching(NAME, fields.string("name")),
                matching(ENGINE, fields.string("engine")),
                arguments,
                fields.string("policies"),
                Floors.read(fields.object("floors")));
        fields.end();
        return artefact;
    }

    private static String matching(Pattern pattern, String text) throws FormatException {
        if (!pattern.matcher(text).matches()) {
            throw new FormatException("policy-name", "not of the form " + pattern + ": " + text);
        }
        return text;
    }
}
