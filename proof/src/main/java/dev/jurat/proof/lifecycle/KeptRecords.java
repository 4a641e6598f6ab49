package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Rule 5 for {@code refused} and {@code conflict}: their bodies hold the records that their facts name, and no others, and these are genuine.
 * Pure; thread-safe.
 */
public final class KeptRecords {
    private record Named(Stream stream, long sequence, RecordId id) {}

    private KeptRecords() {}

    static Optional<Rule> fault(Facts facts, LedgerDetails details) {
        List<Named> named = named(facts);
        if (named.size() != details.records().size()) {
            return Optional.of(Rule.RECORDS_NOT_OF_BODY);
        }
        for (int i = 0; i < named.size(); i++) {
            LedgerDetails.Kept kept = details.records().get(i);
            Optional<Rule> fault = fault(named.get(i), kept, facts instanceof LedgerFacts.Refused);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<Rule> fault(Named named, LedgerDetails.Kept kept, boolean refused) {
        try {
            SignedRecord record = SignedRecord.of(kept.payload(), kept.signatures());
            boolean same = record.id().equals(named.id())
                    && record.header().stream().equals(named.stream())
                    && record.header().sequence() == named.sequence();
            if (!same) {
                return Optional.of(Rule.RECORDS_NOT_OF_BODY);
            }
            return refused && record.kind().gate() == Kind.Gate.OPEN
                    ? Optional.of(Rule.OPEN_KIND_REFUSED)
                    : Optional.empty();
        } catch (FormatException e) {
            return Optional.of(Rule.RECORDS_NOT_OF_BODY);
        }
    }

    /**
     * What is wrong with a body whose records the streams that they name did not sign; nothing of other kinds than these two.
     *
     * @param body a body in which {@link Intake} finds no fault
     * @param keyOf the key of a stream that is open; a record that was to open one is not held against any
     */
    public static Optional<Rule> forged(
            SignedRecord record, byte[] body, Function<Stream, Optional<VerifyKey>> keyOf, SignatureChecker checker) {
        if (record.kind() != Kind.REFUSED && record.kind() != Kind.CONFLICT) {
            return Optional.empty();
        }
        try {
            for (LedgerDetails.Kept one : LedgerDetails.read(Body.read(body)).records()) {
                SignedRecord kept = SignedRecord.of(one.payload(), one.signatures());
                Optional<VerifyKey> key = keyOf.apply(kept.header().stream());
                if (key.isPresent() && !isGenuine(kept, key.get(), checker)) {
                    return Optional.of(Rule.SIGNATURE_INVALID);
                }
            }
            return Optional.empty();
        } catch (FormatException e) {
            return Optional.of(Rule.BODY_INVALID);
        }
    }

    /** Of a session's record the last signature is by its own key. */
    private static boolean isGenuine(SignedRecord record, VerifyKey key, SignatureChecker checker) {
        List<byte[]> signatures = record.signatures();
        byte[] own = record.kind() == Kind.SESSION ? signatures.getLast() : signatures.getFirst();
        return checker.verifies(key, record.preAuthentication(), own);
    }

    private static List<Named> named(Facts facts) {
        return switch (facts) {
            case LedgerFacts.Refused refused ->
                refused.records().stream()
                        .map(entry -> new Named(entry.stream(), entry.sequence(), entry.id()))
                        .toList();
            case LedgerFacts.Conflict conflict ->
                List.of(new Named(conflict.stream(), conflict.sequence(), conflict.id()));
            default -> throw new IllegalStateException("a kind that keeps no records");
        };
    }
}
