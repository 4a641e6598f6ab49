package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.SignerType;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * An identity key and the principal that it belongs to, in a file of mode 0600.
 *
 * <p>Security property: whoever can read the file is the principal. It keeps other users out and nobody else; sessions whose key lies
 * here say {@code isolation: same-user}.
 *
 * @param principal the registry id, {@code namespace/26 characters}
 */
public record KeyFile(String principal, SignerType type, SoftwareKey key) implements Identity {
    private static final String FORMAT = "https://jurat.dev/key-file/v1";

    /** A new principal of this namespace with a new key. */
    public static KeyFile generate(String namespace, SignerType type, RandomSource random) {
        return new KeyFile(namespace + "/" + Base32.encode(random.bytes(16)), type, SoftwareKey.generate(random));
    }

    /** Reads the file, or makes it with a new principal if there is none. Two processes at once end with one file. */
    public static KeyFile open(Path file, String namespace, SignerType type, RandomSource random)
            throws IOException, FormatException {
        if (!Files.exists(file)) {
            try {
                generate(namespace, type, random).write(file);
            } catch (FileAlreadyExistsException e) {
                return read(file);
            }
        }
        return read(file);
    }

    /**
     * Reads the file.
     *
     * @throws FormatException {@code key-file-open} if others than its owner may read it, or a code of JSON and members
     */
    public static KeyFile read(Path file) throws IOException, FormatException {
        byte[] bytes = bytes(file);
        try {
            return read(file, CanonicalJson.readLoose(bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** What is in a file that only its owner may read. */
    static byte[] bytes(Path file) throws IOException, FormatException {
        Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
        open.removeAll(PosixFilePermissions.fromString("rw-------"));
        if (!open.isEmpty()) {
            throw new FormatException("key-file-open", file + " may be read by others: chmod 600 it");
        }
        return Files.readAllBytes(file);
    }

    static KeyFile read(Path file, Json.Obj object) throws FormatException {
        Fields fields = Fields.of(object, "key");
        if (!fields.string("type").equals(FORMAT)) {
            throw new FormatException("key-file-type", file + " is not a key file");
        }
        String principal = fields.string("principal");
        SignerType signer = SignerType.parse(fields.string("class"));
        byte[] seed = Base64Text.decode(fields.string("seed"));
        try {
            fields.end();
            if (seed.length != SoftwareKey.SEED_BYTES) {
                throw new FormatException("key-file-seed", "the seed has " + SoftwareKey.SEED_BYTES + " bytes");
            }
            return new KeyFile(principal, signer, SoftwareKey.ofSeed(seed));
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** Writes a new file; never replaces one. Appears whole or not at all. */
    public void write(Path file) throws IOException {
        byte[] seed = key.dangerouslySeed();
        byte[] bytes = CanonicalJson.write(JsonBuilder.object()
                .put("class", type.wire())
                .put("principal", principal)
                .put("seed", Base64Text.encode(seed))
                .put("type", FORMAT)
                .build());
        try {
            write(file, bytes);
        } finally {
            Arrays.fill(seed, (byte) 0);
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public void close() {
        key.close();
    }

    static void write(Path file, byte[] bytes) throws IOException {
        Path folder =
                java.util.Objects.requireNonNull(file.toAbsolutePath().getParent(), "a key file lies in a folder");
        JuratHome.makePrivate(folder);
        Path draft = Files.createTempFile(
                folder, ".key", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(draft, bytes, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.createLink(file, draft);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
