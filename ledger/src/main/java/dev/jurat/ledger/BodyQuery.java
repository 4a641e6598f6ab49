package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.Kind;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which bodies are meant: those for which everything holds that is there.
 *
 * @param subject whom or what they are about: a principal, a session (principal/session), or words. Of a principal or session also what belongs
 *     to its actions; of each also what says the text, in whatever case, in the bytes that a body has in base64 too
 * @param digest the digest of the body
 * @param before the record came before this time by the log, milliseconds since 1970
 * @param kinds of the record; any where there are none
 */
public record BodyQuery(Optional<String> subject, Optional<Hash> digest, OptionalLong before, Set<Kind> kinds) {
    /** The fewest characters of a subject: less is in every body. */
    public static final int SUBJECT_CHARS_MIN = 3;

    /** The most records that are read at one go: a question does not hold up the node. */
    public static final int RECORDS_MAX = 2_048;

    public BodyQuery {
        kinds = Set.copyOf(kinds);
        if (subject.filter(text -> text.strip().length() < SUBJECT_CHARS_MIN).isPresent()) {
            throw new IllegalArgumentException("a subject has at least " + SUBJECT_CHARS_MIN + " characters");
        }
    }
}
