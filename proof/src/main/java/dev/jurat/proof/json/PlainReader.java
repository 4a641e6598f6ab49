package dev.jurat.proof.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the plain part of canonical JSON in one pass: ASCII without escapes, which is what statements are made of.
 *
 * <p>Security property: what it reads, {@link StrictParser} reads as the same value and {@link CanonicalJson#write} writes as the same
 * bytes. What it does not read may still be canonical: it has no opinion on that, and says nothing of what is wrong. For one text.
 */
final class PlainReader {
    /** Digits of the largest integer, 2^53 − 1. */
    private static final int DIGITS_MAX = 16;

    private final byte[] bytes;
    private int at;

    private PlainReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Not plain, or not canonical. */
    private static final class OtherwiseException extends Exception {
        private static final long serialVersionUID = 1L;
        static final OtherwiseException IT_IS = new OtherwiseException();

        private OtherwiseException() {
            super(null, null, false, false);
        }
    }

    static Optional<Json> read(byte[] bytes, int depthMax) {
        PlainReader reader = new PlainReader(bytes);
        try {
            Json value = reader.value(depthMax);
            return reader.at == bytes.length ? Optional.of(value) : Optional.empty();
        } catch (OtherwiseException e) {
            return Optional.empty();
        }
    }

    private byte next() throws OtherwiseException {
        if (at == bytes.length) {
            throw OtherwiseException.IT_IS;
        }
        return bytes[at++];
    }

    private void expect(char wanted) throws OtherwiseException {
        if (next() != wanted) {
            throw OtherwiseException.IT_IS;
        }
    }

    private void expect(String word) throws OtherwiseException {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
    }

    private Json value(int depthLeft) throws OtherwiseException {
        byte first = next();
        switch (first) {
            case '"' -> {
                return new Json.Str(string());
            }
            case '{' -> {
                return object(depthLeft);
            }
            case '[' -> {
                return array(depthLeft);
            }
            case 't' -> {
                expect("rue");
                return new Json.Bool(true);
            }
            case 'f' -> {
                expect("alse");
                return new Json.Bool(false);
            }
            case 'n' -> {
                expect("ull");
                return new Json.Null();
            }
            default -> {
                return integer(first);
            }
        }
    }

    private static void enter(int depthLeft) throws OtherwiseException {
        if (depthLeft == 0) {
            throw OtherwiseException.IT_IS;
        }
    }

    private Json object(int depthLeft) throws OtherwiseException {
        enter(depthLeft);
        Members members = new Members();
        String last = "";
        byte separator = next();
        while (separator != '}') {
            if (members.isEmpty() ? separator != '"' : separator != ',' || next() != '"') {
                throw OtherwiseException.IT_IS;
            }
            String name = string();
            if (!members.isEmpty() && name.compareTo(last) <= 0) {
                throw OtherwiseException.IT_IS;
            }
            expect(':');
            members.put(name, value(depthLeft - 1));
            last = name;
            separator = next();
        }
        return new Json.Obj(members);
    }

    private Json array(int depthLeft) throws OtherwiseException {
        enter(depthLeft);
        List<Json> items = new ArrayList<>();
        if (at < bytes.length && bytes[at] == ']') {
            at++;
            return new Json.Arr(items);
        }
        byte separator = ',';
        while (separator == ',') {
            items.add(value(depthLeft - 1));
            separator = next();
        }
        if (separator != ']') {
            throw OtherwiseException.IT_IS;
        }
        return new Json.Arr(items);
    }

    /** The text up to its closing quote; the opening one is behind. */
    private String string() throws OtherwiseException {
        int from = at;
        byte c = next();
        while (c != '"') {
            boolean plain = c >= ' ' && c != '\\';
            if (!plain) {
                throw OtherwiseException.IT_IS;
            }
            c = next();
        }
        return new String(bytes, from, at - 1 - from, StandardCharsets.ISO_8859_1);
    }

    private Json integer(byte first) throws OtherwiseException {
        boolean negative = first == '-';
        byte digit = negative ? next() : first;
        long value = digit(digit);
        int from = at;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && at - from < DIGITS_MAX) {
            value = value * 10 + digit(bytes[at++]);
        }
        boolean canonical = digit != '0' || (at == from && !negative);
        if (!canonical || value > Json.INTEGER_MAX) {
            throw OtherwiseException.IT_IS;
        }
        return new Json.Int(negative ? -value : value);
    }

    private static int digit(byte c) throws OtherwiseException {
        if (c < '0' || c > '9') {
            throw OtherwiseException.IT_IS;
        }
        return c - '0';
    }
}
