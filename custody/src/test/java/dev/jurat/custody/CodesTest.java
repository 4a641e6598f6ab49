package dev.jurat.custody;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CodesTest {
    @Test
    void aCodeStandsInNoDocument() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("jurat.root"), "docs", "codes.md"));
        for (CustodyCode code : CustodyCode.values()) {
            assertTrue(page.contains("`" + code.text() + "`"), code.text());
            assertTrue(Set.of("you", "operator", "jurat").contains(code.owner()), code.text());
        }
    }
}
