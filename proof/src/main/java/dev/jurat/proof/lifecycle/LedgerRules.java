package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.RefusedRecord;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.util.Optional;

/**
 * Rule 4 for what the ledger alone writes ({@code docs/spec/lifecycle.md} §6.10 and §6.11): it is computed, not evidence from outside, so
 * what does not follow from the leaves before it is refused.
 *
 * <p>A reader of a part of the log does not know every stream nor every number; what it has not seen is not held against the ledger.
 */
final class LedgerRules {
    private static final Optional<Rule> FINE = Optional.empty();

    private final Authority authority;
    private final Streams streams;
    private final Clocks clocks;

    LedgerRules(Authority authority, Streams streams, Clocks clocks) {
        this.authority = authority;
        this.streams = streams;
        this.clocks = clocks;
    }

    private static Optional<Rule> broken(Rule rule) {
        return Optional.of(rule);
    }

    Optional<Rule> incomplete(Header header) {
        Authority.Use use = authority.use(header.references().one("use"));
        if (use == null) {
            return broken(Rule.REFERENCE_UNKNOWN);
        }
        return use.open && isOverdue(use) ? FINE : broken(Rule.NOT_DUE);
    }

    /** Whether the outcome of a use should have come by the last clock. */
    boolean isOverdue(Authority.Use use) {
        return clocks.current().earliest() > use.deadline;
    }

    Optional<Rule> expiry(Header header, LedgerFacts.Expiry facts) {
        Authority.Contract contract = authority.contract(header.references().one("contract"));
        if (contract == null) {
            return broken(Rule.REFERENCE_UNKNOWN);
        }
        if (contract.expired || !clocks.expired(contract.notAfter) || contract.spent >= contract.grant.uses()) {
            return broken(Rule.NOT_DUE);
        }
        boolean same = facts.spent() == contract.spent && facts.uses() == contract.grant.uses();
        return same ? FINE : broken(Rule.COUNTS_DIFFER);
    }

    Optional<Rule> refused(LedgerFacts.Refused facts) {
        boolean sound = facts.records().stream().allMatch(entry -> isFree(entry) && isOfThePoint(entry));
        return sound ? FINE : broken(Rule.REFERENCE_MISMATCH);
    }

    /** Whether no record stands where a refused one is said to have stood. */
    private boolean isFree(RefusedRecord entry) {
        return isRefused(entry.stream(), entry.sequence(), Optional.of(entry.id()));
    }

    /** Whether none stands there, or one that was refused: this one, if it is named. */
    private boolean isRefused(Stream stream, long sequence, Optional<RecordId> id) {
        return streams.find(stream)
                .flatMap(s -> s.at(sequence))
                .filter(there -> !there.refused() || !id.map(there.id()::equals).orElse(true))
                .isEmpty();
    }

    Optional<Rule> fold(LedgerFacts.RefusedFold facts) {
        boolean sound = isRefused(facts.stream(), facts.last(), Optional.of(facts.id()));
        for (long number = facts.first(); sound && number < facts.last(); number++) {
            sound = isRefused(facts.stream(), number, Optional.empty());
        }
        return sound ? FINE : broken(Rule.REFERENCE_MISMATCH);
    }

    /** A refused use spends only where it is by the point that the identity is for. */
    private boolean isOfThePoint(RefusedRecord entry) {
        return entry.identity()
                .map(authority::identity)
                .filter(identity ->
                        !identity.facts.grant().point().equals(entry.stream().principal()))
                .isEmpty();
    }

    Optional<Rule> conflict(LedgerFacts.Conflict facts) {
        boolean another = streams.find(facts.stream())
                .flatMap(stream -> stream.at(facts.sequence()))
                .filter(there -> !there.id().equals(facts.admitted()))
                .isPresent();
        return another || facts.id().equals(facts.admitted()) ? broken(Rule.REFERENCE_MISMATCH) : FINE;
    }
}
