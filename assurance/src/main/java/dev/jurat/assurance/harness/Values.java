package dev.jurat.assurance.harness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looks into JSON by a path of names and places, such as {@code actions.0.decision}. */
public final class Values {
    private Values() {}

    /** A text as a JSON object. */
    public static Json.Obj parse(String text) throws IOException {
        try {
            return CanonicalJson.readLoose(text.getBytes(StandardCharsets.UTF_8));
        } catch (FormatException e) {
            throw new IOException(e.code() + " in: " + text, e);
        }
    }

    /** The text at this path; a number or truth value as it is written; empty where nothing is. */
    public static String text(Json value, String path) {
        return switch (at(value, path)) {
            case Json.Str s -> s.value();
            case Json.Int i -> Long.toString(i.value());
            case Json.Bool b -> Boolean.toString(b.value());
            case Json.Null ignored -> "";
            case Json.Arr ignored -> "";
            case Json.Obj ignored -> "";
        };
    }

    /** The items of the array at this path; none where there is no array. */
    public static List<Json> list(Json value, String path) {
        return at(value, path) instanceof Json.Arr a ? a.items() : List.of();
    }

    public static Json at(Json value, String path) {
        Json here = value;
        for (String step : path.isEmpty() ? new String[0] : path.split("\\.")) {
            Json next = null;
            if (here instanceof Json.Obj o) {
                next = o.members().get(step);
            } else if (here instanceof Json.Arr a
                    && step.matches("[0-9]+")
                    && Integer.parseInt(step) < a.items().size()) {
                next = a.items().get(Integer.parseInt(step));
            }
            if (next == null) {
                return new Json.Null();
            }
            here = next;
        }
        return here;
    }
}
