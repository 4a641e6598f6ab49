package dev.jurat.app.signer;

import dev.jurat.app.keys.Undumpable;
import dev.jurat.custody.Custody;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.SecretSource;
import dev.jurat.custody.kms.AwsKmsConfig;
import dev.jurat.custody.kms.AwsKmsCustody;
import dev.jurat.custody.pkcs11.Pkcs11Config;
import dev.jurat.custody.pkcs11.Pkcs11Custody;
import dev.jurat.custody.software.SoftwareCustody;
import dev.jurat.custody.tpm.TpmAddress;
import dev.jurat.custody.tpm.TpmCustody;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Which custody a signer's keys are in: {@code signer.json}, written once. No secret stands in it. */
public sealed interface SignerConfig {
    int BYTES_MAX = 4096;
    String TYPE = "https://jurat.dev/signer/v1";

    /** Files under one passphrase, in the folder {@code keys} beside this one. */
    record Software() implements SignerConfig {
        @Override
        public Custody open(Path folder, SecretSource secret) {
            return SoftwareCustody.in(
                    folder.resolve("keys"), secret, PassphraseSeal.Cost.STANDARD, RandomSource.secure());
        }

        @Override
        public String secret() {
            return "Passphrase of the signer's keys: ";
        }

        @Override
        public boolean firstSets() {
            return true;
        }

        @Override
        public byte[] bytes() {
            return write(start("software"));
        }
    }

    /** A PKCS#11 token, by its label, and its serial number where several have that. */
    record Token(Path module, String token, Optional<String> serial) implements SignerConfig {
        @Override
        public Custody open(Path folder, SecretSource secret) {
            return Pkcs11Custody.open(Pkcs11Config.of(module, token, serial), secret, RandomSource.secure());
        }

        @Override
        public String secret() {
            return "PIN of the token " + token + ": ";
        }

        @Override
        public boolean firstSets() {
            return false;
        }

        @Override
        public byte[] bytes() {
            return write(start("pkcs11")
                    .put("module", module.toString())
                    .put("serial", serial.map(Json::of))
                    .put("token", token));
        }
    }

    /** A TPM 2.0 of this machine; what it wrapped lies in the folder {@code keys} beside this one, under one passphrase. */
    record Tpm(TpmAddress address) implements SignerConfig {
        @Override
        public TpmCustody open(Path folder, SecretSource secret) {
            return TpmCustody.open(address, folder.resolve("keys"), secret, RandomSource.secure());
        }

        @Override
        public String secret() {
            return "Passphrase of the signer's keys: ";
        }

        @Override
        public boolean firstSets() {
            return true;
        }

        @Override
        public byte[] bytes() {
            return write(start("tpm").put("tpm", address.text()));
        }
    }

    /**
     * AWS KMS in a region, with the credentials of the environment or the file that AWS's own tools take.
     *
     * @param endpoint another address of it, as of an emulation on this machine
     */
    record AwsKms(String region, Optional<URI> endpoint) implements SignerConfig {
        /** What cannot be asked is not kept either. */
        public AwsKms {
            AwsKmsConfig.of(region, endpoint);
        }

        @Override
        public Custody open(Path folder, SecretSource secret) {
            // No passphrase is typed: the credentials are there from the beginning.
            Undumpable.make();
            return AwsKmsCustody.of(AwsKmsConfig.of(region, endpoint), System.getenv());
        }

        @Override
        public String secret() {
            return "";
        }

        @Override
        public boolean firstSets() {
            return false;
        }

        @Override
        public byte[] bytes() {
            return write(start("aws-kms")
                    .put("endpoint", endpoint.map(e -> Json.of(e.toString())))
                    .put("region", region));
        }
    }

    /** Opens the custody, with the secret that unlocks it. */
    Custody open(Path folder, SecretSource secret);

    /** How the secret is asked for at a terminal. */
    String secret();

    /** Whether the first key sets the secret. */
    boolean firstSets();

    byte[] bytes();

    private static JsonBuilder start(String custody) {
        return JsonBuilder.object().put("custody", custody).put("type", TYPE);
    }

    private static byte[] write(JsonBuilder object) {
        return CanonicalJson.write(object.build());
    }

    /** Reads it, in any spelling: {@code signer-config}, or the codes of {@link Fields}. */
    static SignerConfig read(byte[] bytes) throws FormatException {
        Fields in = Fields.of(CanonicalJson.readLoose(bytes), "signer");
        if (!in.string("type").equals(TYPE)) {
            throw new FormatException("signer-config", "not a signer's configuration of this version");
        }
        SignerConfig config = switch (in.string("custody")) {
            case "software" -> new Software();
            case "pkcs11" -> new Token(path(in.string("module")), in.string("token"), in.optionalString("serial"));
            case "tpm" -> new Tpm(TpmAddress.parse(in.string("tpm")));
            case "aws-kms" -> new AwsKms(in.string("region"), uri(in.optionalString("endpoint")));
            default -> throw new FormatException("signer-config", "no such custody");
        };
        in.end();
        return config;
    }

    private static Optional<URI> uri(Optional<String> text) throws FormatException {
        try {
            return text.map(URI::create);
        } catch (IllegalArgumentException e) {
            throw new FormatException("signer-config", "the endpoint is no address");
        }
    }

    private static Path path(String text) throws FormatException {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new FormatException("signer-config", "the module is no path");
        }
        throw new FormatException("signer-config", "the module is no absolute path");
    }
}
