package dev.jurat.custody.signer;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What goes over the socket, both ways: canonical JSON objects, each behind its length of four bytes. */
final class Frames {
    /** Room for a record of the largest size in base64. */
    static final int BYTES_MAX = 8 << 10;

    private Frames() {}

    static void write(SocketChannel channel, Json.Obj object) throws IOException {
        byte[] bytes = CanonicalJson.write(object);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes.length);
        frame.putInt(bytes.length).put(bytes).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /**
     * Reads one.
     *
     * @throws EOFException if the other end closed, between two or within one
     * @throws FormatException {@code frame-length} beyond {@link #BYTES_MAX}, or as for canonical JSON
     */
    static Json.Obj read(SocketChannel channel) throws IOException, FormatException {
        int length = fill(channel, ByteBuffer.allocate(Integer.BYTES)).getInt();
        if (length < 2 || length > BYTES_MAX) {
            throw new FormatException("frame-length", "a frame has 2 to " + BYTES_MAX + " bytes");
        }
        return CanonicalJson.readObject(
                fill(channel, ByteBuffer.allocate(length)).array());
    }

    private static ByteBuffer fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("closed");
            }
        }
        return buffer.flip();
    }
}
