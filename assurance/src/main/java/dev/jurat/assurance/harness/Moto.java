package dev.jurat.assurance.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** moto's emulation of AWS on this machine, which has nothing left once it has ended. It checks no signature of a request. */
public final class Moto implements AutoCloseable {
    /** What a process needs to be let in. */
    public static final Map<String, String> WHO =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDTEST", "AWS_SECRET_ACCESS_KEY", "very-secret-access-key");

    private static final Path PYTHON =
            Path.of(System.getProperty("jurat.root", "."), "custody", "moto", "venv", "bin", "python");

    private final ManagedProcess process;
    private final int port;

    private Moto(ManagedProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether there is moto; where {@code JURAT_MOTO_REQUIRED} is set there has to be. */
    public static boolean available() throws IOException {
        boolean there = Files.isExecutable(PYTHON);
        if (!there && System.getenv("JURAT_MOTO_REQUIRED") != null) {
            throw new IOException("moto is required here (JURAT_MOTO_REQUIRED)");
        }
        return there;
    }

    /** Starts one, and waits until it takes connections. */
    public static Moto in(Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command =
                List.of(PYTHON.toAbsolutePath().toString(), "-m", "moto.server", "-H", "127.0.0.1", "-p", "" + port);
        Moto moto = new Moto(ManagedProcess.start(command, folder, Map.of()), port);
        for (int i = 0; i < 300; i++) {
            if (moto.answers()) {
                return moto;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        moto.close();
        throw new IOException("moto does not come up");
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** As {@code --endpoint} names it. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    @Override
    public void close() {
        process.close();
    }
}
