package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.Entry;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** Reads answers for display: members that are missing are empty, so that an older command can show a newer node's answer. */
final class View {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private View() {}

    /** The value at a dotted path, as text. */
    static String text(Json value, String path) {
        return switch (at(value, path)) {
            case Json.Str s -> s.value();
            case Json.Int i -> Long.toString(i.value());
            case Json.Bool b -> b.value() ? "yes" : "no";
            case Json.Null ignored -> "";
            case Json.Arr a
            when a.items().stream().allMatch(Json.Str.class::isInstance) ->
                String.join(", ", a.items().stream().map(i -> text(i, "")).toList());
            case Json other -> CanonicalJson.writeString(other);
        };
    }

    /** The signed record that a node's answer about one holds. */
    static Entry entry(Json.Obj answer) throws FormatException {
        return Entry.read(answer.without("index")
                .without("id")
                .without("flags")
                .without("body-damaged")
                .without("erased"));
    }

    static List<Json> list(Json value, String path) {
        return at(value, path) instanceof Json.Arr array ? array.items() : List.of();
    }

    static Json at(Json value, String path) {
        Json current = value;
        if (path.isEmpty()) {
            return current;
        }
        for (String name : path.split("\\.", -1)) {
            current = current instanceof Json.Obj object
                    ? object.members().getOrDefault(name, new Json.Null())
                    : new Json.Null();
        }
        return current;
    }

    /** Whether the value at a dotted path is true. */
    static boolean is(Json value, String path) {
        return at(value, path) instanceof Json.Bool said && said.value();
    }

    /** The number at a dotted path, or 0. */
    static long number(Json value, String path) {
        return at(value, path) instanceof Json.Int said ? said.value() : 0;
    }

    /** The first twelve digits of an id: what people type. */
    static String brief(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }

    /** Local time of a number of milliseconds since 1970, or nothing. */
    static String time(Json value, String path) {
        return at(value, path) instanceof Json.Int millis
                ? TIME.format(Instant.ofEpochMilli(millis.value()).atZone(ZoneId.systemDefault()))
                : "";
    }

    /** Writes an object as lines, nested ones indented. */
    static void lines(Screen screen, Json value, String indent) {
        if (!(value instanceof Json.Obj object)) {
            screen.line(indent + Screen.clean(text(value, "")));
            return;
        }
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            String name = screen.tone(Screen.Tone.FAINT, indent + Screen.clean(member.getKey()));
            switch (member.getValue()) {
                case Json.Obj nested when nested.members().isEmpty() -> screen.line(name + "  none");
                case Json.Obj nested -> {
                    screen.line(name);
                    lines(screen, nested, indent + "  ");
                }
                case Json.Arr array
                when !array.items().stream().allMatch(Json.Str.class::isInstance) -> {
                    screen.line(name);
                    array.items().forEach(item -> lines(screen, item, indent + "  - "));
                }
                case Json plain -> screen.line(name + "  " + Screen.clean(text(plain, "")));
            }
        }
    }
}
