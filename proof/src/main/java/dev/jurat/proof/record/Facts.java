package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;

/**
 * What a rule may read of a record: one closed object per kind ({@code docs/spec/record.md} §4).
 *
 * <p>Enumerated words, integers, ids, keys, signatures and salted commitments; no free text and nothing personal, so that facts can stay for
 * ever while bodies are erased.
 */
public sealed interface Facts
        permits LedgerFacts,
                RegistryFacts,
                PrincipalFacts,
                SuccessionFacts,
                AuthorityFacts,
                ExecutionFacts,
                CustodyFacts,
                OperationFacts {
    Kind kind();

    Json.Obj toJson();

    /** Reads the facts of a kind; unknown members are refused. */
    static Facts read(Kind kind, Fields in) throws FormatException {
        Facts facts = switch (kind) {
            case GENESIS -> LedgerFacts.Genesis.read(in);
            case CLOCK -> LedgerFacts.Clock.read(in);
            case REFUSED -> LedgerFacts.Refused.read(in);
            case REFUSED_FOLD -> LedgerFacts.RefusedFold.read(in);
            case CONFLICT -> LedgerFacts.Conflict.read(in);
            case INCOMPLETE -> new LedgerFacts.Incomplete();
            case EXPIRY -> LedgerFacts.Expiry.read(in);
            case STATE -> LedgerFacts.State.read(in);
            case KEY -> SuccessionFacts.readKey(in);
            case SESSION -> RegistryFacts.Session.read(in);
            case SESSION_END -> RegistryFacts.SessionEnd.read(in);
            case POLICY -> RegistryFacts.Policy.read(in);
            case PROFILE -> RegistryFacts.Profile.read(in);
            case COMPROMISE -> SuccessionFacts.Compromise.read(in);
            case REVOCATION -> RegistryFacts.Revocation.read(in);
            case ERASURE -> CustodyFacts.Erasure.read(in);
            case HOLD -> CustodyFacts.Hold.read(in);
            case EXPORT -> OperationFacts.Export.read(in);
            case CONFIGURATION -> OperationFacts.Configuration.read(in);
            case INTENT -> AuthorityFacts.Intent.read(in);
            case CONTEXT -> AuthorityFacts.Context.read(in);
            case DECISION -> AuthorityFacts.Decision.read(in);
            case APPROVAL -> AuthorityFacts.Approval.read(in);
            case CONTRACT -> AuthorityFacts.Contract.read(in);
            case IDENTITY -> AuthorityFacts.Identity.read(in);
            case USE -> ExecutionFacts.Use.read(in);
            case OUTCOME -> ExecutionFacts.Outcome.read(in);
            case REFUSAL -> ExecutionFacts.Refusal.read(in);
            case VIOLATION -> ExecutionFacts.Violation.read(in);
            case OBSERVATION -> ExecutionFacts.Observation.read(in);
        };
        in.end();
        return facts;
    }
}
