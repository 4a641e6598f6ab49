package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void wordsAreCutOrSpeltAsNobodyTypesThem() {
        assertEquals(
                List.of("srv", "data", "report", "2026", "txt"), List.copyOf(Words.of("/srv/data/Report-2026.TXT")));
        assertEquals(Set.of("straße", "über"), Words.of("STRAßE  \"Über\""));
        assertEquals(Words.of("ﬁle Ａbc"), Words.of("file abc"), "compatible forms are the same word");
        assertEquals(Words.of("e\u0301te\u0301"), Words.of("\u00e9t\u00e9"), "composed or not");
        assertEquals(Set.of("ab"), Words.of("𝔞𝔟 c !"), "beyond the first plane; one letter is no word");
        assertEquals(Set.of(), Words.of("- / ."));
        assertEquals(Set.of("x".repeat(64)), Words.of("x".repeat(65) + " " + "x".repeat(64)));
    }

    @Test
    void aLongBodyFillsTheIndex() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            text.append("word").append(i).append(' ');
        }
        assertEquals(Words.WORDS_MAX, Words.of(text.toString()).size());
        String far = " ".repeat(Words.TEXT_MAX) + "beyond";
        assertEquals(Set.of(), Words.of(List.of(far, "further")));
    }

    @Test
    void aTokenIsTheSameUnderAnotherKey() {
        List<String> one = new WordKey(new byte[32]).tokens(Set.of("invoice"));
        byte[] other = new byte[32];
        other[31] = 1;
        assertEquals(one, new WordKey(new byte[32]).tokens(List.of("invoice", "invoice")));
        assertEquals(11, one.getFirst().length());
        assertEquals(
                2,
                Set.of(
                                one.getFirst(),
                                new WordKey(other).tokens(Set.of("invoice")).getFirst())
                        .size());
    }
}
