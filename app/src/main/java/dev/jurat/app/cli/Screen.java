package dev.jurat.app.cli;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Where a command writes its answer: JSON, or text for people. Colours and progress only on a terminal that does not ask for plain text
 * ({@code NO_COLOR}). Text from elsewhere is stripped of control characters, so that a tool's name cannot move the cursor. Not thread-safe.
 */
final class Screen {
    /** What is said after the name of a JSON file that people wrote. */
    static final String REWRITTEN = " is not in canonical form: what is published means the same and has other bytes.";

    /** What a piece of text means. */
    enum Tone {
        PLAIN(""),
        GOOD("32"),
        BAD("31"),
        WARN("33"),
        FAINT("2"),
        STRONG("1");

        private final String escape;

        Tone(String escape) {
            this.escape = escape;
        }
    }

    private final PrintStream out;
    private final boolean json;
    private final boolean colours;
    private final Next next;

    Screen(PrintStream out, boolean json, boolean colours, Next next) {
        this.out = out;
        this.json = json;
        this.colours = colours;
        this.next = next;
    }

    /** The standard output of a command that was typed as these words. */
    static Screen standard(boolean json, List<String> words) {
        boolean colours = !json && Terminal.present() && System.getenv("NO_COLOR") == null;
        return new Screen(new PrintStream(System.out, true, StandardCharsets.UTF_8), json, colours, Next.of(words));
    }

    /** What makes the commands that are printed such that they can be pasted. */
    Next next() {
        return next;
    }

    /** Says which command comes next. */
    void next(String text) {
        line("  next: " + clean(next.complete(text)));
    }

    /**
     * Where a person reads who is then asked for a passphrase: text, whatever the answer's form. A passphrase is asked for only where standard
     * output is the terminal, so that is where it goes, before the prompt; an answer in JSON is the last line.
     */
    Screen terminal() {
        return json ? new Screen(out, false, Terminal.present() && System.getenv("NO_COLOR") == null, next) : this;
    }

    boolean json() {
        return json;
    }

    boolean colours() {
        return colours;
    }

    /** Writes one JSON value as one line. */
    void value(Json value) {
        out.println(CanonicalJson.writeString(value));
    }

    void line(String text) {
        out.println(text);
    }

    /** Replaces the current line on a terminal; nothing elsewhere. */
    void progress(String text) {
        if (colours) {
            out.print("\r\u001b[K" + text);
            out.flush();
        }
    }

    String tone(Tone tone, String text) {
        return colours && tone != Tone.PLAIN ? "\u001b[" + tone.escape + "m" + text + "\u001b[0m" : text;
    }

    /** Columns wide enough for their cells; on no terminal, cells joined by tabs without a heading. */
    void table(List<String> heading, List<List<String>> rows) {
        if (!Terminal.present()) {
            rows.forEach(row -> out.println(
                    String.join("\t", row.stream().map(Screen::clean).toList())));
            return;
        }
        int[] widths = heading.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], clean(row.get(i)).length());
            }
        }
        out.println(tone(Tone.FAINT, padded(heading, widths)));
        rows.forEach(row -> out.println(padded(row, widths)));
    }

    private static String padded(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = clean(row.get(i));
            line.append(cell);
            if (i < widths.length - 1) {
                char[] gap = new char[widths[i] - cell.length() + 2];
                Arrays.fill(gap, ' ');
                line.append(gap);
            }
        }
        return line.toString();
    }

    /** The text without control and direction characters. */
    static String clean(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isPlain(c) ? c : '\uFFFD'));
        return out.toString();
    }

    /** Whether a character shows itself and moves nothing. */
    static boolean isPlain(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
