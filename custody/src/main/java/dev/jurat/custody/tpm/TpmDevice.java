package dev.jurat.custody.tpm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** The way to a TPM: a character device, or the socket of swtpm. One exchange at a time; the caller sees to that. */
final class TpmDevice implements AutoCloseable {
    private static final int HEADER = 10;

    private final ByteChannel channel;
    private final boolean whole;

    /** @param whole whether an answer comes by one read, as a device gives it */
    TpmDevice(ByteChannel channel, boolean whole) {
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
        } catch (IOException | UnresolvedAddressException e) {
            throw unreachable(address, e);
        }
    }

    private static TpmDevice device(Path path) throws IOException {
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException("this is no device");
        }
        return new TpmDevice(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), true);
    }

    static TpmException unreachable(TpmAddress address, Exception e) {
        String why = Optional.ofNullable(e.getMessage()).orElse("the name is not known");
        if (e instanceof NoSuchFileException) {
            return new TpmException(TpmCode.MISSING, "there is no TPM at " + address.text(), e);
        }
        if (e instanceof AccessDeniedException || why.contains("Permission denied")) {
            return new TpmException(TpmCode.DENIED, "this user may not open the TPM at " + address.text(), e);
        }
        if (why.contains("resource busy")) {
            return new TpmException(TpmCode.BUSY, "another program has the TPM at " + address.text(), e);
        }
        return new TpmException(TpmCode.MISSING, "no TPM answers at " + address.text() + ": " + why, e);
    }

    /** The answer's bytes, whole: as many as its header says. */
    byte[] exchange(byte[] command) {
        try {
            ByteBuffer out = ByteBuffer.wrap(command);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            return whole ? readOnce() : readFramed();
        } catch (IOException e) {
            throw new TpmException(TpmCode.MISSING, "the TPM cannot be reached any more: " + e.getMessage(), e);
        }
    }

    private byte[] readOnce() throws IOException {
        ByteBuffer in = ByteBuffer.allocate(Command.BYTES_MAX);
        int length = channel.read(in);
        if (length < HEADER || in.getInt(2) != length) {
            throw new TpmException(TpmCode.GARBLED, "an answer of " + length + " bytes says another length");
        }
        return Arrays.copyOf(in.array(), length);
    }

    private byte[] readFramed() throws IOException {
        ByteBuffer header = fill(ByteBuffer.allocate(HEADER));
        int length = header.getInt(2);
        if (length < HEADER || length > Command.BYTES_MAX) {
            throw new TpmException(TpmCode.GARBLED, "an answer says a length that none has");
        }
        return fill(ByteBuffer.allocate(length).put(header.array())).array();
    }

    private ByteBuffer fill(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new IOException("it closed the connection");
            }
        }
        return in;
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

    /** Closes it in the middle of an exchange: a device lets nobody go before it has done its command. */
    void abandon() {
        Thread.ofPlatform().daemon().name("jurat-tpm-close").start(this::close);
    }
}
