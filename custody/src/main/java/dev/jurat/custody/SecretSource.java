package dev.jurat.custody;

/**
 * Where a passphrase or PIN comes from: a terminal, an open file descriptor, a caller.
 *
 * <p>Security property: never an argument or a variable, which other processes can read.
 */
@FunctionalInterface
public interface SecretSource {
    /** The secret, a copy that the caller wipes. Asked again after a close, never after a refusal. */
    char[] secret();
}
