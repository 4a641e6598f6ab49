package dev.jurat.gateway.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A released revision of the Model Context Protocol that the table covers, oldest first. */
enum Revision {
    R2024_11_05("2024-11-05"),
    R2025_03_26("2025-03-26"),
    R2025_06_18("2025-06-18"),
    R2025_11_25("2025-11-25"),
    R2026_07_28("2026-07-28");

    private final String text;

    Revision(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Whether each request names its revision in {@code _meta}, instead of one handshake for all. */
    boolean stateless() {
        return this == R2026_07_28;
    }

    static Optional<Revision> of(String text) {
        return Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Revision::text).toList();
    }
}
