package dev.jurat.proof.verify;

/**
 * Something about a bundle that makes it worthless as proof.
 *
 * @param code stable; listed in {@code docs/spec/bundle.md}
 * @param where the file or record concerned, or empty where it is the bundle as a whole
 * @param text one sentence for people
 */
public record Defect(String code, String where, String text) {}
