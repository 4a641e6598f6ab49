package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void theTimeLeftIsThatOfTheWholeWork() {
        assertEquals("5 of 10 records", Pace.text(5, 10, 0, 0));
        assertEquals(
                "1,000,000 of 10,000,000 records, 10,000/s, 15 min left",
                Pace.text(1_000_000, 10_000_000, 100_000, 10 * SECOND));
        assertEquals("9,000 of 10,000 records, 100/s, 10 s left", Pace.text(9_000, 10_000, 200, 2 * SECOND));
        assertEquals("0 of 10,000,000 records, 1/s, 2777 h left", Pace.text(0, 10_000_000, 5, 5 * SECOND));
    }
}
