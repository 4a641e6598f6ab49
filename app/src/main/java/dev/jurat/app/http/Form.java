package dev.jurat.app.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** Parameters written as {@code a=1&b=2} with percent escapes, as in queries and form bodies. */
final class Form {
    private static final int PARAMETERS_MAX = 64;

    private Form() {}

    /** Reads all parameters; one that is there twice, a broken escape and invalid UTF-8 are refused. */
    static Map<String, String> parse(String text) throws ApiException {
        Map<String, String> out = new HashMap<>();
        if (text.isEmpty()) {
            return out;
        }
        for (String pair : text.split("&", PARAMETERS_MAX + 1)) {
            int equals = pair.indexOf('=');
            if (equals < 0 || out.size() == PARAMETERS_MAX) {
                throw ApiException.malformed(
                        "parameter-syntax", "parameters are name=value, at most " + PARAMETERS_MAX);
            }
            String name = decode(pair.substring(0, equals));
            if (out.put(name, decode(pair.substring(equals + 1))) != null) {
                throw ApiException.malformed("parameter-twice", "the parameter " + name + " is there twice");
            }
        }
        return out;
    }

    static String decode(String text) throws ApiException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                out.write(' ');
            } else if (c != '%') {
                out.write(c);
            } else {
                out.write(escaped(text, i));
                i += 2;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.malformed("parameter-utf8", "a parameter is not valid UTF-8");
        }
    }

    private static int escaped(String text, int at) throws ApiException {
        if (at + 2 >= text.length()
                || !HexFormat.isHexDigit(text.charAt(at + 1))
                || !HexFormat.isHexDigit(text.charAt(at + 2))) {
            throw ApiException.malformed("parameter-escape", "a % must be followed by two hexadecimal digits");
        }
        return HexFormat.fromHexDigits(text, at + 1, at + 3);
    }
}
