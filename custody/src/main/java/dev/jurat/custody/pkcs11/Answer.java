package dev.jurat.custody.pkcs11;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a token answers, a CK_RV, and what it is to us. */
enum Answer {
    OK(0x0, CustodyCode.FAILED),
    HOST_MEMORY(0x2, CustodyCode.FULL),
    SLOT_ID_INVALID(0x3, CustodyCode.MISSING, true),
    GENERAL_ERROR(0x5, CustodyCode.FAILED, true),
    FUNCTION_FAILED(0x6, CustodyCode.FAILED),
    DEVICE_ERROR(0x30, CustodyCode.FAILED, true),
    DEVICE_MEMORY(0x31, CustodyCode.FULL),
    DEVICE_REMOVED(0x32, CustodyCode.MISSING, true),
    FUNCTION_NOT_SUPPORTED(0x54, CustodyCode.SUITE),
    KEY_HANDLE_INVALID(0x60, CustodyCode.KEY_UNKNOWN, true),
    KEY_FUNCTION_NOT_PERMITTED(0x68, CustodyCode.DENIED),
    MECHANISM_INVALID(0x70, CustodyCode.SUITE),
    MECHANISM_PARAM_INVALID(0x71, CustodyCode.SUITE),
    OBJECT_HANDLE_INVALID(0x82, CustodyCode.KEY_UNKNOWN, true),
    PIN_INCORRECT(0xA0, CustodyCode.LOCKED),
    PIN_INVALID(0xA1, CustodyCode.LOCKED),
    PIN_LEN_RANGE(0xA2, CustodyCode.LOCKED),
    PIN_EXPIRED(0xA3, CustodyCode.PIN_LOCKED),
    PIN_LOCKED(0xA4, CustodyCode.PIN_LOCKED),
    SESSION_CLOSED(0xB0, CustodyCode.MISSING, true),
    SESSION_COUNT(0xB1, CustodyCode.FULL),
    SESSION_HANDLE_INVALID(0xB3, CustodyCode.MISSING, true),
    SESSION_READ_ONLY(0xB5, CustodyCode.DENIED),
    TEMPLATE_INCONSISTENT(0xD1, CustodyCode.SUITE),
    TOKEN_NOT_PRESENT(0xE0, CustodyCode.MISSING, true),
    TOKEN_NOT_RECOGNIZED(0xE1, CustodyCode.MISSING, true),
    TOKEN_WRITE_PROTECTED(0xE2, CustodyCode.DENIED),
    ALREADY_LOGGED_IN(0x100, CustodyCode.FAILED),
    NOT_LOGGED_IN(0x101, CustodyCode.LOCKED, true),
    PIN_NOT_INITIALIZED(0x102, CustodyCode.LOCKED),
    OTHER_USER_LOGGED_IN(0x104, CustodyCode.LOCKED),
    CURVE_NOT_SUPPORTED(0x140, CustodyCode.SUITE),
    NOT_INITIALIZED(0x190, CustodyCode.MISSING),
    ALREADY_INITIALIZED(0x191, CustodyCode.FAILED);

    private final long value;
    private final CustodyCode code;
    private final boolean lost;

    Answer(long value, CustodyCode code) {
        this(value, code, false);
    }

    Answer(long value, CustodyCode code, boolean lost) {
        this.value = value;
        this.code = code;
        this.lost = lost;
    }

    long value() {
        return value;
    }

    private static Optional<Answer> of(long value) {
        return Arrays.stream(values()).filter(a -> a.value == value).findFirst();
    }

    /** Whether a new session, or the token put back, may answer otherwise: what was asked was not done. */
    static boolean lost(long value) {
        return of(value).map(a -> a.lost).orElse(false);
    }

    /** The failure that an answer is. */
    static CustodyException refused(long value, String what) {
        String word = of(value)
                .map(a -> a.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .orElse("an answer of its own");
        CustodyCode code = of(value).map(a -> a.code).orElse(CustodyCode.FAILED);
        return CustodyException.of(code, what + ": " + word + " (CKR 0x" + Long.toHexString(value) + ")");
    }
}
