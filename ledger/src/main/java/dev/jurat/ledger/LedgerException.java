package dev.jurat.ledger;

/**
 * Something that keeps a ledger from being opened, read or changed: a stable code, whose turn it is, and what to do.
 *
 * <p>The message may be shown to whoever operates the node; it names files of the data folder, never a record's content.
 */
public final class LedgerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final Owner owner;
    private final String next;

    /** Whose turn it is. */
    public enum Owner {
        /** Whoever asked. */
        YOU,
        /** Whoever runs the node. */
        OPERATOR,
        /** The makers of this program. */
        JURAT
    }

    LedgerException(String code, Owner owner, String message, String next) {
        super(message);
        this.code = code;
        this.owner = owner;
        this.next = next;
    }

    LedgerException(String code, Owner owner, String message, String next, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.owner = owner;
        this.next = next;
    }

    public String code() {
        return code;
    }

    public Owner owner() {
        return owner;
    }

    /** What to do next, in one sentence. */
    public String next() {
        return next;
    }
}
