package dev.jurat.governance.policy;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The arguments that a policy declares, each with its type: the only ones that it is shown.
 *
 * <p>Security property: an argument reaches an engine only under a declared name with a value of the declared type, so that no caller can
 * smuggle in an entity, an extension value or a type that makes a rule err.
 */
public record DeclaredArguments(Map<String, Type> types) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Set<String> RESERVED = Set.of("__entity", "__extn", "__expr");

    /** The type of one argument. */
    public enum Type {
        STRING("string"),
        INTEGER("integer"),
        BOOLEAN("boolean"),
        STRINGS("strings");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        boolean fits(Json value) {
            return switch (this) {
                case STRING -> value instanceof Json.Str;
                case INTEGER -> value instanceof Json.Int;
                case BOOLEAN -> value instanceof Json.Bool;
                case STRINGS ->
                    value instanceof Json.Arr a && a.items().stream().allMatch(Json.Str.class::isInstance);
            };
        }
    }

    public DeclaredArguments {
        types = java.util.Collections.unmodifiableMap(new TreeMap<>(types));
    }

    /** The first declared name whose value has another type. */
    public Optional<String> misfit(Json.Obj arguments) {
        return select(arguments).entrySet().stream()
                .filter(given ->
                        !Objects.requireNonNull(types.get(given.getKey())).fits(given.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The declared arguments among those given. */
    public Map<String, Json> select(Json.Obj arguments) {
        TreeMap<String, Json> out = new TreeMap<>(arguments.members());
        out.keySet().retainAll(types.keySet());
        return out;
    }

    /** Whether a name that engines read as something else stands anywhere in the arguments. */
    public static boolean usesReserved(Json value) {
        return switch (value) {
            case Json.Obj object ->
                object.members().keySet().stream().anyMatch(RESERVED::contains)
                        || object.members().values().stream().anyMatch(DeclaredArguments::usesReserved);
            case Json.Arr array -> array.items().stream().anyMatch(DeclaredArguments::usesReserved);
            case Json.Str ignored -> false;
            case Json.Int ignored -> false;
            case Json.Bool ignored -> false;
            case Json.Null ignored -> false;
        };
    }

    public Json.Obj toJson() {
        JsonBuilder json = JsonBuilder.object();
        types.forEach((name, type) -> json.put(name, type.text()));
        return json.build();
    }

    /** Reads name → type; {@code schema-argument} for a name or a type that is not of the list. */
    public static DeclaredArguments read(Json.Obj json) throws FormatException {
        TreeMap<String, Type> types = new TreeMap<>();
        for (Map.Entry<String, Json> member : json.members().entrySet()) {
            if (!NAME.matcher(member.getKey()).matches() || RESERVED.contains(member.getKey())) {
                throw new FormatException("schema-argument", "not a name for an argument: " + member.getKey());
            }
            types.put(member.getKey(), type(member.getValue()));
        }
        return new DeclaredArguments(types);
    }

    private static Type type(Json value) throws FormatException {
        for (Type type : Type.values()) {
            if (value.equals(new Json.Str(type.text))) {
                return type;
            }
        }
        throw new FormatException("schema-argument", "an argument's type is string, integer, boolean or strings");
    }
}
