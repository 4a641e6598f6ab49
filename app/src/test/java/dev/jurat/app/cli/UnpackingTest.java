package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that load real native libraries. */
class UnpackingTest {
    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    private Path temporary() {
        return folder.resolve("temporary");
    }

    private Process start(String... words) throws IOException {
        Files.createDirectories(temporary());
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jurat.app.cli.Main"));
        all.addAll(List.of(words));
        all.addAll(List.of("--json", "--home", folder.resolve("home").toString()));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private static void said(Process process, String part) throws IOException {
        String line = process.inputReader().readLine();
        assertTrue(line != null && line.contains(part), line);
    }

    /** What lies in a folder beside its lock. */
    private static List<Path> unpacked(Path native_) throws IOException {
        try (Stream<Path> files = Files.list(native_)) {
            return files.filter(file -> !file.endsWith("lock")).toList();
        }
    }

    @Test
    void whatAKilledNodeUnpackedStaysForEver() throws Exception {
        Path unpacked = folder.resolve("home/data/native");
        Process killed = start("up");
        said(killed, "{\"claimed\":");
        List<Path> left = unpacked(unpacked);
        assertEquals(1, left.size());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(left.getFirst())));
        killed.destroyForcibly().waitFor();
        assertTrue(Files.size(left.getFirst().resolve("libcedar_java_ffi.so")) > 1_000_000, "nothing was unpacked");
        assertEquals(List.of(), unpacked(temporary()));

        Process next = start("up");
        said(next, "{\"claimed\":");
        assertFalse(Files.exists(left.getFirst()));
        List<Path> inUse = unpacked(unpacked);
        assertEquals(1, inUse.size());
        Process second = start("up");
        said(second, "data-folder-in-use");
        second.waitFor();
        assertEquals(inUse, unpacked(unpacked), "another start took away what a node uses, or left its own");
        next.destroy();
        next.waitFor();
        assertEquals(List.of(), unpacked(unpacked));
    }

    @Test
    void whatAKilledCommandUnpackedStaysForEver() throws Exception {
        Path left = Files.createDirectories(folder.resolve("home/cache/native/1234"));
        Files.writeString(left.resolve("lock"), "");
        Files.writeString(left.resolve("libcedar_java_ffi.so"), "half of i");
        Process process = start("policy", "test", "starter@v1");
        said(process, "\"loads\":true");
        assertEquals(0, process.waitFor());
        assertEquals(List.of(), unpacked(folder.resolve("home/cache/native")));
    }
}
