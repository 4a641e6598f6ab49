package dev.jurat.governance;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Arguments that others wrote, as a policy may see them. Spec: {@code docs/spec/policy.md}, section 1. */
final class ForeignArguments {
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,15}");
    private static final int DEPTH_MAX = 16;

    private ForeignArguments() {}

    /** The members but the secret ones; what has no value of ours stands as null. */
    static Json.Obj of(ForeignJson.Obj arguments, Set<String> secret) {
        TreeMap<String, Json> members = new TreeMap<>();
        arguments.members().forEach((name, value) -> {
            if (!secret.contains(name)) {
                members.put(name, value(value, DEPTH_MAX));
            }
        });
        return new Json.Obj(members);
    }

    /** The members that stand as they were sent, of arguments that a body keeps without the secret ones. */
    static Json.Obj ofStored(Json.Obj stored) {
        TreeMap<String, Json> out = new TreeMap<>();
        if (stored.members().get("members") instanceof Json.Obj kept) {
            kept.members().forEach((name, member) -> exact(member).ifPresent(value -> out.put(name, value)));
        }
        return new Json.Obj(out);
    }

    private static Optional<Json> exact(Json member) {
        if (!(member instanceof Json.Obj object) || !(object.members().get("exact") instanceof Json.Str text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(value(ForeignJson.parse(text.value().getBytes(StandardCharsets.UTF_8)), DEPTH_MAX));
        } catch (FormatException e) {
            return Optional.empty();
        }
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
