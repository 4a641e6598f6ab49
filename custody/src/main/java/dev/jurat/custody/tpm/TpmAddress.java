package dev.jurat.custody.tpm;

import dev.jurat.proof.FormatException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a TPM is reached. */
public sealed interface TpmAddress {
    /** A character device: {@code /dev/tpmrm0}, where the kernel shares the TPM, or {@code /dev/tpm0}, where nobody does. */
    record Device(Path path) implements TpmAddress {}

    /** swtpm behind TCP. Not encrypted, and asks nobody who they are: for this machine only. */
    record Tcp(String host, int port) implements TpmAddress {}

    /** swtpm behind a Unix socket. */
    record Unix(Path path) implements TpmAddress {}

    /** Such as {@code /dev/tpmrm0}, {@code tcp:127.0.0.1:2321} or {@code unix:/run/tpm.sock}. */
    default String text() {
        return switch (this) {
            case Device device -> device.path().toString();
            case Tcp tcp -> "tcp:" + tcp.host() + ":" + tcp.port();
            case Unix unix -> "unix:" + unix.path();
        };
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws FormatException {@code tpm-address}
     */
    static TpmAddress parse(String text) throws FormatException {
        Matcher tcp = Pattern.compile("tcp:([A-Za-z0-9.-]+):([1-9][0-9]{0,4})").matcher(text);
        if (tcp.matches() && Integer.parseInt(tcp.group(2)) < 65_536) {
            return new Tcp(tcp.group(1), Integer.parseInt(tcp.group(2)));
        }
        try {
            Path path = Path.of(text.startsWith("unix:") ? text.substring(5) : text);
            if (path.isAbsolute()) {
                return text.startsWith("unix:") ? new Unix(path) : new Device(path);
            }
        } catch (InvalidPathException e) {
            throw new FormatException("tpm-address", "the TPM's address is no path");
        }
        throw new FormatException(
                "tpm-address", "the TPM's address is /dev/tpmrm0, unix:/PATH of a socket, or tcp:HOST:PORT");
    }
}
