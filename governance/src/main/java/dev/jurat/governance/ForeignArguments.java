package dev.jurat.governance;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Arguments that others wrote, as a policy may see them. Spec: {@code docs/spec/policy.md}, section 1. */
final class ForeignArguments {
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,15}");
    private static final int DEPTH_MAX = 16;

    private ForeignArguments() {}

    /** The members; what is secret, or has no value of ours, stands as null. */
    static Json.Obj of(ForeignJson.Obj arguments, Set<String> secret) {
        TreeMap<String, Json> members = new TreeMap<>();
        arguments
                .members()
                .forEach((name, value) ->
                        members.put(name, secret.contains(name) ? new Json.Null() : value(value, DEPTH_MAX)));
        return new Json.Obj(members);
    }

    /**
     * The arguments of a body that keeps digests of the secret ones; null stands for each of these.
     *
     * @throws FormatException where a member is neither a digest nor one whole value, and the codes of {@link ForeignJson}
     */
    static ForeignJson.Obj restored(Json.Obj redacted) throws FormatException {
        StringJoiner text = new StringJoiner(",", "{", "}");
        for (Map.Entry<String, Json> member : redacted.members().entrySet()) {
            text.add(CanonicalJson.writeString(Json.of(member.getKey())) + ":" + kept(member.getValue()));
        }
        return ForeignJson.parseObject(bytes(text.toString()));
    }

    private static String kept(Json member) throws FormatException {
        Fields fields = Fields.of(member, "redacted");
        if (fields.has("digest")) {
            boolean digest = Hash.isHex(fields.string("digest"));
            fields.end();
            if (digest) {
                return "null";
            }
            throw new FormatException("digest-syntax", "not a digest");
        }
        String exact = fields.string("exact");
        fields.end();
        // By itself first: a text such as 1,"x":2 would be a value and a member more.
        ForeignJson.parse(bytes(exact));
        return exact;
    }

    /** The members that stand as digests. */
    static Set<String> hidden(Json.Obj redacted) {
        return redacted.members().entrySet().stream()
                .filter(member -> member.getValue() instanceof Json.Obj kept
                        && kept.members().containsKey("digest"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Json value(ForeignJson value, int depthLeft) {
        return switch (value) {
            case ForeignJson.Str string -> new Json.Str(string.value());
            case ForeignJson.Bool bool -> new Json.Bool(bool.value());
            case ForeignJson.Num number -> number(number.lexeme());
            case ForeignJson.Null ignored -> new Json.Null();
            case ForeignJson.Arr array ->
                depthLeft == 0
                        ? new Json.Null()
                        : new Json.Arr(array.items().stream()
                                .map(item -> value(item, depthLeft - 1))
                                .toList());
            case ForeignJson.Obj object -> depthLeft == 0 ? new Json.Null() : object(object, depthLeft - 1);
        };
    }

    private static Json object(ForeignJson.Obj object, int depthLeft) {
        TreeMap<String, Json> members = new TreeMap<>();
        object.members().forEach((name, value) -> members.put(name, value(value, depthLeft)));
        return new Json.Obj(members);
    }

    private static Json number(String lexeme) {
        if (!INTEGER.matcher(lexeme).matches() || Math.abs(Long.parseLong(lexeme)) > Json.INTEGER_MAX) {
            return new Json.Null();
        }
        return new Json.Int(Long.parseLong(lexeme));
    }
}
