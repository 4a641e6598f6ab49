package dev.jurat.proof.log;

/**
 * A cosignature that was found good.
 *
 * @param name whose it is
 * @param seconds when it was made by that one's clock, in seconds since 1970; 0 says nothing of time
 */
public record Cosigned(String name, long seconds) {}
