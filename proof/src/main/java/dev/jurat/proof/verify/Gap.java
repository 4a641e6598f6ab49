package dev.jurat.proof.verify;

import dev.jurat.proof.record.Stream;

/** Numbers of a stream that the bundle does not show, both included; they may hold anything. */
public record Gap(Stream stream, long from, long to) {}
