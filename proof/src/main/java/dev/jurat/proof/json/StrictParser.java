package dev.jurat.proof.json;

import dev.jurat.proof.FormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Parses one JSON text into {@link Json}, refusing whatever two readers could take two ways. Thread-safe. */
final class StrictParser {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1000)
                    .maxStringLength(64 << 20)
                    .maxNumberLength(32)
                    .build())
            .build();

    private StrictParser() {}

    static Json parse(byte[] bytes, int depthMax) throws FormatException {
        String text = utf8(bytes);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new FormatException("json-syntax", "empty input");
            }
            Json value = value(parser, depthMax);
            if (parser.nextToken() != null) {
                throw new FormatException("json-syntax", "more follows the value");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw e.getOriginalMessage().contains("depth")
                    ? new FormatException("json-depth", "nested too deeply" + place(e))
                    : new FormatException("json-number", "a number or a text is too long" + place(e));
        } catch (StreamReadException e) {
            if (e.getOriginalMessage().startsWith("Duplicate")) {
                throw new FormatException("json-duplicate-key", "a name stands twice in one object" + place(e));
            }
            TokenStreamLocation where = e.getLocation();
            boolean end = where != null && where.getCharOffset() >= text.length();
            throw new FormatException("json-syntax", (end ? "the text ends within a value" : "not JSON") + place(e));
        }
    }

    /** Where the parser stood; a name's length is checked where it knows no place. */
    private static String place(JacksonException e) {
        TokenStreamLocation where = e.getLocation();
        return where == null ? "" : ", at line " + where.getLineNr() + ", column " + where.getColumnNr();
    }

    private static String utf8(byte[] bytes) throws FormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("json-utf8", "not valid UTF-8");
        }
    }

    private static Json value(JsonParser parser, int depthLeft) throws FormatException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser, depthLeft);
            case START_ARRAY -> array(parser, depthLeft);
            case VALUE_STRING -> new Json.Str(string(parser.getString()));
            case VALUE_NUMBER_INT -> integer(parser.getString());
            case VALUE_NUMBER_FLOAT ->
                throw new FormatException("json-number", "fractions and exponents are not used here");
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> new Json.Null();
            default -> throw new FormatException("json-syntax", "a value is missing");
        };
    }

    private static Json object(JsonParser parser, int depthLeft) throws FormatException {
        enter(depthLeft);
        Members members = new Members();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = string(parser.currentName());
            parser.nextToken();
            members.put(name, value(parser, depthLeft - 1));
        }
        return new Json.Obj(members);
    }

    private static Json array(JsonParser parser, int depthLeft) throws FormatException {
        enter(depthLeft);
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, depthLeft - 1));
        }
        return new Json.Arr(items);
    }

    private static void enter(int depthLeft) throws FormatException {
        if (depthLeft == 0) {
            throw new FormatException("json-depth", "nested too deeply");
        }
    }

    private static Json integer(String digits) throws FormatException {
        long value;
        try {
            value = Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new FormatException("json-number", "integer beyond 2^53 - 1");
        }
        if (value > Json.INTEGER_MAX || value < -Json.INTEGER_MAX || digits.equals("-0")) {
            throw new FormatException("json-number", "integer beyond 2^53 - 1, or minus zero");
        }
        return new Json.Int(value);
    }

    private static String string(String text) throws FormatException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new FormatException("json-surrogate", "a lone surrogate");
            }
        }
        return text;
    }
}
