package dev.jurat.custody;

/** What went wrong with a custody: the same codes from each kind ({@code docs/codes.md}, Custody). */
public enum CustodyCode {
    /** The module, device, token, folder or service is not there. */
    MISSING("custody-missing", "operator", "see that it is there and can be reached, and ask again"),
    /** The passphrase, PIN or credentials are wrong or not given, or the custody was closed. */
    LOCKED("custody-locked", "operator", "give the right passphrase, PIN or credentials"),
    /** It takes no PIN any more. */
    PIN_LOCKED("custody-pin-locked", "operator", "have its security officer unlock it; no more PINs are tried"),
    /** It has no room for a key or a session. */
    FULL("custody-full", "operator", "destroy keys that are not needed, or take a larger one"),
    KEY_UNKNOWN("custody-key-unknown", "you", "name one that it has"),
    KEY_EXISTS("custody-key-exists", "you", "name another; a key is never replaced"),
    KEY_NAME(
            "custody-key-name", "you", "take letters, digits, dot, hyphen and underscore, 64 at most, not first a dot"),
    /** It cannot hold such a key, or holds one of another kind under that name. */
    SUITE("custody-suite", "you", "take a suite that it has"),
    /** Others could read or exchange what is kept, or the key could leave its token. */
    UNSAFE("custody-unsafe", "operator", "close it to others, and ask again"),
    /** What is kept or what was answered is not in its form. */
    DAMAGED("custody-damaged", "operator", "take the key back from a backup, or make another"),
    /** Who asks may not do this. */
    DENIED("custody-denied", "operator", "have whoever keeps the key allow it"),
    /** Asked too often. */
    BUSY("custody-busy", "you", "wait, and ask again"),
    /** The signature that came back does not verify, or the custody says that it failed. */
    FAILED("custody-failed", "operator", "do not use this key until it is known why"),
    /** No answer within the time given; whether it was done is not known. */
    TIMEOUT("custody-timeout", "operator", "see why it does not answer, and ask again");

    private final String text;
    private final String owner;
    private final String next;

    CustodyCode(String text, String owner, String next) {
        this.text = text;
        this.owner = owner;
        this.next = next;
    }

    /** The stable code. */
    public String text() {
        return text;
    }

    /** Whose turn it is: {@code you}, {@code operator} or {@code jurat}. */
    public String owner() {
        return owner;
    }

    /** What to do, where nothing better is known. */
    public String next() {
        return next;
    }
}
