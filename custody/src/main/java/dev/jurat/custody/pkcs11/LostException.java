package dev.jurat.custody.pkcs11;

/** The token or the session is gone: what was asked was not done, and a new session may do it. */
final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long answer;
    private final String what;

    LostException(long answer, String what) {
        super(what, null, false, false);
        this.answer = answer;
        this.what = what;
    }

    long answer() {
        return answer;
    }

    String what() {
        return what;
    }
}
