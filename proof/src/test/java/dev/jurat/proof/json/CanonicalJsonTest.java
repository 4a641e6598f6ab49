package dev.jurat.proof.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CanonicalJsonTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"a\":1,\"b\":[true,false,null,\"x\"]}",
                "{\"\":\"empty name\"}",
                "9007199254740991",
                "-9007199254740991",
                "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\"",
                "{\"\\r\":\"CR\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"o\",\"€\":\"Euro\",\"😀\":\"Smile\",\"\ufb33\":\"Dalet\"}",
            })
    void readsAndWritesBackTheSameBytes(String text) throws FormatException {
        assertArrayEquals(utf8(text), CanonicalJson.write(CanonicalJson.read(utf8(text))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|json-syntax",
                "{|json-syntax",
                "{}{}|json-syntax",
                "{\"a\":1,}|json-syntax",
                "{'a':1}|json-syntax",
                "{a:1}|json-syntax",
                "01|json-syntax",
                "+1|json-syntax",
                "NaN|json-syntax",
                "tru|json-syntax",
                "{\"a\":1,\"a\":2}|json-duplicate-key",
                "{\"a\":1,\"\\u0061\":2}|json-duplicate-key",
                "{\"b\":{\"a\":1,\"a\":1}}|json-duplicate-key",
                "1.0|json-number",
                "1e3|json-number",
                "-0|json-number",
                "9007199254740992|json-number",
                "-9007199254740992|json-number",
                "123456789012345678901234567890123456|json-number",
                "\"\\ud800\"|json-surrogate",
                "\"\\udc00\\ud800\"|json-surrogate",
                "{\"\\ud83d\":1}|json-surrogate",
                "{ \"a\":1}|json-not-canonical",
                "{\"b\":1,\"a\":2}|json-not-canonical",
                "\"\\u0061\"|json-not-canonical",
                "\"\\/\"|json-not-canonical",
                "\"\\u001F\"|json-not-canonical",
                "\"\\u000a\"|json-not-canonical",
                "\"\\ud83d\\ude00\"|json-not-canonical",
            })
    void refusesWhatTheWriterWouldNotEmit(String text, String code) {
        FormatException refused = assertThrows(FormatException.class, () -> CanonicalJson.read(utf8(text)));
        assertEquals(code, refused.code());
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        for (byte[] bytes : List.of(
                new byte[] {'"', (byte) 0xff, '"'},
                new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'},
                new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'})) {
            assertEquals(
                    "json-utf8",
                    assertThrows(FormatException.class, () -> CanonicalJson.read(bytes))
                            .code());
        }
        byte[] withMark = utf8("\ufeff{}");
        assertThrows(FormatException.class, () -> CanonicalJson.read(withMark));
    }

    @Test
    void refusesDepthBeyondTheBoundWithoutAnOverflow() throws FormatException {
        CanonicalJson.read(utf8("[".repeat(32) + "]".repeat(32)));
        for (int depth : List.of(33, 1_000, 1_001, 200_000)) {
            byte[] deep = utf8("[".repeat(depth) + "]".repeat(depth));
            assertEquals(
                    "json-depth",
                    assertThrows(FormatException.class, () -> CanonicalJson.read(deep))
                            .code());
        }
    }

    @Test
    void agreesWithAForeignCanonicaliser() throws Exception {
        Random random = new Random(20261121);
        for (int i = 0; i < 2_000; i++) {
            byte[] ours = CanonicalJson.write(object(random, 4));
            assertArrayEquals(new JsonCanonicalizer(ours).getEncodedUTF8(), ours);
        }
    }

    private static Json.Obj object(Random random, int depth) {
        TreeMap<String, Json> members = new TreeMap<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            members.put(text(random), value(random, depth - 1));
        }
        return new Json.Obj(members);
    }

    private static Json value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> Json.of(text(random));
            case 1 -> Json.of(random.nextLong(-Json.INTEGER_MAX, Json.INTEGER_MAX));
            case 2 -> Json.of(random.nextBoolean());
            case 3 -> new Json.Null();
            case 4 -> object(random, depth);
            default -> {
                List<Json> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(random, depth - 1));
                }
                yield new Json.Arr(items);
            }
        };
    }

    private static String text(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int point = random.nextInt(4) == 0 ? random.nextInt(0x10000, 0x110000) : random.nextInt(0xd800);
            out.appendCodePoint(point);
        }
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1, \"b\" 2}|not JSON, at line 1, column 13",
                "{\"a\":1,|the text ends within a value, at line 1, column 8",
                "\"abc|the text ends within a value, at line 1, column 5",
                "{\"a\":1,\"a\":2}|a name stands twice in one object, at line 1, column 11",
                "tru|not JSON, at line 1, column 1",
                "[1,]|not JSON, at line 1, column 4",
            })
    void speaksInTheWordsOfItsParser(String text, String message) {
        assertEquals(
                message,
                assertThrows(FormatException.class, () -> CanonicalJson.read(utf8(text)))
                        .getMessage());
    }
}
