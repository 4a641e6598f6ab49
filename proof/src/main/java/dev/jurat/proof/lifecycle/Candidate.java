package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.SignedRecord;
import java.util.Optional;

/**
 * A record offered for admission, with what intake found of its body.
 *
 * @param bodyFault the rule that the body breaks; empty where it is sound, or where a later reader has no bodies and takes intake's word
 */
public record Candidate(SignedRecord record, Optional<Rule> bodyFault) {
    /** A record whose body is sound or taken on intake's word. */
    public static Candidate of(SignedRecord record) {
        return new Candidate(record, Optional.empty());
    }
}
