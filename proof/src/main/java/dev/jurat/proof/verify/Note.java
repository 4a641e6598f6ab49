package dev.jurat.proof.verify;

/** Something that a reader has to know in order not to take a sound bundle for more than it shows; the code is stable. */
public record Note(String code, String text) {}
