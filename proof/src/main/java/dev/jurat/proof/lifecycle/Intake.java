package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.CompromiseDetails;
import dev.jurat.proof.body.ConfigurationDetails;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.FoldDetails;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SuccessionFacts;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import java.util.Optional;
import java.util.function.Function;

/**
 * Rule 5: the body is there, matches its digest, belongs to this record, and says what the facts commit to.
 *
 * <p>Runs once, when a record is offered, and again wherever a verifier has the body. Where a body is gone, its passing rests on the word of
 * the log. Pure; thread-safe.
 */
public final class Intake {
    private Intake() {}

    /**
     * The first thing wrong with a record's body.
     *
     * @param grantOf the grant of an admitted identity, by the identity's record id; a use's call is checked where it is known
     */
    public static Optional<Rule> bodyFault(
            SignedRecord record, Optional<byte[]> bytes, Function<RecordId, Optional<Grant>> grantOf) {
        if (!record.kind().hasBody()) {
            return bytes.isPresent() ? Optional.of(Rule.BODY_UNWANTED) : Optional.empty();
        }
        if (bytes.isEmpty()) {
            return Optional.of(Rule.BODY_MISSING);
        }
        if (!Hash.of(bytes.get()).equals(record.statement().subject())) {
            return Optional.of(Rule.BODY_MISMATCH);
        }
        try {
            Body body = Body.read(bytes.get());
            body.checkPlace(record.statement());
            return contents(record, body, grantOf);
        } catch (FormatException e) {
            return Optional.of(e.code().equals("body-foreign") ? Rule.BODY_FOREIGN : Rule.BODY_INVALID);
        }
    }

    private static Optional<Rule> contents(SignedRecord record, Body body, Function<RecordId, Optional<Grant>> grantOf)
            throws FormatException {
        switch (record.kind()) {
            case INTENT, USE -> {
                return call(record, CallDetails.read(body), grantOf);
            }
            case DECISION -> {
                Optional<AuthorityDetails.Proposed> proposed =
                        AuthorityDetails.Decision.read(body).proposed();
                return proposed(proposed, decided(record));
            }
            case CONTRACT -> {
                return proposed(Optional.of(AuthorityDetails.Contract.read(body).proposed()), decided(record));
            }
            case IDENTITY -> {
                return token(record, AuthorityDetails.Identity.read(body));
            }
            case OUTCOME -> {
                return answer(record, body, ExecutionDetails.Outcome.read(body));
            }
            case CONTEXT -> AuthorityDetails.Context.read(body);
            case APPROVAL, REVOCATION, EXPORT -> PersonDetails.read(body);
            case CONFIGURATION -> {
                return configured(record, ConfigurationDetails.read(body));
            }
            case KEY -> {
                return key(record, body);
            }
            case COMPROMISE -> CompromiseDetails.read(body);
            case SESSION -> RegistryDetails.Session.read(body);
            case REFUSAL -> ExecutionDetails.Refusal.read(body);
            case VIOLATION -> ExecutionDetails.Violation.read(body);
            case OBSERVATION -> ExecutionDetails.Observation.read(body);
            case REFUSED, CONFLICT -> {
                return KeptRecords.fault(record.statement().facts(), LedgerDetails.read(body));
            }
            case REFUSED_FOLD -> {
                return folded(record, FoldDetails.read(body));
            }
            case GENESIS, CLOCK, SESSION_END, POLICY, PROFILE, ERASURE, HOLD, INCOMPLETE, EXPIRY, STATE ->
                throw new IllegalStateException("a kind without a body");
        }
        return Optional.empty();
    }

    private static Optional<Rule> configured(SignedRecord record, ConfigurationDetails details) {
        OperationFacts.Configuration facts =
                (OperationFacts.Configuration) record.statement().facts();
        return details.digest().equals(facts.digest()) ? Optional.empty() : Optional.of(Rule.CONFIGURATION_NOT_OF_BODY);
    }

    /** Each action of a {@code key} record has a body of its own ({@code docs/spec/record.md} §5). */
    private static Optional<Rule> key(SignedRecord record, Body body) throws FormatException {
        switch (record.statement().facts()) {
            case SuccessionFacts.Successor ignored -> PersonDetails.read(body);
            case PrincipalFacts.Retirement ignored -> PersonDetails.read(body);
            case PrincipalFacts.Description ignored -> PrincipalDetails.Description.read(body);
            case PrincipalFacts.Custody custody -> {
                return evidence(custody, PrincipalDetails.Custody.read(body));
            }
            case PrincipalFacts.Binding binding -> {
                boolean same =
                        PrincipalDetails.Binding.read(body).name().digest().equals(binding.subject());
                return same ? Optional.empty() : Optional.of(Rule.NAME_NOT_OF_BODY);
            }
            default -> RegistryDetails.Key.read(body);
        }
        return Optional.empty();
    }

    /** Evidence is there where an attestation key is named, and that key certified this one. */
    private static Optional<Rule> evidence(PrincipalFacts.Custody facts, PrincipalDetails.Custody details) {
        if (details.evidence().isEmpty() && facts.attestationKey().isEmpty()) {
            return Optional.empty();
        }
        try {
            TpmCheck.check(
                    TpmEvidence.parse(details.evidence().orElse(new byte[0])),
                    facts.attestationKey().orElse(""),
                    VerifyKey.parse(facts.key()),
                    PrincipalDetails.Custody.challenge(facts.principal(), facts.key()));
            return Optional.empty();
        } catch (FormatException e) {
            return Optional.of(Rule.EVIDENCE_NOT_OF_BODY);
        }
    }

    private static Optional<Rule> call(
            SignedRecord record, CallDetails details, Function<RecordId, Optional<Grant>> grantOf)
            throws FormatException {
        Optional<Tool> tool;
        Hash claimed;
        switch (record.statement().facts()) {
            case AuthorityFacts.Intent intent -> {
                tool = Optional.of(intent.tool());
                claimed = intent.call();
            }
            case ExecutionFacts.Use use -> {
                details.requireReadable();
                tool = grantOf.apply(record.header().references().one("identity"))
                        .map(Grant::tool);
                claimed = use.call();
            }
            default -> throw new IllegalStateException("neither an intent nor a use");
        }
        if (tool.isEmpty()) {
            return Optional.empty();
        }
        Optional<Hash> made = details.commitment(tool.get());
        boolean named = tool.get().isNameOf(details.name());
        boolean same = made.isEmpty() || made.get().equals(claimed);
        return named && same ? Optional.empty() : Optional.of(Rule.CALL_NOT_OF_BODY);
    }

    private static Optional<Grant> decided(SignedRecord record) {
        return switch (record.statement().facts()) {
            case AuthorityFacts.Decision decision -> decision.grant();
            case AuthorityFacts.Contract contract -> Optional.of(contract.grant());
            default -> Optional.empty();
        };
    }

    private static Optional<Rule> proposed(Optional<AuthorityDetails.Proposed> proposed, Optional<Grant> grant) {
        if (proposed.isEmpty() || grant.isEmpty()) {
            return proposed.isEmpty() == grant.isEmpty() ? Optional.empty() : Optional.of(Rule.TERMS_NOT_OF_BODY);
        }
        if (proposed.get().callSalt().isPresent() != grant.get().shape() instanceof Shape.Exact) {
            return Optional.of(Rule.BODY_INVALID);
        }
        boolean same = proposed.get().terms().equals(grant.get().terms())
                && proposed.get().proposal().offer().equals(grant.get().offer());
        return same ? Optional.empty() : Optional.of(Rule.TERMS_NOT_OF_BODY);
    }

    /** The token is the one that the statement names, and says what the statement says. */
    private static Optional<Rule> token(SignedRecord record, AuthorityDetails.Identity details) {
        if (!(record.statement().facts() instanceof AuthorityFacts.Identity facts)
                || !facts.eid().equals(Eid.digest(details.token()))) {
            return Optional.of(Rule.TOKEN_NOT_OF_BODY);
        }
        try {
            Eid eid = Eid.read(details.token()).eid();
            References references = record.header().references();
            boolean agrees = eid.audience().equals(facts.grant().point())
                    && eid.actor().equals(facts.grant().actor())
                    && eid.expiresSeconds() == facts.notAfter() / 1000
                    && eid.key().equals(facts.key())
                    && eid.tool().equals(facts.grant().tool())
                    && eid.records().intent().equals(references.one("intent"))
                    && eid.records().contract().equals(references.one("contract"));
            return agrees ? Optional.empty() : Optional.of(Rule.TOKEN_CLAIMS);
        } catch (FormatException e) {
            return Optional.of(Rule.TOKEN_CLAIMS);
        }
    }

    private static Optional<Rule> folded(SignedRecord record, FoldDetails details) {
        boolean same = record.statement().facts() instanceof LedgerFacts.RefusedFold fold
                && fold.count() == details.ids().size()
                && fold.id().equals(details.ids().getLast());
        return same ? Optional.empty() : Optional.of(Rule.RECORDS_NOT_OF_BODY);
    }

    private static Optional<Rule> answer(SignedRecord record, Body body, ExecutionDetails.Outcome details) {
        if (details.answer().isEmpty() || !(record.statement().facts() instanceof ExecutionFacts.Outcome facts)) {
            return Optional.empty();
        }
        Hash made = ExecutionDetails.Outcome.commitment(
                body.salt(), details.answer().get());
        return facts.output().equals(Optional.of(made)) ? Optional.empty() : Optional.of(Rule.OUTPUT_NOT_OF_BODY);
    }
}
