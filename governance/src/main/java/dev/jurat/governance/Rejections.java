package dev.jurat.governance;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.record.Body;
import java.util.Optional;

/** What whoever asked is told of a rejection. */
final class Rejections {
    private static final int CHARS_MAX = 300;
    private static final String PLAIN = "A person rejected this call.";

    private Rejections() {}

    /** One sentence, and the person's own words where there are any. */
    static String help(Optional<Body> rejection) {
        String reason = rejection.map(Rejections::reason).orElse("");
        return reason.isEmpty() ? PLAIN : "A person rejected this call: " + reason;
    }

    private static String reason(Body body) {
        try {
            return cleaned(PersonDetails.read(body).reason());
        } catch (FormatException e) {
            return "";
        }
    }

    /** One line of at most 300 characters, without what would steer a terminal or the order of the text. */
    static String cleaned(String words) {
        StringBuilder out = new StringBuilder();
        words.codePoints().forEach(c -> out.appendCodePoint(isPlain(c) ? c : ' '));
        String line = out.toString().replaceAll("\\s+", " ").strip();
        return line.codePointCount(0, line.length()) <= CHARS_MAX
                ? line
                : line.substring(0, line.offsetByCodePoints(0, CHARS_MAX - 1)) + "…";
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
