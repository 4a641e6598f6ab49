package dev.jurat.gateway.mcp;

import dev.jurat.proof.contract.Containment;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says how an argument differs from what a profile has, so that a model can send it right. */
final class UnmappedWords {
    private static final int CHOICES_MAX = 8;
    private static final String PLAIN = "[A-Za-z0-9_./-]{1,64}";

    private UnmappedWords() {}

    /** Such as {@code head must be an integer}. */
    static String of(Containment.Beyond beyond, Limits limits) {
        String at = beyond.path().isEmpty() ? "" : beyond.path().substring(1);
        String name = at.matches(PLAIN) ? at : "an argument";
        Optional<Json.Obj> node = node(limits.toJson(), at);
        return switch (beyond.code()) {
            case "beyond-property" -> name + " is not among the arguments that the profile has" + known(limits, at);
            case "beyond-required" -> name + " is missing";
            case "beyond-value" ->
                name + " must be " + node.map(UnmappedWords::choice).orElse("another value");
            case "beyond-minimum" -> name + " must be at least " + keyword(node, "minimum");
            case "beyond-maximum" -> name + " must be at most " + keyword(node, "maximum");
            case "beyond-prefix" -> name + " must begin with " + keyword(node, "prefix");
            case "beyond-length" -> name + " must have " + range(node, "Length", "characters");
            case "beyond-items" -> name + " must have " + range(node, "Items", "items");
            default -> name + " must be " + node.map(UnmappedWords::type).orElse("of another type");
        };
    }

    /** The rules on the value at this place. */
    private static Optional<Json.Obj> node(Json.Obj top, String at) {
        Json.Obj node = top;
        for (String step : at.isEmpty() ? List.<String>of() : List.of(at.split("/", -1))) {
            String name = step.replace("~1", "/").replace("~0", "~");
            Json below = node.members().get("properties") instanceof Json.Obj properties
                    ? properties.members().get(name)
                    : node.members().get("items");
            if (!(below instanceof Json.Obj next)) {
                return Optional.empty();
            }
            node = next;
        }
        return Optional.of(node);
    }

    /** The names beside which there is no other, where it is the call's own that are meant. */
    private static String known(Limits limits, String at) {
        if (at.contains("/") || !(limits.toJson().members().get("properties") instanceof Json.Obj properties)) {
            return "";
        }
        return properties.members().isEmpty()
                ? " (it has none)"
                : " (" + String.join(", ", properties.members().keySet()) + ")";
    }

    private static String type(Json.Obj node) {
        return switch (keyword(Optional.of(node), "type")) {
            case "null" -> "null";
            case "boolean" -> "true or false";
            case "integer" -> "an integer";
            case "decimal" -> "a decimal number written as text";
            case "string" -> "a text";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> "of another type";
        };
    }

    private static String choice(Json.Obj node) {
        if (node.members().get("enum") instanceof Json.Arr choices
                && choices.items().size() <= CHOICES_MAX) {
            return "one of " + choices.items().stream().map(UnmappedWords::text).collect(Collectors.joining(", "));
        }
        return node.members().containsKey("const") ? keyword(Optional.of(node), "const") : "another value";
    }

    private static String range(Optional<Json.Obj> node, String what, String unit) {
        String least = keyword(node, "min" + what);
        String most = keyword(node, "max" + what);
        if (most.isEmpty()) {
            return "at least " + least + " " + unit;
        }
        return (least.isEmpty() ? "at most " : least + " to ") + most + " " + unit;
    }

    private static String keyword(Optional<Json.Obj> node, String name) {
        return node.flatMap(n -> Optional.ofNullable(n.members().get(name)))
                .map(UnmappedWords::text)
                .orElse("");
    }

    private static String text(Json value) {
        return switch (value) {
            case Json.Str text -> text.value();
            case Json.Int number -> Long.toString(number.value());
            case Json.Bool bool -> Boolean.toString(bool.value());
            case Json.Obj ignored -> "";
            case Json.Arr ignored -> "";
            case Json.Null ignored -> "null";
        };
    }
}
