package dev.jurat.proof.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts are what the patterns of the specification match, and no others. */
class WordsTest {
    private static final int TRIES = 200_000;
    private static final String LETTERS = "az09AZ27815-_/.:%gf \n\u00e9,@";
    private static final String ID = "abcdefghijklmnopqrstuvwxyz";

    enum Form {
        HEX("[0-9a-f]{32}", text -> Words.isHex(text, 32), "0123456789abcdef0123456789abcdef"),
        PRINCIPAL("system/ledger|[a-z0-9][a-z0-9-]{0,31}/[a-z2-7]{26}", Words::isPrincipal, "system/ledger"),
        NAMED("system/ledger|[a-z0-9][a-z0-9-]{0,31}/[a-z2-7]{26}", Words::isPrincipal, "a-1/" + ID),
        LONG("system/ledger|[a-z0-9][a-z0-9-]{0,31}/[a-z2-7]{26}", Words::isPrincipal, "a".repeat(32) + "/" + ID),
        SESSION("[a-z2-7]{26}", Words::isSession, ID),
        METHOD("[A-Za-z][A-Za-z0-9_/-]{0,63}", Words::isMethod, "M".repeat(64)),
        TOOL("[A-Za-z0-9_./-]{1,128}", Words::isToolName, "t.".repeat(64)),
        SHORT("[A-Za-z0-9_./-]{1,128}", Words::isToolName, "x");

        private final Pattern pattern;
        private final Predicate<String> own;
        private final String seed;

        Form(String pattern, Predicate<String> own, String seed) {
            this.pattern = Pattern.compile(pattern);
            this.own = own;
            this.seed = seed;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHandWrittenCheckDiffersFromThePattern(Form form) {
        Random random = new Random(form.ordinal());
        assertEquals(true, form.own.test(form.seed), form.seed);
        for (int i = 0; i < TRIES; i++) {
            String text = changed(form.seed, random);
            assertEquals(form.pattern.matcher(text).matches(), form.own.test(text), text);
        }
    }

    /** Up to three letters replaced, put in or taken out. */
    private static String changed(String seed, Random random) {
        StringBuilder text = new StringBuilder(seed);
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(text.length() + 1);
            char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, letter);
                case 1 -> text.replace(at, Math.min(text.length(), at + 1), "");
                default -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(letter));
            }
        }
        return text.toString();
    }
}
