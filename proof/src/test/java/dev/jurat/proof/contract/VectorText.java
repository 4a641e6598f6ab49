package dev.jurat.proof.contract;

import dev.jurat.proof.json.Json;
import java.util.Map;

/** Writes a vector laid out for reading, in ASCII, so that what cannot be seen is seen. */
final class VectorText {
    private final StringBuilder out = new StringBuilder();

    private VectorText() {}

    static String of(Json value) {
        VectorText text = new VectorText();
        text.write(value, "\n");
        return text.out.append('\n').toString();
    }

    private void write(Json value, String line) {
        switch (value) {
            case Json.Obj object -> {
                String separator = "{";
                for (Map.Entry<String, Json> member : object.members().entrySet()) {
                    out.append(separator).append(line).append("  ");
                    string(member.getKey());
                    out.append(": ");
                    write(member.getValue(), line + "  ");
                    separator = ",";
                }
                out.append(object.members().isEmpty() ? "{}" : line + "}");
            }
            case Json.Arr array -> {
                String separator = "[";
                for (Json item : array.items()) {
                    out.append(separator).append(line).append("  ");
                    write(item, line + "  ");
                    separator = ",";
                }
                out.append(array.items().isEmpty() ? "[]" : line + "]");
            }
            case Json.Str string -> string(string.value());
            case Json.Int integer -> out.append(integer.value());
            case Json.Bool bool -> out.append(bool.value());
            case Json.Null ignored -> out.append("null");
        }
    }

    private void string(String value) {
        out.append('"');
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
