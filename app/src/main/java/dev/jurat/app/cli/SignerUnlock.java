package dev.jurat.app.cli;

import dev.jurat.app.keys.Undumpable;
import dev.jurat.app.signer.SignerConfig;
import dev.jurat.custody.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the passphrase or PIN of a custody comes from: the terminal, or a file descriptor that whoever starts the command opened. */
final class SignerUnlock {
    private static final int BYTES_MAX = 1024;

    @Option(
            names = "--unlock-fd",
            paramLabel = "N",
            description = {
                "Read the passphrase or PIN from this open file descriptor, up to the first line's end (default: asked at the terminal).",
                "As in: jurat signer serve --unlock-fd 3 3</run/credentials/pin"
            })
    Optional<Integer> descriptor = Optional.empty();

    /** For a custody whose secret is there already. */
    SecretSource of(SignerConfig config) {
        return () -> descriptor.isPresent() ? read(descriptor.get()) : Terminal.passphrase(config.secret());
    }

    /** For the first key of a custody whose passphrase is what is typed now, twice at a terminal. */
    SecretSource newOne() {
        return () -> descriptor.isPresent() ? read(descriptor.get()) : Terminal.newPassphrase();
    }

    private static char[] read(int number) {
        Undumpable.make();
        Path descriptors = Path.of("/dev/fd");
        byte[] line = new byte[BYTES_MAX];
        // Byte by byte: a reader would leave the line in its buffer.
        try (InputStream in = Files.newInputStream(descriptors.resolve(String.valueOf(number)))) {
            int length = 0;
            int next = in.read();
            while (next >= 0 && next != '\n') {
                if (length == BYTES_MAX) {
                    throw Failure.terminal(
                            "passphrase-long",
                            "the line of file descriptor " + number + " has more than " + BYTES_MAX + " bytes",
                            "give a line that is shorter");
                }
                line[length++] = (byte) next;
                next = in.read();
            }
            if (length == 0) {
                throw Failure.terminal("passphrase-missing", "file descriptor " + number + " has no line", "");
            }
            return chars(ByteBuffer.wrap(line, 0, length));
        } catch (IOException e) {
            throw Failure.terminal(
                    "passphrase-missing", "file descriptor " + number + " cannot be read: " + Input.why(e), "");
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    private static char[] chars(ByteBuffer utf8) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(utf8);
        char[] out = new char[decoded.remaining()];
        decoded.get(out);
        Arrays.fill(decoded.array(), '\0');
        return out;
    }
}
