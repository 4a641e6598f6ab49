package dev.jurat.custody.tpm;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.tpm.TpmPublic;

/**
 * A key as it lies on disk: what its TPM alone can open, in canonical JSON ({@code docs/spec/tpm.md}, section 1). Worthless without that TPM; with
 * it and the password, as good as the key.
 *
 * @param parent the name of the key above it, 68 hexadecimal digits
 */
record KeyBlob(String parent, byte[] sealed, TpmPublic area) {
    /** The bytes of a key's file, at most. */
    static final int BYTES_MAX = 4096;

    private static final String TYPE = "https://jurat.dev/tpm-key/v1";

    VerifyKey key() {
        return area.point().key();
    }

    /** Reads what {@link #bytes} writes under the same name. */
    static KeyBlob parse(String name, byte[] bytes) {
        try {
            Fields in = Fields.of(CanonicalJson.readObject(bytes), "key");
            require(in.string("type").equals(TYPE), "this is no key's file of version 1");
            require(in.string("name").equals(name), "this is the file of another key");
            String parent = in.string("parent");
            require(parent.matches("[0-9a-f]{68}"), "the parent is no name");
            byte[] sealed = Base64Text.decode(in.string("sealed"));
            require(sealed.length <= Commands.SEALED_MAX, "the sealed part is too long");
            TpmPublic area = TpmPublic.parse(Base64Text.decode(in.string("public")));
            in.end();
            require(Templates.SIGNING.made(area), "the key is none that is made here");
            return new KeyBlob(parent, sealed, area);
        } catch (FormatException e) {
            throw new TpmException(
                    TpmCode.KEY_FORM, "the file of the key " + name + " is not in its form: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String message) throws FormatException {
        if (!holds) {
            throw new FormatException("member-value", message);
        }
    }

    byte[] bytes(String name) {
        return CanonicalJson.write(JsonBuilder.object()
                .put("name", name)
                .put("parent", parent)
                .put("public", Base64Text.encode(area.bytes()))
                .put("sealed", Base64Text.encode(sealed))
                .put("type", TYPE)
                .build());
    }
}
