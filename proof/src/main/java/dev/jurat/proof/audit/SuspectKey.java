package dev.jurat.proof.audit;

/**
 * A key that may have been in other hands, and how much of the log rests on it from its boundary on: these records stay what they are, and who
 * signed them is in doubt.
 *
 * @param principal whose key it is
 * @param since the first leaf in doubt
 * @param records how many records the key, or sessions that it opened, signed from there on
 */
public record SuspectKey(String principal, String key, long since, long records) {}
