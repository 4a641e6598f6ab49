package dev.jurat.proof.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class WireTest {
    private static final Pattern PRINCIPAL = Pattern.compile("system/ledger|[a-z0-9][a-z0-9-]{0,31}/[a-z2-7]{26}");
    private static final Pattern SESSION = Pattern.compile("genesis|[a-z2-7]{26}");
    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./@:-]{1,128}");
    private static final String LETTERS = "abz0279-/A1 8._@:Z\u00e9";
    private static final String ID = "abcdefghijklmnopqrstuvwx27";

    private interface Reading {
        String read(String text) throws FormatException;
    }

    private static boolean takes(Reading reading, String text) {
        try {
            return reading.read(text).equals(text);
        } catch (FormatException e) {
            return false;
        }
    }

    @Test
    void namesAreTakenByTheExpressionsOfTheSpecificationAndNoOthers() {
        Random random = new Random(5);
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            String principal = mutated(random, random.nextInt(9) == 0 ? "system/ledger" : namespace(random) + "/" + ID);
            String session = mutated(random, random.nextInt(9) == 0 ? "genesis" : ID);
            boolean sound = PRINCIPAL.matcher(principal).matches();
            assertEquals(sound, takes(Wire::principal, principal), principal);
            assertEquals(SESSION.matcher(session).matches(), takes(Wire::session, session), session);
            taken += sound ? 1 : 0;
            String text = mutated(random, "a".repeat(random.nextInt(1, 130)));
            assertEquals(WORD.matcher(text).matches(), takes(Wire::word, text), text);
            assertEquals(NAME.matcher(text).matches(), takes(Wire::name, text), text);
        }
        assertTrue(taken > 10_000 && taken < 90_000, "principals that are sound: " + taken);
    }

    private static String namespace(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(35); i > 0; i--) {
            out.append("az09-".charAt(random.nextInt(5)));
        }
        return out.toString();
    }

    private static String mutated(Random random, String text) {
        int at = random.nextInt(text.length());
        char c = LETTERS.charAt(random.nextInt(LETTERS.length()));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + c + text.substring(at + 1);
            case 1 -> text.substring(0, at) + c + text.substring(at);
            case 2 -> text.substring(0, at) + text.substring(at + 1);
            default -> text;
        };
    }
}
