package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a tool profile says of one tool.
 *
 * @param effect the worst that its arguments allow; never {@code unknown}
 * @param definitions SHA-256 of the exact bytes of the tool's object in the server's list, each that this entry was written for
 * @param arguments what the arguments may be; an argument that is not listed is one that nobody has read the meaning of
 * @param resources how the arguments name what is acted on
 * @param secret arguments of which bodies keep a salted digest alone
 * @param result whether bodies keep what came back
 */
public record ProfiledTool(
        Effect effect,
        boolean idempotent,
        List<Hash> definitions,
        Limits arguments,
        List<ResourceRule> resources,
        List<String> secret,
        Retention result) {
    /** What of a result is kept. */
    public enum Retention {
        DIGEST,
        KEPT
    }

    public ProfiledTool {
        definitions = List.copyOf(definitions);
        resources = List.copyOf(resources);
        secret = List.copyOf(secret);
    }

    /**
     * What a call acts on.
     *
     * @throws FormatException {@code arguments-unmapped} where an argument is not as the profile knows it, and the codes of
     *     {@link LexicalPath}
     */
    public List<Resource> resources(Optional<? extends ForeignJson> given, Roots roots) throws FormatException {
        Containment fit = given.isPresent() ? arguments.check(given.get()) : arguments.checkAbsent();
        if (fit instanceof Containment.Beyond(String code, String path)) {
            throw new FormatException(
                    "arguments-unmapped", "the profile does not know such arguments: " + code + " at " + path);
        }
        List<Resource> found = new ArrayList<>();
        if (given.isPresent() && given.get() instanceof ForeignJson.Obj object) {
            for (ResourceRule rule : resources) {
                ForeignJson value = object.members().get(rule.argument());
                if (value != null) {
                    rule.read(value, roots, found);
                }
            }
        }
        return List.copyOf(found);
    }

    /** The same tool, asking of arguments that stand as digests only that they are listed. */
    public ProfiledTool without(Collection<String> hidden) throws FormatException {
        return new ProfiledTool(effect, idempotent, definitions, arguments.without(hidden), resources, secret, result);
    }

    /** Reads the closed object; {@code profile-tool} for members that contradict each other. */
    static ProfiledTool read(Fields fields) throws FormatException {
        Effect effect = Effect.read(fields.string("effect"));
        boolean idempotent = fields.bool("idempotent");
        List<Hash> definitions = new ArrayList<>();
        for (String text : fields.strings("definitions")) {
            definitions.add(definition(text, fields.path()));
        }
        Limits arguments = Limits.read(fields.rawObject("arguments"));
        List<ResourceRule> resources = new ArrayList<>();
        for (Json item : fields.array("resources")) {
            resources.add(ResourceRule.read(Fields.of(item, fields.path() + ".resources")));
        }
        List<String> secret = fields.strings("secret");
        Retention result = retention(fields.string("result"), fields.path());
        fields.end();
        ProfiledTool tool = new ProfiledTool(effect, idempotent, definitions, arguments, resources, secret, result);
        tool.check(fields.path());
        return tool;
    }

    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("arguments", arguments.toJson())
                .strings("definitions", definitions.stream().map(Hash::hex).toList())
                .put("effect", effect.text())
                .put("idempotent", idempotent)
                .put(
                        "resources",
                        new Json.Arr(resources.stream()
                                .<Json>map(ResourceRule::toJson)
                                .toList()))
                .put("result", result == Retention.DIGEST ? "digest" : "kept")
                .strings("secret", secret)
                .build();
    }

    private void check(String path) throws FormatException {
        if (effect == Effect.UNKNOWN || definitions.isEmpty()) {
            throw new FormatException("profile-tool", path + " has no effect, or no definition");
        }
        for (ResourceRule rule : resources) {
            if (!rule.fits(arguments)) {
                throw new FormatException("profile-resource", path + " takes a resource from what is no required text");
            }
        }
        for (String name : secret) {
            boolean named = resources.stream().anyMatch(rule -> rule.argument().equals(name));
            if (named || !arguments.lists(name)) {
                throw new FormatException("profile-secret", path + " keeps secret what is a resource, or not listed");
            }
        }
    }

    private static Hash definition(String text, String path) throws FormatException {
        if (!Hash.isHex(text)) {
            throw new FormatException("profile-definition", path + ".definitions has what is no digest");
        }
        return Hash.fromHex(text);
    }

    private static Retention retention(String text, String path) throws FormatException {
        return switch (text) {
            case "digest" -> Retention.DIGEST;
            case "kept" -> Retention.KEPT;
            default -> throw new FormatException("profile-result", path + ".result is neither digest nor kept");
        };
    }
}
