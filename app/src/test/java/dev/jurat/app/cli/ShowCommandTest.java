package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ShowCommandTest {
    private static String shown(byte[] bytes) {
        return ShowCommand.text(Base64.getEncoder().encodeToString(bytes));
    }

    @Test
    void theArgumentsOfACallCannotBeRead() {
        assertEquals("{\"word\":\"grün\"}", shown("{\"word\":\"grün\"}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bytesThatAreNoTextAreGuessedAt() {
        assertEquals("//4=", shown(new byte[] {(byte) 0xff, (byte) 0xfe}));
        assertEquals("no base64", ShowCommand.text("no base64"));
    }

    @Test
    void aLongTextFloodsTheScreenOrHidesThatItIsCut() {
        assertEquals(
                "ü".repeat(2_000) + "… (10,000 bytes in all: --json)",
                shown("ü".repeat(5_000).getBytes(StandardCharsets.UTF_8)));
    }
}
