package dev.jurat.custody.tpm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A stand-in for a character device before a real swtpm: a command is one write, its answer one read; and what may be done to an answer on its way.
 *
 * <p>It is strict where the kernel's is: a command in parts is refused, and what of an answer does not fit is lost.
 */
final class Between implements ByteChannel {
    private final ByteChannel swtpm;
    private final Consumer<byte[]> seen;
    private final UnaryOperator<byte[]> onTheWay;
    private byte[] answer = new byte[0];

    Between(ByteChannel swtpm, Consumer<byte[]> seen, UnaryOperator<byte[]> onTheWay) {
        this.swtpm = swtpm;
        this.seen = seen;
        this.onTheWay = onTheWay;
    }

    @Override
    public int write(ByteBuffer command) throws IOException {
        int length = command.remaining();
        if (length < 10 || command.getInt(command.position() + 2) != length) {
            throw new IOException("a command in parts");
        }
        byte[] bytes = new byte[length];
        command.duplicate().get(bytes);
        seen.accept(bytes);
        while (command.hasRemaining()) {
            swtpm.write(command);
        }
        ByteBuffer header = fill(ByteBuffer.allocate(10));
        answer = onTheWay.apply(
                fill(ByteBuffer.allocate(header.getInt(2)).put(header.array())).array());
        return length;
    }

    private ByteBuffer fill(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (swtpm.read(in) < 0) {
                throw new IOException("swtpm is gone");
            }
        }
        return in.flip();
    }

    @Override
    public int read(ByteBuffer in) {
        int length = Math.min(in.remaining(), answer.length);
        in.put(answer, 0, length);
        answer = new byte[0];
        return length;
    }

    @Override
    public boolean isOpen() {
        return swtpm.isOpen();
    }

    @Override
    public void close() throws IOException {
        swtpm.close();
    }
}
