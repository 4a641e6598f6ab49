package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.SignerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A principal and its identity key, which opens its sessions: in a file, or with a signer. */
public interface Identity extends AutoCloseable {
    /** The registry id, {@code namespace/26 characters}. */
    String principal();

    SignerType type();

    SigningKey key();

    /** Wipes what is here of the private key: nothing is signed by it any more. */
    @Override
    void close();

    /** Reads a key file or a signer file, or makes a key file with a new principal where there is none; errors as for {@link KeyFile#read}. */
    static Identity open(Path file, String namespace, SignerType type, RandomSource random)
            throws IOException, FormatException {
        return Files.exists(file) ? read(file) : KeyFile.open(file, namespace, type, random);
    }

    /** Reads either; errors as for {@link KeyFile#read}. */
    static Identity read(Path file) throws IOException, FormatException {
        byte[] bytes = KeyFile.bytes(file);
        Json.Obj object;
        try {
            object = CanonicalJson.readLoose(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        boolean signers = object.members().get("type") instanceof Json.Str type
                && type.value().equals(SignerFile.FORMAT);
        return signers ? SignerFile.read(object) : KeyFile.read(file, object);
    }
}
