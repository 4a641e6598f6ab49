package dev.jurat.proof.lifecycle;

import java.util.Locale;

/**
 * Why a record is not admitted: the closed list of version 1 ({@code docs/spec/lifecycle.md} §3), each under one of the five admission
 * rules.
 *
 * <p>A record that fails rule 1 or 2 is pushed back: it leaves no leaf and uses no number. One that fails a later rule is refused: it uses
 * its number and is evidence.
 */
public enum Rule {
    SIGNATURE_INVALID(1),
    SIGNATURE_COUNT(1),
    SUITE_MISMATCH(1),
    SUITE_UNNAMED(1),
    KEY_INVALID(1),
    KEY_UNKNOWN(1),
    STREAM_UNKNOWN(1),
    STREAM_NAME(1),
    STREAM_ENDED(2),
    SEQUENCE_GAP(2),
    PREVIOUS_MISMATCH(2),
    GROUP_SHAPE(2),
    GROUP_PUSHED_BACK(2),

    ROLE_FORBIDDEN(3),
    SIGNER_TYPE(3),
    PRINCIPAL_SUSPENDED(3),
    SESSION_SUSPENDED(3),
    SESSION_EXPIRED(3),
    ENROLMENT_CLOSED(3),
    ALREADY_CLAIMED(3),
    KEY_REUSED(3),
    ROLES_INVALID(3),
    NAMESPACE_CROSSED(3),
    OBSERVE_ONLY(3),
    OBSERVE_NOT_ALLOWED(3),
    NOT_IN_GENESIS(3),
    KEY_RETIRED(3),
    KEY_COMPROMISED(3),
    KEY_FOLLOWED(3),
    OVERLAP_INVALID(3),
    FOUR_EYES(3),
    PRINCIPAL_RETIRED(3),

    SEEN_UNKNOWN(4),
    SEEN_TOO_OLD(4),
    CLOCK_BACKWARDS(4),
    REFERENCE_UNKNOWN(4),
    REFERENCE_MISMATCH(4),
    SESSION_TOO_LONG(4),
    NODE_STATE(4),
    POLICY_WITHDRAWN(4),
    POLICY_NOT_DEFAULT(4),
    POLICY_REVOKED(4),
    POLICY_DIGEST(4),
    DECISION_EXISTS(4),
    DECISION_OUTCOME(4),
    DECISION_STALE(4),
    GRANT_ACTOR(4),
    GRANT_SESSION(4),
    GRANT_POINT(4),
    GRANT_TOOL(4),
    GRANT_CALL(4),
    GRANT_MODE(4),
    GRANT_SHAPE(4),
    GRANT_DIFFERS(4),
    TERMS_DIFFER(4),
    APPROVAL_MISSING(4),
    APPROVAL_REJECTED(4),
    APPROVAL_DUPLICATE(4),
    APPROVAL_CLOSED(4),
    APPROVAL_FLOOR(4),
    UNKNOWN_OUTSTANDING(4),
    CONTRACT_EXISTS(4),
    CONTRACT_EXPIRED(4),
    CONTRACT_REVOKED(4),
    CONTRACT_SPENT(4),
    IDENTITY_EXISTS(4),
    IDENTITY_LIMIT(4),
    IDENTITY_KEY(4),
    IDENTITY_BEYOND_CONTRACT(4),
    IDENTITY_EXPIRED(4),
    IDENTITY_REVOKED(4),
    TOGETHER(4),
    USE_POINT(4),
    USE_CALL(4),
    USE_PROOF(4),
    USE_NONCE(4),
    USE_ORDINAL(4),
    USE_TOTAL(4),
    USES_OPEN(4),
    OUTCOME_OUTSTANDING(4),
    TARGET_UNKNOWN(4),
    TARGET_PROTECTED(4),
    BOUNDARY_LATER(4),
    OWNER_UNKNOWN(4),
    ENVIRONMENT_FIXED(4),
    NAME_BOUND(4),
    HELD(4),
    NOT_DUE(4),
    COUNTS_DIFFER(4),

    BODY_MISSING(5),
    BODY_MISMATCH(5),
    BODY_FOREIGN(5),
    BODY_INVALID(5),
    BODY_UNWANTED(5),
    CALL_NOT_OF_BODY(5),
    TERMS_NOT_OF_BODY(5),
    TOKEN_NOT_OF_BODY(5),
    TOKEN_CLAIMS(5),
    OUTPUT_NOT_OF_BODY(5),
    RECORDS_NOT_OF_BODY(5),
    NAME_NOT_OF_BODY(5),
    CONFIGURATION_NOT_OF_BODY(5),
    EVIDENCE_NOT_OF_BODY(5),
    OPEN_KIND_REFUSED(5),
    ARTEFACT_MISSING(5),
    ARTEFACT_DIFFERS(5);

    private final int number;

    Rule(int number) {
        this.number = number;
    }

    /** Which of the five admission rules this belongs to. */
    public int number() {
        return number;
    }

    /** The stable code. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
