package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.MlDsaKey;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The ML-DSA-44 key of a log's second line, in a file of mode 0600: {@code seed} in base64, and {@code type}. */
final class SecondKeyFile {
    private static final String FORMAT = "https://jurat.dev/second-key/v1";
    private static final int BYTES_MAX = 4096;

    private SecondKeyFile() {}

    /**
     * Reads the key, where there is one; makes it where it is wanted and there is none.
     *
     * @throws FormatException {@code key-file-type}, {@code key-file-seed}, or a code of JSON and members
     */
    static Optional<MlDsaKey> open(Path file, boolean wanted, RandomSource random) throws IOException, FormatException {
        if (wanted && !Files.exists(file)) {
            // A crash before this ends leaves no key: nobody has been told of it, and the next start that wants one
            // makes another.
            byte[] made = bytes(MlDsaKey.generate(random));
            PrivateFiles.write(file, made);
            Arrays.fill(made, (byte) 0);
        }
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static byte[] bytes(MlDsaKey key) {
        byte[] seed = key.dangerouslySeed();
        String text = Base64Text.encode(seed);
        Arrays.fill(seed, (byte) 0);
        return CanonicalJson.write(
                JsonBuilder.object().put("seed", text).put("type", FORMAT).build());
    }

    private static MlDsaKey read(Path file) throws IOException, FormatException {
        Fields in = Fields.of(CanonicalJson.readLoose(PrivateFiles.read(file, BYTES_MAX)), "key");
        if (!in.string("type").equals(FORMAT)) {
            throw new FormatException("key-file-type", file + " is not the key of a second line");
        }
        byte[] seed = Base64Text.decode(in.string("seed"));
        in.end();
        if (seed.length != MlDsaKey.SEED_BYTES) {
            throw new FormatException("key-file-seed", "the seed has " + MlDsaKey.SEED_BYTES + " bytes");
        }
        try {
            return MlDsaKey.ofSeed(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }
}
