package dev.jurat.proof.verify;

import dev.jurat.proof.predecessor.Predecessor;
import java.util.Optional;

/** What is said of a log that is not the one of the trust policy. */
public final class AnotherLog {
    private AnotherLog() {}

    /** Why it is not; and where it says that it has taken the place of that log, what would help. */
    public static String text(TrustPolicy trust, Optional<PredecessorFinding> found) {
        String text = "genesis names another log or another key than the trust policy";
        Optional<Predecessor> at = found.map(PredecessorFinding::predecessor);
        while (at.isPresent()) {
            if (at.get().log().equals(trust.log())) {
                return text
                        + "; it says that it has taken the place of that log: a trust policy with the genesis of that and"
                        + " \"successor\": \"administrators\" believes it where the administrators of that signed it";
            }
            at = at.get().earlier();
        }
        return text;
    }
}
