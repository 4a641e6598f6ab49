package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * What is called: a method of the protocol and a name under it, as the tool profile classes it. Compared by value; stands in statements,
 * so it holds nothing personal.
 *
 * @param profile the digest of the tool profile artefact, or empty where none is known ({@code "none"} in text)
 * @param method the protocol's method, such as {@code tools/call}
 * @param name an identifier that a profile or a tool list knows, or {@code sha256:<hex>} of what was named
 * @param effect the worst that a call may do
 * @param idempotent whether making the same call twice leaves the same state as once; false where nobody has said
 */
public record Tool(Optional<Hash> profile, String method, String name, Effect effect, boolean idempotent) {
    private static final String DIGEST = "sha256:";
    /** The methods of which statements always name what is called. */
    private static final Set<String> NAMED = Set.of(ToolProfile.METHOD, "prompts/get");

    /** Refuses members that {@link #read} would refuse. */
    public Tool {
        if (!Words.isMethod(method) || !isName(name)) {
            throw new IllegalArgumentException("not a tool: " + method + " " + name);
        }
        if (idempotent && effect == Effect.UNKNOWN) {
            throw new IllegalArgumentException("nobody can say that an unknown effect is idempotent");
        }
    }

    /** A tool of which nothing is known but how it was called. */
    public static Tool unknown(String method, String called) {
        return new Tool(Optional.empty(), method, digestName(called), Effect.UNKNOWN, false);
    }

    /** The name under which something is recorded that neither a profile nor a tool list knows. */
    public static String digestName(String called) {
        return DIGEST + Hash.of(called.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Whether a statement may carry this name as it is. */
    public static boolean isIdentifier(String name) {
        return Words.isToolName(name);
    }

    /**
     * Whether a statement may name by this tool what was called: the name itself or its digest; and, for methods that call neither a tool
     * nor a prompt, the method, since a URI may be personal and stands in the body alone.
     */
    public boolean isNameOf(String called) {
        return name.equals(called)
                || name.equals(digestName(called))
                || (name.equals(method) && !NAMED.contains(method));
    }

    /** Reads the closed object; {@code contract-tool} for a member out of form, and the codes of {@link Fields}. */
    public static Tool read(Fields fields) throws FormatException {
        String profile = fields.string("profile");
        String method = fields.string("method");
        String name = fields.string("name");
        Effect effect = Effect.read(fields.string("effect"));
        boolean idempotent = fields.bool("idempotent");
        fields.end();
        if (!Words.isMethod(method) || !isName(name) || (idempotent && effect == Effect.UNKNOWN)) {
            throw new FormatException("contract-tool", fields.path() + " is not a tool");
        }
        return new Tool(readProfile(profile, fields.path()), method, name, effect, idempotent);
    }

    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("effect", effect.text())
                .put("idempotent", idempotent)
                .put("method", method)
                .put("name", name)
                .put("profile", profile.map(Hash::hex).orElse("none"))
                .build();
    }

    private static Optional<Hash> readProfile(String text, String path) throws FormatException {
        if (text.equals("none")) {
            return Optional.empty();
        }
        if (!Hash.isHex(text)) {
            throw new FormatException("contract-tool", path + ".profile is neither a digest nor none");
        }
        return Optional.of(Hash.fromHex(text));
    }

    private static boolean isName(String name) {
        return isIdentifier(name) || (name.startsWith(DIGEST) && Hash.isHex(name.substring(DIGEST.length())));
    }
}
