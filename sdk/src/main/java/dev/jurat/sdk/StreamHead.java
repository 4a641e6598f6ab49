package dev.jurat.sdk;

import dev.jurat.proof.record.RecordId;

/** Where one stream stands: the number and the {@code previous} of the record that comes next, and the state in a word. */
public record StreamHead(long next, RecordId previous, String state) {}
