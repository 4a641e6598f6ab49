package dev.jurat.tpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A real swtpm behind a Unix socket, without a resource manager, with a state of its own. */
final class Swtpm implements AutoCloseable {
    private final Path folder;
    private Process process;

    Swtpm() throws Exception {
        boolean there = Files.isExecutable(Path.of("/usr/bin/swtpm"));
        if (!there && System.getenv("JURAT_SWTPM_REQUIRED") != null) {
            throw new IllegalStateException("swtpm is required here (JURAT_SWTPM_REQUIRED)");
        }
        Assumptions.assumeTrue(there, "SKIPPED: there is no swtpm here (package swtpm)");
        folder = Files.createTempDirectory("swtpm");
        Files.createDirectory(folder.resolve("state"));
        process = start();
    }

    private Process start() throws Exception {
        Files.deleteIfExists(folder.resolve("s"));
        Process started = new ProcessBuilder(List.of(
                        "/usr/bin/swtpm",
                        "socket",
                        "--tpm2",
                        "--tpmstate",
                        "dir=" + folder.resolve("state"),
                        "--server",
                        "type=unixio,path=" + folder.resolve("s"),
                        "--flags",
                        "not-need-init,startup-clear"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        for (int i = 0; i < 200 && !Files.exists(folder.resolve("s")); i++) {
            Thread.sleep(20);
        }
        return started;
    }

    TpmAddress address() {
        return new TpmAddress.Unix(folder.resolve("s"));
    }

    /** Another start, on what was saved or on nothing. */
    void restart(boolean cleared) throws Exception {
        end();
        if (cleared) {
            Files.deleteIfExists(folder.resolve("state/tpm2-00.permall"));
        }
        process = start();
    }

    private void end() throws IOException {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        end();
    }
}
