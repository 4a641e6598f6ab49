package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The details of one record, beside the tree under their digest: 16 bytes of salt, then a canonical object that names its stream and
 * sequence ({@code docs/spec/record.md} §5).
 *
 * <p>A body belongs to one record and can be erased; the salt keeps what is left from being guessed. Immutable.
 */
public final class Body {
    public static final int SALT_BYTES = 16;
    /** The largest body, in bytes, salt included. */
    public static final int BYTES_MAX = 32 << 20;

    private final byte[] bytes;
    private final Json.Obj content;

    private Body(byte[] bytes, Json.Obj content) {
        this.bytes = bytes;
        this.content = content;
    }

    /** A body for the record at {@code sequence} of {@code stream}, with the members of {@code details}. */
    public static Body of(byte[] salt, Stream stream, long sequence, Json.Obj details) {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("a body's salt has " + SALT_BYTES + " bytes");
        }
        Json.Obj content = details.with("stream", Json.of(stream.toString())).with("sequence", Json.of(sequence));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(salt);
        out.writeBytes(CanonicalJson.write(content));
        return new Body(out.toByteArray(), content);
    }

    /** Reads a body; {@code body-short}, {@code body-large}, or a code of {@link CanonicalJson}. */
    public static Body read(byte[] bytes) throws FormatException {
        if (bytes.length < SALT_BYTES + 2) {
            throw new FormatException("body-short", "a body begins with " + SALT_BYTES + " bytes of salt");
        }
        if (bytes.length > BYTES_MAX) {
            throw new FormatException("body-large", "a body has at most " + BYTES_MAX + " bytes");
        }
        byte[] copy = bytes.clone();
        Json.Obj content = CanonicalJson.readObject(Arrays.copyOfRange(copy, SALT_BYTES, copy.length));
        return new Body(copy, content);
    }

    /**
     * Checks that this is the body of the statement: same digest, same stream, same sequence.
     *
     * @throws FormatException {@code body-mismatch} or {@code body-foreign}
     */
    public void checkBelongsTo(Statement statement) throws FormatException {
        if (!digest().equals(statement.subject())) {
            throw new FormatException("body-mismatch", "the statement names another body");
        }
        checkPlace(statement);
    }

    /** Checks, of a body whose digest is the statement's, that it is for the same stream and sequence; {@code body-foreign}. */
    public void checkPlace(Statement statement) throws FormatException {
        Fields fields = Fields.of(content, "body");
        boolean same =
                fields.string("stream").equals(statement.header().stream().toString())
                        && fields.integer("sequence") == statement.header().sequence();
        if (!same) {
            throw new FormatException("body-foreign", "the body was made for another record");
        }
    }

    public Hash digest() {
        return Hash.of(bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public byte[] salt() {
        return Arrays.copyOf(bytes, SALT_BYTES);
    }

    /** The object after the salt, stream and sequence included. */
    public Json.Obj content() {
        return content;
    }
}
