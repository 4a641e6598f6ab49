package dev.jurat.app.cli;

/** What people type for a record: its id in lower-case hexadecimal digits, or the first eight of them or more. */
final class Ids {
    private Ids() {}

    static String check(String typed) {
        if (!typed.matches("[0-9a-f]{8,64}")) {
            throw Failure.input(
                    "id-syntax", "an id has 64 lower-case hexadecimal digits; the first 8 are enough", "jurat search");
        }
        return typed;
    }
}
