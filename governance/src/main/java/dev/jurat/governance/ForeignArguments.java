package dev.jurat.governance;

import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.Json;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
