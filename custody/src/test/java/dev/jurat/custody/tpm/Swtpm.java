package dev.jurat.custody.tpm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real swtpm without a resource manager, with a state of its own, behind a Unix socket or behind TCP. */
final class Swtpm implements AutoCloseable {
    enum Way {
        UNIX,
        TCP
    }

    private final Path folder;
    private final Way way;
    private final int port;
    private Process process;

    Swtpm(Way way) throws Exception {
        require("swtpm");
        this.way = way;
        folder = Files.createTempDirectory("swtpm");
        Files.createDirectory(folder.resolve("state"));
        port = way == Way.TCP ? freePair() : 0;
        process = start();
    }

    /** Skips the test where a program is missing, aloud; where everything must be there, fails it. */
    static void require(String program) {
        boolean there = List.of("/usr/bin", "/usr/local/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!there && System.getenv("JURAT_SWTPM_REQUIRED") != null) {
            throw new IllegalStateException(program + " is required here (JURAT_SWTPM_REQUIRED)");
        }
        Assumptions.assumeTrue(there, () -> "SKIPPED: there is no " + program + " here");
    }

    /** A port that is free, as the next one is: tools of others look there for the control channel. */
    private static int freePair() {
        for (int i = 0; ; i++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket one = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket two = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
                return Math.min(one.getLocalPort(), two.getLocalPort());
            } catch (IOException e) {
                if (i > 100) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private Process start() throws Exception {
        Files.deleteIfExists(folder.resolve("s"));
        List<String> command = new ArrayList<>(List.of("swtpm", "socket", "--tpm2"));
        command.addAll(List.of("--tpmstate", "dir=" + folder.resolve("state"), "--server"));
        if (way == Way.TCP) {
            command.add("type=tcp,bindaddr=127.0.0.1,port=" + port);
            command.addAll(List.of("--ctrl", "type=tcp,bindaddr=127.0.0.1,port=" + (port + 1)));
        } else {
            command.add("type=unixio,path=" + folder.resolve("s"));
        }
        command.addAll(List.of("--flags", "not-need-init,startup-clear"));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        for (int i = 0; i < 200 && !listens(); i++) {
            Thread.sleep(20);
        }
        return started;
    }

    private boolean listens() {
        try {
            TpmDevice.open(address()).close();
            return true;
        } catch (TpmException e) {
            return false;
        }
    }

    TpmAddress address() {
        return way == Way.TCP ? new TpmAddress.Tcp("127.0.0.1", port) : new TpmAddress.Unix(folder.resolve("s"));
    }

    long pid() {
        return process.pid();
    }

    /** A connection that sends one command at once and has its answer: what a device does. */
    SocketChannel connect() throws IOException {
        return SocketChannel.open(java.net.UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    /** Another start, on what was saved. */
    void restart() throws Exception {
        end();
        process = start();
    }

    /** Another start as a TPM that was never used. */
    void restartCleared() throws Exception {
        end();
        Files.deleteIfExists(folder.resolve("state/tpm2-00.permall"));
        process = start();
    }

    /** Ends it at once, as a power cut does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void startAgain() throws Exception {
        process = start();
    }

    /** Runs a tool of tpm2-tools in a folder, against this TPM, and gives what it says. */
    String tool(Path in, String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(in.resolve("said").toFile());
        builder.environment().put("TPM2TOOLS_TCTI", "swtpm:host=127.0.0.1,port=" + port);
        builder.environment().put("TSS2_LOG", "all+none");
        Process tool = builder.start();
        boolean ended = tool.waitFor(30, TimeUnit.SECONDS);
        String said = Files.readString(in.resolve("said"), StandardCharsets.ISO_8859_1);
        if (!ended || tool.exitValue() != 0) {
            throw new AssertionError(String.join(" ", words) + ": " + said);
        }
        return said;
    }

    private void end() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() {
        end();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
