package dev.jurat.gateway.mcp;

import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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

    /** What Linux takes as one variable. */
    private static final int BYTES_MAX = 128 << 10;

    private ChildEnvironment() {}

    /** The variables; {@code credential-…} where one is not there, or may be read by others. */
    static Map<String, String> of(Map<String, String> own, Map<String, String> credentials, JuratHome home)
            throws WrapException {
        Map<String, String> out = new TreeMap<>();
        for (String name : PLAIN) {
            Optional.ofNullable(own.get(name)).ifPresent(v -> out.put(name, v));
        }
        for (Map.Entry<String, String> named : credentials.entrySet()) {
            String value = named.getValue().isEmpty()
                    ? own.get(named.getKey())
                    : read(home.credentials().resolve(named.getValue()));
            if (value == null) {
                throw WrapException.missing(
                        "credential-missing",
                        "the variable " + named.getKey() + " is not set here",
                        "set it where the client starts this, or keep it: --env " + named.getKey() + "=CREDENTIAL");
            }
            out.put(named.getKey(), value);
        }
        return out;
    }

    private static String read(Path file) throws WrapException {
        if (!Files.isRegularFile(file)) {
            throw WrapException.missing(
                    "credential-missing", "there is no credential " + file, "write it there, with mode 0600");
        }
        try {
            if (!PosixFilePermissions.fromString("rw-------").containsAll(Files.getPosixFilePermissions(file))) {
                throw WrapException.missing(
                        "credential-open", "the credential " + file + " may be read by others", "chmod 600 " + file);
            }
            if (Files.size(file) > BYTES_MAX) {
                throw unusable(file, "is longer than a variable can be");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            if (text.indexOf('\0') >= 0) {
                throw unusable(file, "has a zero byte");
            }
            // Files that people write end in a line end; it is no part of the secret.
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw unusable(file, "is not UTF-8 text");
        } catch (IOException e) {
            throw WrapException.of(e);
        }
    }

    private static WrapException unusable(Path file, String why) {
        return WrapException.missing("credential-syntax", "the credential " + file + " " + why, "write it again");
    }

    /** The file that this name means to a process with these variables; {@code server-missing} where none is there. */
    static String program(String name, Map<String, String> variables) throws WrapException {
        if (name.contains("/")) {
            if (!Files.exists(Path.of(name))) {
                throw noServer("there is no " + name);
            }
            return name;
        }
        for (String folder :
                variables.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")) {
            Path file = Path.of(folder).resolve(name);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file.toString();
            }
        }
        throw noServer("no program " + name + " is on the PATH that the server gets");
    }

    private static WrapException noServer(String why) {
        return WrapException.missing(
                "server-missing", why, "check the command after --, or name its program by an absolute path");
    }

    /** Where the credentials come from, in the word of the session's body. */
    static String source(Map<String, String> credentials) {
        long own = credentials.values().stream().filter(String::isEmpty).count();
        if (credentials.isEmpty()) {
            return "none";
        }
        return own == 0 ? "keystore" : own == credentials.size() ? "environment" : "mixed";
    }
}
