package dev.jurat.tpm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way to a TPM: a character device, or the socket of swtpm. One exchange at a time; the caller sees to that. Whoever has timed out closes
 * it: what comes later belongs to a command that is over.
 */
final class TpmDevice implements AutoCloseable {
    private static final int HEADER = 10;

    private final ByteChannel channel;
    private final boolean whole;

    private TpmDevice(ByteChannel channel, boolean whole) {
        this.channel = channel;
        this.whole = whole;
    }

    static TpmDevice open(TpmAddress address) {
        try {
            return switch (address) {
                case TpmAddress.Device device -> device(device.path());
                case TpmAddress.Tcp tcp -> {
                    SocketChannel socket = SocketChannel.open(new InetSocketAddress(tcp.host(), tcp.port()));
                    // Without it each command waits 40 ms for a delayed acknowledgement.
                    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    yield new TpmDevice(socket, false);
                }
                case TpmAddress.Unix unix ->
                    new TpmDevice(SocketChannel.open(UnixDomainSocketAddress.of(unix.path())), false);
            };
        } catch (NoSuchFileException e) {
            throw new TpmException(TpmCode.MISSING, "there is no TPM at " + address.text(), e);
        } catch (AccessDeniedException e) {
            throw new TpmException(TpmCode.DENIED, "this user may not open the TPM at " + address.text(), e);
        } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
            throw new TpmException(TpmCode.MISSING, "no TPM answers at " + address.text() + ": " + e.getMessage(), e);
        }
    }

    private static TpmDevice device(Path path) throws IOException {
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException("this is no device");
        }
        return new TpmDevice(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), true);
    }

    /** The answer's bytes, whole: as many as its header says. */
    byte[] exchange(byte[] command, long timeoutMillis) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("tpm").start(() -> run(command, answer));
        try {
            return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TpmException(
                    TpmCode.TIMEOUT,
                    "the TPM did not answer within " + timeoutMillis + " ms; another program may hold it",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TpmException(TpmCode.TIMEOUT, "the wait for the TPM was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TpmException tpm) {
                throw tpm;
            }
            throw new TpmException(TpmCode.MISSING, "the TPM cannot be reached any more", e);
        }
    }

    private void run(byte[] command, CompletableFuture<byte[]> answer) {
        try {
            ByteBuffer out = ByteBuffer.wrap(command);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            answer.complete(whole ? readOnce() : readFramed());
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private byte[] readOnce() throws IOException {
        ByteBuffer in = ByteBuffer.allocate(Command.BYTES_MAX);
        int length = channel.read(in);
        if (length < HEADER || ByteBuffer.wrap(in.array()).getInt(2) != length) {
            throw garbled("an answer of " + length + " bytes says another length");
        }
        return Arrays.copyOf(in.array(), length);
    }

    private byte[] readFramed() throws IOException {
        ByteBuffer header = fill(ByteBuffer.allocate(HEADER));
        int length = header.getInt(2);
        if (length < HEADER || length > Command.BYTES_MAX) {
            throw garbled("an answer says a length that none has");
        }
        ByteBuffer all = ByteBuffer.allocate(length).put(header.array());
        return fill(all).array();
    }

    private ByteBuffer fill(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new IOException("the TPM closed the connection");
            }
        }
        return in;
    }

    private static TpmException garbled(String why) {
        return new TpmException(TpmCode.GARBLED, why);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is given up either way.
            return;
        }
    }
}
