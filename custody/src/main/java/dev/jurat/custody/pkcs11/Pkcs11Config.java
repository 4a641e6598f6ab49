package dev.jurat.custody.pkcs11;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which token, and how it is used.
 *
 * @param module the file of the module, such as {@code libsofthsm2.so}
 * @param label the token's label
 * @param serial its serial number, where several have the label
 * @param timeout what one operation may take, a login included
 * @param sessionsMax sessions, and so operations, at once
 */
public record Pkcs11Config(Path module, String label, Optional<String> serial, Duration timeout, int sessionsMax) {
    public static final Duration TIMEOUT = Duration.ofSeconds(10);
    public static final int SESSIONS_MAX = 8;

    /** With the usual bounds. */
    public static Pkcs11Config of(Path module, String label, Optional<String> serial) {
        return new Pkcs11Config(module, label, serial, TIMEOUT, SESSIONS_MAX);
    }
}
