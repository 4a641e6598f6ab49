package dev.jurat.tpm;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.tpm.TpmPublic;

/**
 * A key as it lies on disk: what its TPM alone can open, in canonical JSON ({@code docs/spec/tpm.md}, section 1). Worthless without that TPM; with
 * it and the password, as good as the key.
 *
 * @param parent the name of the key above it, in hexadecimal
 */
public record KeyBlob(String parent, byte[] sealed, TpmPublic area) {
    private static final String FORMAT = "jurat-tpm-key";
    private static final int BYTES_MAX = 4096;

    /** Reads what {@link #bytes} writes; anything else is {@code tpm-key-form}. */
    public static KeyBlob parse(byte[] bytes) {
        try {
            if (bytes.length > BYTES_MAX) {
                throw new FormatException("tpm-structure", "a key's file has " + BYTES_MAX + " bytes at most");
            }
            Fields in = Fields.of(CanonicalJson.readObject(bytes), "key");
            if (!in.string("format").equals(FORMAT) || in.integer("version") != 1) {
                throw new FormatException("tpm-structure", "this is no key's file of version 1");
            }
            KeyBlob blob = new KeyBlob(
                    in.string("parent"),
                    Base64Text.decode(in.string("sealed")),
                    TpmPublic.parse(Base64Text.decode(in.string("public"))));
            in.end();
            return blob;
        } catch (FormatException e) {
            throw new TpmException(TpmCode.KEY_FORM, "the key's file is not in its form: " + e.getMessage(), e);
        }
    }

    public byte[] bytes() {
        return CanonicalJson.write(JsonBuilder.object()
                .put("format", FORMAT)
                .put("parent", parent)
                .put("public", Base64Text.encode(area.bytes()))
                .put("sealed", Base64Text.encode(sealed))
                .put("version", 1)
                .build());
    }
}
