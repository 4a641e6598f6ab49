package dev.jurat.proof.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PlainReaderTest {
    private static final String ALPHABET = "{}[]\",:\\0123456789-+.eE tfnulrase\u007f\u0080\u00e9\u20ac\u0000\nabAB/";

    @Test
    void readsNothingThatTheFullParserReadsOtherwise() throws FormatException {
        Random random = new Random(7);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = mutated(random, CanonicalJson.write(value(random, 4)));
            Optional<Json> plain = PlainReader.read(bytes, CanonicalJson.DEPTH_MAX);
            if (plain.isPresent()) {
                read++;
                assertEquals(StrictParser.parse(bytes, CanonicalJson.DEPTH_MAX), plain.get());
                assertArrayEquals(bytes, CanonicalJson.write(plain.get()));
            }
        }
        assertTrue(read > 10_000, "mutations that are canonical: " + read);
    }

    @Test
    void readsWhateverIsCanonicalAndPlain() {
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            Json value = value(random, 4);
            assertEquals(Optional.of(value), PlainReader.read(CanonicalJson.write(value), CanonicalJson.DEPTH_MAX));
        }
    }

    @Test
    void leavesDepthAndLargeNumbersToTheFullParser() {
        for (String text : List.of(
                "[".repeat(33) + "]".repeat(33),
                "9007199254740992",
                "-9007199254740992",
                "99999999999999999999",
                "-0",
                "00",
                "-",
                "")) {
            assertEquals(Optional.empty(), PlainReader.read(text.getBytes(StandardCharsets.US_ASCII), 32), text);
        }
    }

    private static byte[] mutated(Random random, byte[] bytes) {
        if (bytes.length == 0 || random.nextInt(8) == 0) {
            return bytes;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int at = random.nextInt(text.length());
        char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        String other = switch (random.nextInt(3)) {
            case 0 -> text.substring(0, at) + c + text.substring(at + 1);
            case 1 -> text.substring(0, at) + c + text.substring(at);
            default -> text.substring(0, at) + text.substring(at + 1);
        };
        return other.getBytes(StandardCharsets.UTF_8);
    }

    private static Json value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> Json.of(text(random));
            case 1 ->
                Json.of(random.nextBoolean() ? random.nextInt(-20, 20) : random.nextLong(-Json.INTEGER_MAX, 1L << 53));
            case 2 -> Json.of(random.nextBoolean());
            case 3 -> new Json.Null();
            case 4 -> {
                TreeMap<String, Json> members = new TreeMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.put(text(random), value(random, depth - 1));
                }
                yield new Json.Obj(members);
            }
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
        for (int i = random.nextInt(5); i > 0; i--) {
            char c = (char) random.nextInt(' ', 0x80);
            out.append(c == '"' || c == '\\' ? 'x' : c);
        }
        return out.toString();
    }
}
