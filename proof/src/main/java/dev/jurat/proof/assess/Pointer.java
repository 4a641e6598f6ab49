package dev.jurat.proof.assess;

import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.verify.Defect;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where what a finding says can be looked at. */
public sealed interface Pointer {
    /** A record, by its leaf and its id. */
    record OfRecord(long leaf, String kind, String id) implements Pointer {}

    /** The checkpoint that was read; its root is in hex. */
    record OfCheckpoint(String origin, long size, String root) implements Pointer {}

    /** Where a defect was found, by its code. */
    record OfDefect(String code, String where) implements Pointer {}

    /** A page of Jurat's documentation. */
    record OfPage(String page) implements Pointer {}

    /** The page that says what each clause and test is held to mean. */
    Pointer MEANING = new OfPage("docs/operate/assess.md");

    /** The name of a defect's place, where it is that of a record. */
    Pattern RECORD = Pattern.compile("leaf ([0-9]{1,18}), ([a-z-]+) ([0-9a-f]{64})");

    static Pointer to(Leaf leaf) {
        return new OfRecord(leaf.index(), leaf.kind().wire(), leaf.id().hex());
    }

    static OfCheckpoint to(Checkpoint checkpoint) {
        return new OfCheckpoint(
                checkpoint.origin(),
                checkpoint.size().value(),
                checkpoint.root().hex());
    }

    /** The record that a defect is of, or else the place that it names. */
    static Pointer to(Defect defect) {
        Matcher record = RECORD.matcher(defect.where());
        return record.matches()
                ? new OfRecord(Long.parseLong(record.group(1)), record.group(2), record.group(3))
                : new OfDefect(defect.code(), defect.where());
    }
}
