package dev.jurat.governance;

/** A group that the ledger did not take: no number is used, and the cause can be repaired. Carries the stable code of the rule. */
public final class PushedBackException extends Exception {
    private static final long serialVersionUID = 1L;

    /** No policy is published that could decide. */
    public static final String POLICY_MISSING = "policy-missing";

    private final String code;
    private final boolean busy;

    public PushedBackException(String code, String message) {
        this(code, message, false);
    }

    PushedBackException(String code, String message, boolean busy) {
        super(message);
        this.code = code;
        this.busy = busy;
    }

    /** Whether the ledger only takes nothing in at present: the same bytes may be sent again. */
    public boolean busy() {
        return busy;
    }

    public String code() {
        return code;
    }
}
