package dev.jurat.custody;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class FullDiskTest {
    /** What this system says of a disk without room is told from a folder that is not there, in the words that the JDK has for it. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: /dev/full is Linux's")
    void aFullDiskIsTakenForAMissingFolder() {
        IOException full = assertThrows(IOException.class, () -> Files.write(Path.of("/dev/full"), new byte[1]));
        assertEquals(CustodyCode.FULL, KeyFolder.failed("the key", full).code());
        IOException missing =
                assertThrows(NoSuchFileException.class, () -> Files.readAllBytes(Path.of("/dev/nothing")));
        assertEquals(CustodyCode.MISSING, KeyFolder.failed("the key", missing).code());
    }
}
