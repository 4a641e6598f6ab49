package dev.jurat.proof.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Limits against a JSON Schema validator, on what the two share: no decimals, and integers spelt plainly. */
class LimitsOracleTest {
    private static final int CASES = Integer.getInteger("jurat.limits.cases", 4000);
    private static final List<String> NAMES = List.of("a", "b", "a/b", "\u00e9");
    private static final List<String> TEXTS = List.of("", "a", "ab", "abc", "\ud83d\ude00", "A", "a\u0301", "1");

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void verdictDiffersFromJsonSchema() throws Exception {
        long seed = Long.getLong("jurat.seed", 20_261_121L);
        Random random = new Random(seed);
        int within = 0;
        for (int i = 0; i < CASES; i++) {
            Json.Obj limits = object(random, 3);
            Json value = random.nextInt(4) == 0 ? anything(random, 3) : fitting(random, limits);
            String text = CanonicalJson.writeString(value);
            boolean ours = Limits.read(limits).check(ForeignJson.parse(text.getBytes(StandardCharsets.UTF_8)))
                    instanceof Containment.Within;
            boolean theirs = registry.getSchema(CanonicalJson.writeString(schema(limits)), InputFormat.JSON)
                    .validate(text, InputFormat.JSON)
                    .isEmpty();
            assertEquals(
                    theirs,
                    ours,
                    "seed " + seed + ", case " + i + ": " + CanonicalJson.writeString(limits) + " " + text);
            within += ours ? 1 : 0;
        }
        assertTrue(within > CASES / 10 && within < CASES * 9 / 10, "one-sided cases: " + within + " of " + CASES);
    }

    /** The same limits as JSON Schema says them. */
    private static Json schema(Json.Obj limit) {
        TreeMap<String, Json> out = new TreeMap<>(limit.members());
        String type = type(limit);
        switch (type) {
            case "any" -> out.remove("type");
            case "integer" -> {
                out.putIfAbsent("minimum", Json.of(-Json.INTEGER_MAX));
                out.putIfAbsent("maximum", Json.of(Json.INTEGER_MAX));
            }
            case "object" -> {
                TreeMap<String, Json> properties = new TreeMap<>();
                below(limit, "properties")
                        .members()
                        .forEach((name, below) -> properties.put(name, schema((Json.Obj) below)));
                out.put("properties", new Json.Obj(properties));
                out.put("additionalProperties", Json.of(false));
            }
            case "array" -> out.put("items", schema(below(limit, "items")));
            case "string" -> {
                if (out.remove("prefix") instanceof Json.Str prefix) {
                    out.put("pattern", Json.of("^" + prefix.value()));
                }
            }
            default -> {}
        }
        return new Json.Obj(out);
    }

    private static String type(Json.Obj limit) {
        return limit.members().get("type") instanceof Json.Str type ? type.value() : "";
    }

    private static Json.Obj below(Json.Obj limit, String keyword) {
        return limit.members().get(keyword) instanceof Json.Obj below
                ? below
                : JsonBuilder.object().build();
    }

    private static Json.Obj object(Random random, int depth) {
        TreeMap<String, Json> properties = new TreeMap<>();
        List<Json> required = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                properties.put(name, limit(random, depth - 1));
                if (random.nextBoolean()) {
                    required.add(Json.of(name));
                }
            }
        }
        return JsonBuilder.object()
                .put("type", "object")
                .put("properties", new Json.Obj(properties))
                .put("required", new Json.Arr(required))
                .build();
    }

    private static Json.Obj limit(Random random, int depth) {
        JsonBuilder out = JsonBuilder.object();
        switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> out.put("type", "any");
            case 1 -> out.put("type", "null");
            case 2 -> {
                out.put("type", "boolean");
                maybe(random, () -> out.put("const", random.nextBoolean()));
            }
            case 3 -> {
                out.put("type", "integer");
                maybe(random, () -> out.put("minimum", random.nextInt(4) - 2));
                maybe(random, () -> out.put("maximum", random.nextInt(4) + 2));
                maybe(random, () -> out.put("enum", new Json.Arr(List.of(Json.of(1), Json.of(2), Json.of(-1)))));
            }
            case 4 -> {
                out.put("type", "string");
                maybe(random, () -> out.put("minLength", random.nextInt(2)));
                maybe(random, () -> out.put("maxLength", random.nextInt(3) + 1));
                maybe(random, () -> out.put("prefix", random.nextBoolean() ? "a" : ""));
                maybe(random, () -> out.put("enum", new Json.Arr(List.of(Json.of("a"), Json.of("\ud83d\ude00")))));
            }
            case 5 -> {
                out.put("type", "array").put("items", limit(random, depth - 1));
                maybe(random, () -> out.put("minItems", random.nextInt(2)));
                maybe(random, () -> out.put("maxItems", random.nextInt(2) + 1));
            }
            default -> {
                return object(random, depth);
            }
        }
        return out.build();
    }

    private static void maybe(Random random, Runnable then) {
        if (random.nextInt(3) == 0) {
            then.run();
        }
    }

    /** A value that often fits: of the right type, with the right names. */
    private static Json fitting(Random random, Json.Obj limit) {
        if (random.nextInt(25) == 0) {
            return anything(random, 1);
        }
        return switch (type(limit)) {
            case "null" -> new Json.Null();
            case "boolean" -> Json.of(random.nextBoolean());
            case "integer" -> Json.of(random.nextInt(5) - 1);
            case "string" -> Json.of(TEXTS.get(random.nextInt(5)));
            case "array" -> {
                List<Json> items = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    items.add(fitting(random, below(limit, "items")));
                }
                yield new Json.Arr(items);
            }
            case "object" -> {
                TreeMap<String, Json> members = new TreeMap<>();
                for (Map.Entry<String, Json> property :
                        below(limit, "properties").members().entrySet()) {
                    if (random.nextInt(12) > 0) {
                        members.put(property.getKey(), fitting(random, (Json.Obj) property.getValue()));
                    }
                }
                yield new Json.Obj(members);
            }
            default -> anything(random, 1);
        };
    }

    private static Json anything(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> new Json.Null();
            case 1 -> Json.of(random.nextBoolean());
            case 2 -> Json.of(random.nextInt(9) - 4);
            case 3 -> Json.of(TEXTS.get(random.nextInt(TEXTS.size())));
            case 4 -> new Json.Arr(List.of(anything(random, depth - 1), anything(random, depth - 1)));
            default -> Json.Obj.of(Map.of(NAMES.get(random.nextInt(NAMES.size())), anything(random, depth - 1)));
        };
    }
}
