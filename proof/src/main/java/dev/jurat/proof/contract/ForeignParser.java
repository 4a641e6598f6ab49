package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson.Span;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** One parse of one text into {@link ForeignJson}. Not thread-safe. */
final class ForeignParser {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(ForeignJson.DEPTH_MAX + 1)
                    .maxStringLength(ForeignJson.BYTES_MAX)
                    .maxNameLength(ForeignJson.BYTES_MAX)
                    .maxNumberLength(ForeignJson.NUMBER_CHARS_MAX + 1)
                    .build())
            .build();

    private final byte[] text;
    private int values;

    ForeignParser(byte[] text) {
        this.text = text;
    }

    ForeignJson parse() throws FormatException {
        checkBytes();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new FormatException("json-syntax", "empty input");
            }
            ForeignJson value = value(parser, ForeignJson.DEPTH_MAX);
            if (parser.nextToken() != null) {
                throw new FormatException("json-syntax", "more follows the value");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw e.getOriginalMessage().contains("depth")
                    ? new FormatException("json-depth", "nested deeper than " + ForeignJson.DEPTH_MAX)
                    : new FormatException("json-number", "a number or a text is too long" + place(e));
        } catch (StreamReadException | JacksonIOException e) {
            if (e.getOriginalMessage().contains("surrogate")) {
                throw new FormatException("json-surrogate", "a lone surrogate" + place(e));
            }
            boolean end = at(e) >= text.length;
            throw new FormatException("json-syntax", (end ? "the text ends within a value" : "not JSON") + place(e));
        }
    }

    /** The byte that the parser stood at; -1 where it knows none. */
    private static long at(JacksonException e) {
        return e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
    }

    private static String place(JacksonException e) {
        return at(e) < 0 ? "" : ", at byte " + at(e);
    }

    /** Jackson guesses UTF-16 and UTF-32 from zero bytes and skips a byte order mark; none of that gets so far. */
    private void checkBytes() throws FormatException {
        if (text.length > ForeignJson.BYTES_MAX) {
            throw new FormatException("json-size", "longer than " + ForeignJson.BYTES_MAX + " bytes");
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new FormatException("json-utf8", "not valid UTF-8");
        }
        if (text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF) {
            throw new FormatException("json-syntax", "begins with a byte order mark");
        }
        for (byte b : text) {
            if (b == 0) {
                throw new FormatException("json-syntax", "a zero byte");
            }
        }
    }

    private ForeignJson value(JsonParser parser, int depthLeft) throws FormatException {
        if (++values > ForeignJson.VALUES_MAX) {
            throw new FormatException("json-size", "more than " + ForeignJson.VALUES_MAX + " values");
        }
        JsonToken token = parser.currentToken();
        int start = (int) parser.currentTokenLocation().getByteOffset();
        return switch (token) {
            case START_OBJECT -> object(parser, start, depthLeft);
            case START_ARRAY -> array(parser, start, depthLeft);
            case VALUE_STRING -> text(start, string(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(start);
            case VALUE_TRUE -> new ForeignJson.Bool(new Span(start, start + 4), true);
            case VALUE_FALSE -> new ForeignJson.Bool(new Span(start, start + 5), false);
            case VALUE_NULL -> new ForeignJson.Null(new Span(start, start + 4));
            default -> throw new FormatException("json-syntax", "a value is missing");
        };
    }

    private ForeignJson object(JsonParser parser, int start, int depthLeft) throws FormatException {
        enter(depthLeft);
        Map<String, ForeignJson> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = string(parser.currentName());
            parser.nextToken();
            if (members.put(name, value(parser, depthLeft - 1)) != null) {
                throw new FormatException("json-duplicate-key", "a name stands twice in one object");
            }
        }
        return new ForeignJson.Obj(through(parser, start), members);
    }

    private ForeignJson array(JsonParser parser, int start, int depthLeft) throws FormatException {
        enter(depthLeft);
        List<ForeignJson> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, depthLeft - 1));
        }
        return new ForeignJson.Arr(through(parser, start), items);
    }

    /** The span up to the closing bracket that the parser stands on. */
    private static Span through(JsonParser parser, int start) {
        return new Span(start, (int) parser.currentTokenLocation().getByteOffset() + 1);
    }

    /** Called once the parser has read the string to its end, so that a closing quote is there. */
    private ForeignJson text(int start, String value) {
        int at = start + 1;
        while (text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return new ForeignJson.Str(new Span(start, at + 1), value);
    }

    private ForeignJson number(int start) throws FormatException {
        int end = start;
        while (end < text.length && "+-.eE0123456789".indexOf(text[end]) >= 0) {
            end++;
        }
        if (end - start > ForeignJson.NUMBER_CHARS_MAX) {
            throw new FormatException(
                    "json-number", "a number of more than " + ForeignJson.NUMBER_CHARS_MAX + " characters");
        }
        Span span = new Span(start, end);
        return new ForeignJson.Num(span, new String(span.cut(text), StandardCharsets.US_ASCII));
    }

    private static void enter(int depthLeft) throws FormatException {
        if (depthLeft == 0) {
            throw new FormatException("json-depth", "nested deeper than " + ForeignJson.DEPTH_MAX);
        }
    }

    private static String string(String value) throws FormatException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new FormatException("json-surrogate", "a lone surrogate");
            }
        }
        return value;
    }
}
