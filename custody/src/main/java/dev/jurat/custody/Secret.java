package dev.jurat.custody;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A passphrase or PIN as UTF-8, held until it is closed and then zero. Thread-safe. */
public final class Secret implements AutoCloseable {
    private final byte[] utf8;
    private boolean closed;

    private Secret(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Asks the source, and wipes what it gave. */
    public static Secret of(SecretSource source) {
        char[] typed = source.secret();
        try {
            return new Secret(utf8(typed));
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    /** The bytes, a copy that the caller wipes; {@link CustodyCode#LOCKED} once it is closed. */
    public synchronized byte[] bytes() {
        if (closed) {
            throw CustodyException.of(CustodyCode.LOCKED, "the custody was closed");
        }
        return utf8.clone();
    }

    /** A text as UTF-8, with no copy of it left in the encoder. */
    private static byte[] utf8(char[] text) {
        ByteBuffer buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
        byte[] out = new byte[buffer.remaining()];
        buffer.get(out);
        Arrays.fill(buffer.array(), (byte) 0);
        return out;
    }

    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(utf8, (byte) 0);
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
