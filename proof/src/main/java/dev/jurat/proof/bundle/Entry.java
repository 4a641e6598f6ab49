package dev.jurat.proof.bundle;

/** One file of a bundle. */
record Entry(String name, byte[] bytes) {}
