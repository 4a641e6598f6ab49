package dev.jurat.custody.pkcs11;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** What a token says of itself, a CK_TOKEN_INFO. */
record TokenInfo(long slot, String label, String manufacturer, String model, String serial, long flags) {
    static final int BYTES = 208;

    private static final long PIN_INITIALIZED = 0x8;
    private static final long PIN_FINAL_TRY = 0x20000;
    private static final long PIN_LOCKED = 0x40000;

    static TokenInfo read(long slot, MemorySegment in) {
        return new TokenInfo(
                slot,
                text(in, 0, 32),
                text(in, 32, 32),
                text(in, 64, 16),
                text(in, 80, 16),
                in.get(ValueLayout.JAVA_LONG, 96));
    }

    private static String text(MemorySegment in, long from, int length) {
        byte[] bytes = in.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    boolean pinInitialized() {
        return (flags & PIN_INITIALIZED) != 0;
    }

    /** Whether one more wrong PIN locks it. */
    boolean lastTry() {
        return (flags & PIN_FINAL_TRY) != 0;
    }

    boolean pinLocked() {
        return (flags & PIN_LOCKED) != 0;
    }
}
