package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one node of {@link Limits} and what is below it. */
final class LimitReader {
    private static final int DEPTH_MAX = 16;
    private static final long COUNT_MAX = 1 << 24;
    private static final int ENUM_MAX = 256;

    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "any", Set.of(),
            "null", Set.of(),
            "boolean", Set.of("const"),
            "integer", Set.of("const", "enum", "minimum", "maximum"),
            "decimal", Set.of("minimum", "maximum"),
            "string", Set.of("const", "enum", "minLength", "maxLength", "prefix"),
            "array", Set.of("items", "minItems", "maxItems"),
            "object", Set.of("properties", "required"));

    private final Json.Obj node;
    private final int depthLeft;

    private LimitReader(Json.Obj node, int depthLeft) {
        this.node = node;
        this.depthLeft = depthLeft;
    }

    static Limit read(Json.Obj node) throws FormatException {
        return new LimitReader(node, DEPTH_MAX).limit();
    }

    private Limit limit() throws FormatException {
        if (depthLeft == 0) {
            throw new FormatException("limit-depth", "limits nested deeper than " + DEPTH_MAX);
        }
        String type = node.members().get("type") instanceof Json.Str s ? s.value() : "";
        Set<String> known = KEYWORDS.get(type);
        if (known == null) {
            throw new FormatException("limit-type", "a limit without a type that is known");
        }
        for (String keyword : node.members().keySet()) {
            if (!keyword.equals("type") && !known.contains(keyword)) {
                throw new FormatException("limit-keyword", "a keyword that is not known for the type " + type);
            }
        }
        return switch (type) {
            case "any" -> new Limit.Anything();
            case "null" -> new Limit.Nothing();
            case "boolean" -> truth();
            case "integer" -> whole();
            case "decimal" -> amount();
            case "string" -> text();
            case "array" -> items();
            default -> members();
        };
    }

    private Limit truth() throws FormatException {
        Json wanted = node.members().get("const");
        if (wanted == null) {
            return new Limit.Truth(Optional.empty());
        }
        return new Limit.Truth(Optional.of(as(wanted, Json.Bool.class).value()));
    }

    private Limit whole() throws FormatException {
        long minimum = integer("minimum", -Json.INTEGER_MAX);
        long maximum = integer("maximum", Json.INTEGER_MAX);
        inOrder(minimum <= maximum);
        Set<Json.Int> wanted = wanted(Json.Int.class);
        return new Limit.Whole(
                minimum,
                maximum,
                wanted == null
                        ? Optional.empty()
                        : Optional.of(
                                Set.copyOf(wanted.stream().map(Json.Int::value).toList())));
    }

    private Limit amount() throws FormatException {
        Decimal minimum = decimal("minimum");
        Decimal maximum = decimal("maximum");
        inOrder(minimum == null || maximum == null || minimum.compareTo(maximum) <= 0);
        return new Limit.Amount(minimum, maximum);
    }

    private Limit text() throws FormatException {
        long lengthMin = count("minLength", 0);
        long lengthMax = count("maxLength", COUNT_MAX);
        inOrder(lengthMin <= lengthMax);
        Json prefix = node.members().getOrDefault("prefix", Json.of(""));
        Set<Json.Str> wanted = wanted(Json.Str.class);
        return new Limit.Text(
                lengthMin,
                lengthMax,
                as(prefix, Json.Str.class).value(),
                wanted == null
                        ? Optional.empty()
                        : Optional.of(
                                Set.copyOf(wanted.stream().map(Json.Str::value).toList())));
    }

    private Limit items() throws FormatException {
        long countMin = count("minItems", 0);
        long countMax = count("maxItems", COUNT_MAX);
        inOrder(countMin <= countMax);
        return new Limit.Items(below(needed("items")), countMin, countMax);
    }

    private Limit members() throws FormatException {
        TreeMap<String, Limit> properties = new TreeMap<>();
        for (Map.Entry<String, Json> property :
                as(needed("properties"), Json.Obj.class).members().entrySet()) {
            properties.put(property.getKey(), below(property.getValue()));
        }
        List<String> required = new ArrayList<>();
        for (Json item : as(node.members().getOrDefault("required", new Json.Arr(List.of())), Json.Arr.class)
                .items()) {
            String name = as(item, Json.Str.class).value();
            if (!properties.containsKey(name) || required.contains(name)) {
                throw new FormatException(
                        "limit-required", "required names a property twice, or one that is not listed");
            }
            required.add(name);
        }
        return new Limit.Members(properties, List.copyOf(required));
    }

    private Limit below(Json value) throws FormatException {
        return new LimitReader(as(value, Json.Obj.class), depthLeft - 1).limit();
    }

    /** The values of {@code const} or {@code enum}; null where neither is there. */
    private <T extends Json> @Nullable Set<T> wanted(Class<T> type) throws FormatException {
        Json single = node.members().get("const");
        Json several = node.members().get("enum");
        if (single != null && several != null) {
            throw new FormatException("limit-enum", "const and enum together");
        }
        if (single != null) {
            return Set.of(as(single, type));
        }
        if (several == null) {
            return null;
        }
        List<Json> items = as(several, Json.Arr.class).items();
        Set<T> values = new LinkedHashSet<>();
        for (Json item : items) {
            values.add(as(item, type));
        }
        if (values.size() != items.size() || values.isEmpty() || values.size() > ENUM_MAX) {
            throw new FormatException("limit-enum", "an enum that is empty, too long, or names a value twice");
        }
        return values;
    }

    private long integer(String keyword, long otherwise) throws FormatException {
        Json value = node.members().get(keyword);
        return value == null ? otherwise : as(value, Json.Int.class).value();
    }

    private long count(String keyword, long otherwise) throws FormatException {
        long value = integer(keyword, otherwise);
        if (value < 0 || value > COUNT_MAX) {
            throw new FormatException("limit-range", keyword + " is out of bounds");
        }
        return value;
    }

    private @Nullable Decimal decimal(String keyword) throws FormatException {
        Json value = node.members().get(keyword);
        return value == null ? null : Decimal.read(as(value, Json.Str.class).value());
    }

    private Json needed(String keyword) throws FormatException {
        Json value = node.members().get(keyword);
        if (value == null) {
            throw new FormatException("limit-value", keyword + " is missing");
        }
        return value;
    }

    private static <T extends Json> T as(Json value, Class<T> type) throws FormatException {
        if (!type.isInstance(value)) {
            throw new FormatException("limit-value", "a keyword with a value of the wrong type");
        }
        return type.cast(value);
    }

    private static void inOrder(boolean inOrder) throws FormatException {
        if (!inOrder) {
            throw new FormatException("limit-range", "a minimum above its maximum");
        }
    }
}
