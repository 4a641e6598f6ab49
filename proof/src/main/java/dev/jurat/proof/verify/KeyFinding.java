package dev.jurat.proof.verify;

import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;

/**
 * A registered key of which there is more to say than that somebody signs with it ({@code docs/spec/bundle.md} §9).
 *
 * @param follows the key before it; empty for a principal's first
 * @param recoveredBy the administrators on whose word it follows, where the one before it did not sign for it: then nothing but their word says that
 *     it is the same principal
 * @param retired whether it was over by the newest clock, another one following it
 * @param report the record that says that it is in other hands
 * @param since the first leaf that it may have been misused at
 */
public record KeyFinding(
        String principal,
        String key,
        Optional<String> follows,
        List<String> recoveredBy,
        boolean retired,
        Optional<RecordId> report,
        Optional<Long> since) {
    public KeyFinding {
        recoveredBy = List.copyOf(recoveredBy);
    }
}
