package dev.jurat.sdk;

import dev.jurat.custody.signer.SignerKey;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.SignerType;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A principal whose identity key a signer keeps: which socket, which key there, and its public half.
 *
 * <p>Security property: the file has nothing secret. Whoever changes it can have other signatures asked for, and gets none that this key has not
 * made: the public half here is what they must verify under.
 *
 * @param name the key's name with the signer
 */
public record SignerFile(String principal, SignerType type, VerifyKey publicKey, Path socket, String name)
        implements Identity {
    static final String FORMAT = "https://jurat.dev/signer-key/v1";
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    @Override
    public SigningKey key() {
        return SignerKey.of(socket, name, publicKey, TIMEOUT);
    }

    @Override
    public void close() {
        // Nothing of the private key is here.
    }

    static SignerFile read(Json.Obj object) throws FormatException {
        Fields in = Fields.of(object, "key");
        in.string("type");
        SignerFile file = new SignerFile(
                in.string("principal"),
                SignerType.parse(in.string("class")),
                VerifyKey.parse(Suite.parse(in.string("suite")), in.string("key")),
                path(in.string("socket")),
                in.string("name"));
        in.end();
        return file;
    }

    private static Path path(String text) throws FormatException {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new FormatException("key-file-type", "the signer's socket is no path");
        }
        throw new FormatException("key-file-type", "the signer's socket is no absolute path");
    }

    /** Writes a new file; never replaces one. Appears whole or not at all. */
    public void write(Path file) throws IOException {
        KeyFile.write(
                file,
                CanonicalJson.write(JsonBuilder.object()
                        .put("class", type.wire())
                        .put("key", publicKey.text())
                        .put("name", name)
                        .put("principal", principal)
                        .put("socket", socket.toString())
                        .put("suite", publicKey.suite().text())
                        .put("type", FORMAT)
                        .build()));
    }
}
