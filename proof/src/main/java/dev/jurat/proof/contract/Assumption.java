package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeMap;

/**
 * A fact of the context that a contract rests on, and the one value of it: where another is found at use, the contract does not apply.
 *
 * @param fact an identifier, such as {@code definition}
 * @param value the value, as the context facts write it
 */
public record Assumption(String fact, String value) {
    /** The fact that says which definition of the tool the server lists. */
    public static final String DEFINITION = "definition";

    /** The fact that says how the server was started. */
    public static final String LAUNCH = "launch";

    /** The fact of an exact contract that says what its call touches and where links lead from there. */
    public static final String RESOURCES = "resources";

    static final int CHARS_MAX = 256;

    private static final Set<String> LED = Set.of("kind", "name", "resolved");
    private static final byte[] RESOURCES_DOMAIN = "jurat/resources/v1\0".getBytes(StandardCharsets.US_ASCII);

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

    /**
     * That a call touches these: an approval may be used later, when a link under the same name leads elsewhere. Of each its kind, its name and
     * where links lead count; what lies inside a folder is the node's to say.
     *
     * @param resources the member {@code resources} of the policy input, or of what the point says
     */
    public static Assumption resources(Json.Arr resources) {
        Json led = new Json.Arr(resources.items().stream().map(Assumption::led).toList());
        return new Assumption(
                RESOURCES, Hash.of(RESOURCES_DOMAIN, CanonicalJson.write(led)).hex());
    }

    private static Json led(Json resource) {
        if (!(resource instanceof Json.Obj object)) {
            return resource;
        }
        TreeMap<String, Json> members = new TreeMap<>(object.members());
        members.keySet().retainAll(LED);
        return new Json.Obj(members);
    }

    public Json.Obj toJson() {
        return JsonBuilder.object().put("fact", fact).put("value", value).build();
    }
}
