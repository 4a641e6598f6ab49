package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Unsigned LEB128 varints of at most 2^53 − 1, in their shortest form ({@code docs/spec/state.md} §2). */
final class Numbers {
    private static final int BITS = 53;

    private Numbers() {}

    /**
     * Appends one number.
     *
     * @throws IllegalArgumentException if it is negative or too large
     */
    static void write(ByteArrayOutputStream out, long number) {
        if (number < 0 || number > Json.INTEGER_MAX) {
            throw new IllegalArgumentException("not 0 to 2^53 - 1: " + number);
        }
        long rest = number;
        for (; rest > 0x7f; rest >>>= 7) {
            out.write((int) (rest & 0x7f | 0x80));
        }
        out.write((int) rest);
    }

    /** Takes one number; {@code state-number} where it is cut off, too large, or longer than it need be. */
    static long read(ByteBuffer in) throws FormatException {
        long number = 0;
        for (int shift = 0; shift < BITS; shift += 7) {
            if (!in.hasRemaining()) {
                throw invalid("is cut off");
            }
            byte next = in.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return shortest(number, next, shift);
            }
        }
        throw invalid("is too long");
    }

    private static long shortest(long number, byte last, int shift) throws FormatException {
        if (last == 0 && shift > 0) {
            throw invalid("is not in its shortest form");
        }
        if (number > Json.INTEGER_MAX) {
            throw invalid("is beyond 2^53 - 1");
        }
        return number;
    }

    private static FormatException invalid(String what) {
        return new FormatException("state-number", "a number of the state " + what);
    }
}
