package dev.jurat.proof.lifecycle;

import java.util.Locale;

/** What a reader should know of an open record that was admitted although a rule fails. Computed from earlier records, never stored. */
public enum Flag {
    SIGNER_SUSPENDED,
    SIGNER_EXPIRED,
    ROLE_FORBIDDEN,
    REFERENCE_UNKNOWN,
    FOREIGN_POINT,
    LATE,
    REPEATED,
    BODY_MISSING;

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
