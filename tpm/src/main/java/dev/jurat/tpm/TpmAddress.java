package dev.jurat.tpm;

import java.nio.file.Path;

/** Where a TPM is reached. */
public sealed interface TpmAddress {
    /** A character device: {@code /dev/tpmrm0}, where the kernel shares the TPM, or {@code /dev/tpm0}, where nobody does. */
    record Device(Path path) implements TpmAddress {}

    /** swtpm behind TCP. Not encrypted: for this machine only. */
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
}
