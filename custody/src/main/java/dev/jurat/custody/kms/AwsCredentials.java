package dev.jurat.custody.kms;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who calls AWS. Read for each call, so that keys that are exchanged count at once.
 *
 * <p>Security property: nothing prints the secret; it is in strings, which cannot be wiped. The environment of a process can be read by others of its
 * user: a file is better, and the role of a machine, which this does not know, best.
 */
record AwsCredentials(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
    private static final int FILE_BYTES_MAX = 256 << 10;
    private static final Pattern ID = Pattern.compile("\\w{1,128}");
    /** What can stand in a header: whatever refused it there would show it. */
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,8192}");

    AwsCredentials {
        boolean sound = ID.matcher(accessKeyId).matches()
                && PRINTABLE.matcher(secretAccessKey).matches()
                && PRINTABLE.matcher(sessionToken.orElse("-")).matches();
        if (!sound) {
            throw CustodyException.of(
                    CustodyCode.LOCKED, "the AWS credentials are out of form, as by a space or a line's end in one");
        }
    }

    /** Of the variables that AWS's own tools take, else of the profile in their file. */
    static AwsCredentials of(Map<String, String> environment) {
        String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
        String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        if (!id.isEmpty() && !secret.isEmpty()) {
            return new AwsCredentials(id, secret, present(environment.get("AWS_SESSION_TOKEN")));
        }
        String named = environment.getOrDefault("AWS_SHARED_CREDENTIALS_FILE", "");
        String home = environment.getOrDefault("HOME", "");
        if (named.isEmpty() && home.isEmpty()) {
            // Not the folder that this runs in: whoever can write there would say who calls.
            throw CustodyException.of(
                    CustodyCode.LOCKED, "there are no AWS credentials in the environment, and no HOME");
        }
        Path file = named.isEmpty() ? Path.of(home, ".aws", "credentials") : Path.of(named);
        return ofFile(file, environment.getOrDefault("AWS_PROFILE", "default"));
    }

    private static AwsCredentials ofFile(Path file, String profile) {
        Map<String, String> found = new HashMap<>();
        String section = "";
        for (String line : read(file).lines().map(String::strip).toList()) {
            int cut = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1).strip();
            } else if (section.equals(profile) && cut > 0 && !line.startsWith("#")) {
                found.put(
                        line.substring(0, cut).strip(), line.substring(cut + 1).strip());
            }
        }
        String id = found.getOrDefault("aws_access_key_id", "");
        String secret = found.getOrDefault("aws_secret_access_key", "");
        if (id.isEmpty() || secret.isEmpty()) {
            throw CustodyException.of(CustodyCode.LOCKED, file + " has no credentials of the profile " + profile);
        }
        return new AwsCredentials(id, secret, present(found.get("aws_session_token")));
    }

    private static String read(Path file) {
        try {
            Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
            open.addAll(Files.getPosixFilePermissions(file));
            open.removeAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            if (!open.isEmpty()) {
                throw new CustodyException(CustodyCode.UNSAFE, file + " is open to others", "chmod 600 " + file);
            }
            if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
                throw CustodyException.of(CustodyCode.UNSAFE, file + " is no plain file, or a huge one");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw CustodyException.of(
                    CustodyCode.LOCKED,
                    "there are no AWS credentials, in the environment or in " + file,
                    Optional.of(e));
        }
    }

    private static Optional<String> present(@org.jspecify.annotations.Nullable String text) {
        return Optional.ofNullable(text).filter(t -> !t.isEmpty());
    }

    @Override
    public String toString() {
        return "AwsCredentials[" + accessKeyId + "]";
    }
}
