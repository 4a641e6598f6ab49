package dev.jurat.proof.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignJsonTest {
    private static final List<String> SCALARS = List.of(
            "0",
            "-1",
            "12.50",
            "1e9",
            "true",
            "false",
            "null",
            "\"\"",
            "\"a\"",
            "\"\\\"\\\\\"",
            "\"\u00e9\"",
            "\"\\u00e9\"",
            "\"\ud83d\ude00\"");
    private static final List<String> SPACES = List.of("", "", " ", "\n", "\t ", "\r\n");

    /** A cut that is one byte off, or that loses the spelling, is not the text that was put there. */
    @Test
    void spanIsNotWhereTheValueStands() throws FormatException {
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            List<String> values = new ArrayList<>();
            StringBuilder text = new StringBuilder("[");
            for (int n = random.nextInt(6); n >= 0; n--) {
                String value = text(random, 3);
                values.add(value);
                text.append(space(random)).append(value).append(space(random)).append(n == 0 ? "]" : ",");
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            ForeignJson.Arr array = (ForeignJson.Arr) ForeignJson.parse(bytes);
            for (int n = 0; n < values.size(); n++) {
                byte[] cut = array.items().get(n).span().cut(bytes);
                assertArrayEquals(values.get(n).getBytes(StandardCharsets.UTF_8), cut, text.toString());
                assertTrue(ForeignJson.sameValue(array.items().get(n), ForeignJson.parse(cut)), text.toString());
            }
        }
    }

    /** Whatever is done to a byte, the answer is a value or a code; and what the parser of records accepts is accepted. */
    @Test
    void brokenBytesEscapeAsAnotherException() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = ("{\"a\":" + text(random, 3) + "}").getBytes(StandardCharsets.UTF_8);
            for (int n = random.nextInt(3); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            boolean accepted = accepts(() -> ForeignJson.parse(bytes));
            if (accepts(() -> CanonicalJson.readLoose(bytes))) {
                assertTrue(accepted, new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1, \"b\" 2}|not JSON, at byte 12",
                "{\"a\":1,|the text ends within a value, at byte 7",
                "\"\\udc00\"|a lone surrogate",
            })
    void speaksInTheWordsOfItsParser(String text, String message) {
        assertEquals(
                message,
                assertThrows(FormatException.class, () -> ForeignJson.parse(text.getBytes(StandardCharsets.UTF_8)))
                        .getMessage());
    }

    @Test
    void tooMuchIsReadWhole() {
        byte[] many = ("[" + "0,".repeat(ForeignJson.VALUES_MAX) + "0]").getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                "json-size",
                assertThrows(FormatException.class, () -> ForeignJson.parse(many))
                        .code());
        byte[] large = new byte[ForeignJson.BYTES_MAX + 1];
        assertEquals(
                "json-size",
                assertThrows(FormatException.class, () -> ForeignJson.parse(large))
                        .code());
        byte[] deep = "[".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                "json-depth",
                assertThrows(FormatException.class, () -> ForeignJson.parse(deep))
                        .code());
    }

    @Test
    void longTextIsRefused() {
        byte[] text = ("{\"content\":\"" + "x".repeat(8 << 20) + "\"}").getBytes(StandardCharsets.US_ASCII);
        assertDoesNotThrow(() -> ForeignJson.parse(text));
    }

    @Test
    void sameTreeIsTakenForAnother() throws FormatException {
        assertTrue(same("{\"a\":[1,\"x\"],\"b\":null}", " {\"b\":null,\"\\u0061\":[ 1,\"\\u0078\"]}"));
        assertFalse(same("{\"a\":1}", "{\"a\":1.0}"));
        assertFalse(same("{\"a\":1}", "{\"a\":1,\"b\":null}"));
        assertFalse(same("[1,2]", "[2,1]"));
        assertFalse(same("\"1\"", "1"));
        assertFalse(same("null", "false"));
    }

    private interface Reading {
        Object read() throws FormatException;
    }

    private static boolean accepts(Reading reading) {
        try {
            reading.read();
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    private static boolean same(String a, String b) throws FormatException {
        return ForeignJson.sameValue(
                ForeignJson.parse(a.getBytes(StandardCharsets.UTF_8)),
                ForeignJson.parse(b.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Random random, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        StringBuilder text = new StringBuilder(kind < 2 ? "" : kind == 2 ? "[" : "{");
        if (kind < 2) {
            return SCALARS.get(random.nextInt(SCALARS.size()));
        }
        String separator = "";
        for (int n = random.nextInt(4); n > 0; n--) {
            text.append(separator).append(space(random));
            text.append(kind == 3 ? "\"" + n + "\"" + space(random) + ":" + space(random) : "");
            text.append(text(random, depth - 1)).append(space(random));
            separator = ",";
        }
        return text.append(kind == 2 ? "]" : "}").toString();
    }

    private static String space(Random random) {
        return SPACES.get(random.nextInt(SPACES.size()));
    }
}
