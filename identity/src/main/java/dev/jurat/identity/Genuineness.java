package dev.jurat.identity;

import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PushedBackException;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Lifecycle.StreamHead;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import java.util.Optional;

/**
 * Whether an intent is its session's own word: rule 1 of admission, asked before anything is answered. Thread-safe.
 *
 * <p>Security property: who does not hold the session's key learns nothing of what is decided, pending or approved, and nothing is written
 * for it. The mistake that looks right but is not: to leave this to the ledger, which checks what is appended, when most answers append
 * nothing.
 */
final class Genuineness {
    private final LedgerDoor ledger;
    private final SignatureChecker checker;

    Genuineness(LedgerDoor ledger, SignatureChecker checker) {
        this.ledger = ledger;
        this.checker = checker;
    }

    /**
     * What the ledger knows of a stream and its principal; a stream's key never changes.
     *
     * @param present whether the intent is on the ledger, under whatever signature
     */
    private record Signer(StreamHead head, Optional<SignerType> type, boolean present) {
        static Optional<Signer> of(Lifecycle state, SignedRecord intent) {
            Header header = intent.header();
            return state.head(header.stream())
                    .map(head -> new Signer(
                            head,
                            state.principal(header.stream().principal()).map(Registered::type),
                            state.recordAt(header.stream(), header.sequence()).equals(Optional.of(intent.id()))));
        }
    }

    /**
     * Checks an intent by its session's key as the ledger has it; one that is on the ledger has to have the signature it has there.
     *
     * @throws PushedBackException {@code stream-unknown}, {@code suite-mismatch}, {@code signer-type}, {@code signature-count},
     *     {@code signature-invalid}
     */
    void check(SignedRecord intent) throws PushedBackException {
        Signer signer = ledger.ask(state -> Signer.of(state, intent))
                .orElseThrow(() -> pushed(Rule.STREAM_UNKNOWN, "the intent's session is not on the ledger"));
        if (intent.header().suite() != signer.head().key().suite()) {
            throw pushed(Rule.SUITE_MISMATCH, "the session's key is of another suite");
        }
        if (!signer.type().equals(Optional.of(intent.header().signer()))) {
            throw pushed(Rule.SIGNER_TYPE, "the principal is registered as another type");
        }
        if (intent.signatures().size() != 1) {
            throw pushed(Rule.SIGNATURE_COUNT, "an intent has one signature, the session's");
        }
        byte[] signature = intent.signatures().getFirst();
        if (!checker.verifies(signer.head().key(), intent.preAuthentication(), signature)) {
            throw pushed(Rule.SIGNATURE_INVALID, "the signature is not the session's");
        }
        if (signer.present()
                && ledger.record(intent.id())
                        .filter(there -> !there.equals(intent))
                        .isPresent()) {
            throw pushed(Rule.SIGNATURE_INVALID, "the ledger has this intent under another signature");
        }
    }

    private static PushedBackException pushed(Rule rule, String message) {
        return new PushedBackException(rule.code(), message);
    }
}
