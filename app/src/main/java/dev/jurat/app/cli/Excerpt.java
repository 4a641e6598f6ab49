package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How values that others wrote are shown to whoever decides on them: in quotes, what cannot be seen as escapes, one value a line.
 *
 * <p>Security property: each value is cut by itself and says how much of it is missing, and what is missing of a list is counted, so that
 * nothing long hides what stands after it; a value that needs several lines is broken here, each with its mark, so that no part of it looks
 * like a line of ours. The mistake that looks right but is not: cutting all of them as one text.
 *
 * @param all whether nothing is cut
 */
record Excerpt(boolean all) {
    static final int CHARS_MAX = 300;
    static final int LINES_MAX = 40;
    private static final int NAME_CHARS_MAX = 120;
    private static final int COLUMNS = 100;
    private static final int LABEL_CHARS = 12;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.@/-]+");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+");

    /** Values by their places, and how many there are in all. */
    record Values(List<String> lines, int count) {}

    /** A text in quotes. */
    String text(String text) {
        return cut(text, CHARS_MAX, true);
    }

    /** A name, without quotes where it cannot be taken for more than a name. */
    String name(String name) {
        return cut(name, NAME_CHARS_MAX, !PLAIN.matcher(name).matches());
    }

    /** A name as one step of a place, so that no name looks like two steps. */
    private String key(String name) {
        return cut(name, NAME_CHARS_MAX, !KEY.matcher(name).matches());
    }

    private String cut(String text, int max, boolean quotes) {
        int chars = text.codePointCount(0, text.length());
        int end = all || chars <= max ? text.length() : text.offsetByCodePoints(0, max);
        String shown = quotes ? quoted(text.substring(0, end)) : text.substring(0, end);
        return end == text.length() ? shown : shown + missing(chars - max, "characters");
    }

    private static String missing(int count, String what) {
        return String.format("… and %,d more %s: --all", count, what);
    }

    /** Every value in a tree, with its place. */
    Values values(ForeignJson tree) {
        Walk walk = new Walk();
        walk.into("", tree);
        return walk.end();
    }

    /** The same for arguments of which some stand as digests. */
    Values redacted(Json.Obj members) {
        Walk walk = new Walk();
        for (Map.Entry<String, Json> member : members.members().entrySet()) {
            String exact = View.text(member.getValue(), "exact");
            String name = key(member.getKey());
            try {
                if (exact.isEmpty()) {
                    walk.leaf(name, "secret, " + View.brief(View.text(member.getValue(), "digest")));
                } else {
                    walk.into(name, ForeignJson.parse(exact.getBytes(StandardCharsets.UTF_8)));
                }
            } catch (FormatException e) {
                walk.leaf(name, text(exact));
            }
        }
        return walk.end();
    }

    private final class Walk {
        private final List<String> lines = new ArrayList<>();
        private int count;

        void into(String at, ForeignJson value) {
            switch (value) {
                case ForeignJson.Obj object
                when !object.members().isEmpty() -> {
                    for (Map.Entry<String, ForeignJson> member :
                            object.members().entrySet()) {
                        into(wanted() ? at + (at.isEmpty() ? "" : ".") + key(member.getKey()) : "", member.getValue());
                    }
                }
                case ForeignJson.Arr array
                when !array.items().isEmpty() -> {
                    for (int i = 0; i < array.items().size(); i++) {
                        into(at + "[" + i + "]", array.items().get(i));
                    }
                }
                case ForeignJson.Obj ignored -> leaf(at, "{}");
                case ForeignJson.Arr ignored -> leaf(at, "[]");
                case ForeignJson.Str text -> leaf(at, wanted() ? text(text.value()) : "");
                case ForeignJson.Num number -> leaf(at, number.lexeme());
                case ForeignJson.Bool bool -> leaf(at, Boolean.toString(bool.value()));
                case ForeignJson.Null ignored -> leaf(at, "null");
            }
        }

        Values end() {
            return new Values(List.copyOf(lines), count);
        }

        private boolean wanted() {
            return all || count < LINES_MAX;
        }

        private void leaf(String at, String value) {
            if (wanted()) {
                lines.add(at.isEmpty() ? value : at + ": " + value);
            }
            count++;
        }
    }

    /** Writes what has one line. */
    void line(Screen screen, String label, String text) {
        lines(screen, label, List.of(text), 1);
    }

    /**
     * Writes a list under one label; what goes beyond the most lines is counted.
     *
     * @param count how many there are in all, where the caller made lines of the first ones only
     */
    void lines(Screen screen, String label, List<String> lines, int count) {
        String start = "    " + (label + " ".repeat(LABEL_CHARS)).substring(0, LABEL_CHARS);
        String further = " ".repeat(start.length());
        int shown = all ? lines.size() : Math.min(lines.size(), LINES_MAX);
        for (int i = 0; i < shown; i++) {
            List<String> pieces = pieces(lines.get(i));
            screen.line((i == 0 ? start : further) + pieces.getFirst());
            pieces.subList(1, pieces.size()).forEach(piece -> screen.line(further + "| " + piece));
        }
        if (count > shown) {
            screen.line(further + screen.tone(Screen.Tone.WARN, missing(count - shown, "lines like these")));
        }
    }

    private static List<String> pieces(String text) {
        List<String> out = new ArrayList<>();
        int from = 0;
        while (text.codePointCount(from, text.length()) > COLUMNS) {
            int to = text.offsetByCodePoints(from, COLUMNS);
            out.add(text.substring(from, to));
            from = to;
        }
        out.add(text.substring(from));
        return out;
    }

    /** The text in quotes, with escapes for quotes and for everything that {@link Screen#clean} takes out. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (Screen.isPlain(c)) {
                        out.appendCodePoint(c);
                    } else {
                        for (char unit : Character.toChars(c)) {
                            out.append(String.format("\\u%04x", (int) unit));
                        }
                    }
                }
            }
        });
        return out.append('"').toString();
    }
}
