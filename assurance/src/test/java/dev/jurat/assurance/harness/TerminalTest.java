package dev.jurat.assurance.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A terminal that is a pipe in disguise would let commands refuse for the wrong reason. */
final class TerminalTest {
    @TempDir
    private Path folder;

    @Test
    void theCommandSeesNoTerminal() throws IOException {
        List<String> command = List.of(
                "sh",
                "-c",
                "test -t 0 && test -t 1 && stty -echo && printf 'word? ' && read w && test \"$w\" = \"it's\" && exit 7");

        Terminal.Result result = Terminal.run(
                command, folder, Map.of(), List.of(new Terminal.Line("word?", "it's")), Duration.ofSeconds(10));

        assertEquals(7, result.exit());
        assertTrue(result.screen().contains("word?"));
        assertFalse(result.screen().contains("it's"), result.screen());
    }
}
