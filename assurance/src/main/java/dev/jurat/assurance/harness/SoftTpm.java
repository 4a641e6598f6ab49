package dev.jurat.assurance.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A TPM of swtpm behind a Unix socket, with its state in a folder: there, taken away, and there again. */
public final class SoftTpm implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/swtpm");

    private final Path folder;
    private ManagedProcess process;

    private SoftTpm(Path folder) throws IOException {
        this.folder = folder;
        this.process = start();
    }

    /** Whether there is swtpm; where {@code JURAT_SWTPM_REQUIRED} is set there has to be. */
    public static boolean available() throws IOException {
        boolean there = Files.isExecutable(PROGRAM);
        if (!there && System.getenv("JURAT_SWTPM_REQUIRED") != null) {
            throw new IOException("swtpm is required here (JURAT_SWTPM_REQUIRED)");
        }
        return there;
    }

    /** Starts one. */
    public static SoftTpm in(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("tpm-state"));
        return new SoftTpm(folder);
    }

    /** As {@code --tpm} names it. */
    public String address() {
        return "unix:" + socket();
    }

    /** Ends it at once. */
    public void takeAway() throws IOException {
        process.kill();
        process.exit(Duration.ofSeconds(20));
    }

    /** Starts it again with its state. */
    public void putBack() throws IOException {
        process = start();
    }

    private Path socket() {
        return folder.resolve("tpm");
    }

    private ManagedProcess start() throws IOException {
        Files.deleteIfExists(socket());
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "socket", "--tpm2", "--tpmstate"));
        command.addAll(List.of("dir=" + folder.resolve("tpm-state"), "--server", "type=unixio,path=" + socket()));
        command.addAll(List.of("--flags", "not-need-init,startup-clear"));
        ManagedProcess started = ManagedProcess.start(command, folder, Map.of());
        for (int i = 0; i < 500 && !Files.exists(socket()); i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return started;
    }

    @Override
    public void close() {
        process.close();
    }
}
