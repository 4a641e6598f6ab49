package dev.jurat.app.http;

import java.util.Locale;

/** Whose turn it is after an error: the caller's, the operator's, or Jurat's own (a bug). */
public enum Owner {
    YOU,
    OPERATOR,
    JURAT;

    /** The word used in error bodies. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
