package dev.jurat.sdk;

import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;

/** What the broker says to a signed intent. */
public sealed interface TokenAnswer {
    /**
     * Authority, bound to the session's key.
     *
     * @param token the execution identity, a JWT; never for the tool
     * @param contract the body of the contract's record
     * @param observed whether nothing is enforced
     */
    record Granted(
            String token,
            long expiresInSeconds,
            RecordId decision,
            RecordId contractId,
            RecordId identity,
            Body contract,
            boolean observed)
            implements TokenAnswer {}

    /** People have to approve first. */
    record Pending(RecordId decision, long wanted, List<String> codes, String help) implements TokenAnswer {
        public Pending {
            codes = List.copyOf(codes);
        }
    }

    /** The policy says no. */
    record Denied(Optional<RecordId> decision, List<String> codes, String help) implements TokenAnswer {
        public Denied {
            codes = List.copyOf(codes);
        }
    }

    /**
     * An approved contract exists for this call: sign the intent again with this salt, and over these bytes of arguments where they
     * differ from what was sent.
     */
    record UseSalt(String salt, Optional<byte[]> arguments) implements TokenAnswer {}
}
