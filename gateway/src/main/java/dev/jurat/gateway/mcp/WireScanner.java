package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks one JSON text byte by byte and refuses whatever two readers could take two ways: duplicate keys, invalid UTF-8, lone surrogates,
 * excessive depth, a carriage return inside the text (some readers end a line there), and all that RFC 8259 does not allow. One state
 * machine, kept whole. Not thread-safe.
 */
final class WireScanner {
    static final int DEPTH_MAX = 64;
    static final int OPEN_KEYS_MAX = 100_000;

    private final byte[] bytes;
    private final int end;
    private int at;
    private final boolean strict;
    private int openKeys;
    private final WireName name = new WireName();

    /** Takes the characters of a string, escapes resolved, as they are read. */
    @FunctionalInterface
    interface Text {
        void put(char c);
    }

    WireScanner(byte[] bytes, int start, int end) {
        this(bytes, start, end, true);
    }

    /**
     * With {@code strict} false: one reading of text, which may have several and any number of keys: for what is refused anyway, or was
     * checked before.
     */
    WireScanner(byte[] bytes, int start, int end, boolean strict) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.strict = strict;
    }

    int at() {
        return at;
    }

    /** Passes one value and the white space around it, and demands the end of the text. */
    void whole() throws FormatException {
        space();
        value(0);
        space();
        if (at < end) {
            throw syntax("more follows the value");
        }
    }

    /** Passes white space; the next byte, or −1 at the end. */
    int space() throws FormatException {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\n' || bytes[at] == '\r')) {
            if (strict && (bytes[at] == '\r' || bytes[at] == '\n')) {
                throw new FormatException("json-line-end", "a line end inside a message");
            }
            at++;
        }
        return peek();
    }

    void value(int depth) throws FormatException {
        switch (peek()) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string(null);
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void object(int depth) throws FormatException {
        enter(depth);
        if (space() == '}') {
            at++;
            return;
        }
        Set<Object> names = new HashSet<>();
        while (true) {
            if (strict) {
                open(names, name());
            } else {
                string(null);
            }
            colon();
            value(depth);
            if (!another('}')) {
                openKeys -= names.size();
                return;
            }
        }
    }

    private void open(Set<Object> names, Object name) throws FormatException {
        if (!names.add(name)) {
            throw new FormatException("json-duplicate-key", "an object with the same key twice");
        }
        if (++openKeys > OPEN_KEYS_MAX) {
            throw new FormatException("json-size", "more keys than this reader takes");
        }
    }

    private void array(int depth) throws FormatException {
        enter(depth);
        if (space() == ']') {
            at++;
            return;
        }
        do {
            value(depth);
        } while (another(']'));
    }

    private void enter(int depth) throws FormatException {
        if (depth > DEPTH_MAX) {
            throw new FormatException("json-depth", "nested deeper than " + DEPTH_MAX);
        }
        at++;
    }

    /** Passes the colon after a key and the white space around it. */
    void colon() throws FormatException {
        if (space() != ':') {
            throw syntax("a key without its colon");
        }
        at++;
        space();
    }

    /** Passes the comma (true) or the closing bracket (false) that follows an item. */
    boolean another(char close) throws FormatException {
        int next = space();
        if (next == close) {
            at++;
            return false;
        }
        if (next != ',') {
            throw syntax("a comma or " + close + " is missing");
        }
        at++;
        space();
        return true;
    }

    /** Passes one string and returns what it says. */
    String string() throws FormatException {
        return string(Integer.MAX_VALUE);
    }

    /** Passes one string and returns the first {@code most} characters of what it says. */
    String string(int most) throws FormatException {
        StringBuilder text = new StringBuilder();
        string(c -> {
            if (text.length() < most) {
                text.append(c);
            }
        });
        return text.toString();
    }

    private Object name() throws FormatException {
        string(name.begin());
        return name.key();
    }

    private void string(@Nullable Text text) throws FormatException {
        if (peek() != '"') {
            throw syntax("a string is missing");
        }
        at++;
        while (true) {
            int b = next();
            if (b == '"') {
                return;
            } else if (b == '\\') {
                escape(text);
            } else if (b < 0x20) {
                throw syntax("a control character in a string");
            } else if (b < 0x80) {
                put((char) b, text);
            } else {
                multibyte(b, text);
            }
        }
    }

    private static void put(char c, @Nullable Text text) {
        if (text != null) {
            text.put(c);
        }
    }

    private void escape(@Nullable Text text) throws FormatException {
        int b = next();
        switch (b) {
            case '"', '\\', '/' -> put((char) b, text);
            case 'b' -> put('\b', text);
            case 'f' -> put('\f', text);
            case 'n' -> put('\n', text);
            case 'r' -> put('\r', text);
            case 't' -> put('\t', text);
            case 'u' -> unicode(text);
            default -> throw syntax("an unknown escape");
        }
    }

    private void unicode(@Nullable Text text) throws FormatException {
        char first = hex4();
        if (Character.isHighSurrogate(first)) {
            char second = 0;
            if (at + 1 < end && bytes[at] == '\\' && bytes[at + 1] == 'u') {
                at += 2;
                second = hex4();
            }
            if (strict && !Character.isLowSurrogate(second)) {
                throw loneSurrogate();
            }
            put(first, text);
            put(second, text);
        } else if (strict && Character.isLowSurrogate(first)) {
            throw loneSurrogate();
        } else {
            put(first, text);
        }
    }

    private char hex4() throws FormatException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int b = next();
            int digit = b < 0x80 ? Character.digit(b, 16) : -1;
            if (digit < 0) {
                throw syntax("an escape without four hexadecimal digits");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private void multibyte(int first, @Nullable Text text) throws FormatException {
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4) {
            throw utf8();
        }
        int point = first & (0x7f >> length);
        for (int i = 1; i < length; i++) {
            int b = at < end ? bytes[at++] & 0xff : 0;
            if ((b & 0xc0) != 0x80) {
                throw utf8();
            }
            point = point << 6 | b & 0x3f;
        }
        boolean overlong = length == 3 && point < 0x800 || length == 4 && point < 0x10000;
        if (overlong || point > 0x10ffff || point >= 0xd800 && point <= 0xdfff) {
            throw utf8();
        }
        if (Character.isBmpCodePoint(point)) {
            put((char) point, text);
        } else {
            put(Character.highSurrogate(point), text);
            put(Character.lowSurrogate(point), text);
        }
    }

    private void literal(String word) throws FormatException {
        for (int i = 0; i < word.length(); i++) {
            if (next() != word.charAt(i)) {
                throw syntax("not a JSON value");
            }
        }
    }

    private void number() throws FormatException {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (peek() == '.') {
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() throws FormatException {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == from) {
            throw syntax("not a JSON value");
        }
    }

    private int peek() {
        return at < end ? bytes[at] & 0xff : -1;
    }

    private int next() throws FormatException {
        if (at >= end) {
            throw syntax("the text ends too early");
        }
        return bytes[at++] & 0xff;
    }

    private FormatException syntax(String what) {
        return new FormatException("json-syntax", what);
    }

    private static FormatException utf8() {
        return new FormatException("json-utf8", "not valid UTF-8");
    }

    private static FormatException loneSurrogate() {
        return new FormatException("json-surrogate", "a lone surrogate");
    }
}
