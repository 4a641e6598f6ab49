package dev.jurat.gateway.mcp;

import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The environment of the server's process: what a program needs to run at all, and the variables that were named.
 *
 * <p>Security property: nothing else of this process's environment reaches the server. The mistake that looks right but is not: passing
 * all of it on and taking a few names out.
 */
final class ChildEnvironment {
    private static final List<String> PLAIN =
            List.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TERM");

    private ChildEnvironment() {}

    /** The variables; a credential that is not there, or that others may read, is an error that names the file. */
    static Map<String, String> of(Map<String, String> own, Map<String, String> credentials, JuratHome home)
            throws IOException {
        Map<String, String> out = new TreeMap<>();
        for (String name : PLAIN) {
            Optional.ofNullable(own.get(name)).ifPresent(v -> out.put(name, v));
        }
        for (Map.Entry<String, String> named : credentials.entrySet()) {
            String value = named.getValue().isEmpty()
                    ? own.get(named.getKey())
                    : read(home.credentials().resolve(named.getValue()));
            if (value == null) {
                throw new IOException("the variable " + named.getKey() + " is not set here");
            }
            out.put(named.getKey(), value);
        }
        return out;
    }

    private static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no credential " + file + "; make it with mode 0600");
        }
        if (!PosixFilePermissions.fromString("rw-------").containsAll(Files.getPosixFilePermissions(file))) {
            throw new IOException("the credential " + file + " may be read by others: chmod 600 it");
        }
        return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    }

    /** Where the credentials come from, in the word of the session's body. */
    static String source(Map<String, String> credentials) {
        if (credentials.isEmpty()) {
            return "none";
        }
        return credentials.values().stream().allMatch(String::isEmpty) ? "environment" : "keystore";
    }
}
