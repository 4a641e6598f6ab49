package dev.jurat.proof.tpm;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Optional;

/**
 * What is shown of a key that is said to live in a TPM: a closed object ({@code docs/spec/tpm.md}). It says nothing until {@link TpmCheck}
 * has checked it.
 *
 * @param attestationKey the public area of the key that signed
 * @param key the public area of the key that is certified
 * @param name the name of that key, in hexadecimal
 * @param attestation the bytes signed
 * @param signature r ‖ s, 64 bytes
 * @param manufacturer four characters that the TPM says of itself; signed by nobody
 * @param firmware the version it says of itself, in hexadecimal
 * @param endorsement the certificate of its endorsement key, if it keeps one: bound to nothing here
 */
public record TpmEvidence(
        byte[] attestationKey,
        byte[] key,
        String name,
        byte[] attestation,
        byte[] signature,
        String manufacturer,
        String firmware,
        Optional<byte[]> endorsement) {
    public static final String TYPE = "https://jurat.dev/tpm-evidence/v1";
    /** The bytes of evidence, at most. */
    public static final int BYTES_MAX = 16_384;

    /** The bytes of a challenge, at most. */
    public static final int CHALLENGE_MAX = 32;

    private static final int ENDORSEMENT_MAX = 8_192;

    /**
     * Reads what {@link #bytes} writes.
     *
     * @throws FormatException {@code tpm-evidence-size}, {@code tpm-evidence-format}, or a code of canonical JSON and its members
     */
    public static TpmEvidence parse(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw new FormatException("tpm-evidence-size", "evidence has " + BYTES_MAX + " bytes at most");
        }
        Fields in = Fields.of(CanonicalJson.readObject(bytes), "evidence");
        if (!in.string("type").equals(TYPE)) {
            throw new FormatException("tpm-evidence-format", "this is no evidence of version 1");
        }
        Fields tpm = in.object("tpm");
        TpmEvidence evidence = new TpmEvidence(
                Base64Text.decode(in.string("attestationKey")),
                Base64Text.decode(in.string("key")),
                text(in.string("name"), "[0-9a-f]{68}"),
                Base64Text.decode(in.string("attestation")),
                Base64Text.decode(in.string("signature")),
                text(tpm.string("manufacturer"), "[ -~]{1,4}"),
                text(tpm.string("firmware"), "[0-9a-f]{16}"),
                endorsement(in));
        tpm.end();
        in.end();
        return evidence;
    }

    private static String text(String value, String pattern) throws FormatException {
        if (!value.matches(pattern)) {
            throw new FormatException("tpm-evidence-format", "a member of the evidence is out of form");
        }
        return value;
    }

    private static Optional<byte[]> endorsement(Fields in) throws FormatException {
        Optional<String> text = in.optionalString("endorsementCertificate");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = Base64Text.decode(text.get());
        if (bytes.length == 0 || bytes.length > ENDORSEMENT_MAX) {
            throw new FormatException("tpm-evidence-size", "a certificate has 1 to " + ENDORSEMENT_MAX + " bytes");
        }
        return Optional.of(bytes);
    }

    /**
     * The name of the attestation key, as whoever made this says.
     *
     * @throws FormatException as for {@link TpmPublic#parse}
     */
    public String attestationKeyName() throws FormatException {
        return TpmPublic.parse(attestationKey).nameText();
    }

    /** In canonical JSON. */
    public byte[] bytes() {
        Json.Obj tpm = JsonBuilder.object()
                .put("firmware", firmware)
                .put("manufacturer", manufacturer)
                .build();
        return CanonicalJson.write(JsonBuilder.object()
                .put("attestation", Base64Text.encode(attestation))
                .put("attestationKey", Base64Text.encode(attestationKey))
                .put(
                        "endorsementCertificate",
                        endorsement.map(Base64Text::encode).map(Json.Str::new))
                .put("key", Base64Text.encode(key))
                .put("name", name)
                .put("signature", Base64Text.encode(signature))
                .put("tpm", tpm)
                .put("type", TYPE)
                .build());
    }
}
