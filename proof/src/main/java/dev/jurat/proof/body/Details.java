package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Stream;
import java.util.Base64;
import java.util.Optional;

/** The members of one kind's body, beside {@code stream} and {@code sequence}. */
public sealed interface Details
        permits AuthorityDetails,
                CallDetails,
                CompromiseDetails,
                ConfigurationDetails,
                ExecutionDetails,
                FoldDetails,
                LedgerDetails,
                PersonDetails,
                PrincipalDetails,
                RegistryDetails {
    Json.Obj toJson();

    /** The body of the record at {@code sequence} of {@code stream} with these details. */
    default Body body(byte[] salt, Stream stream, long sequence) {
        return Body.of(salt, stream, sequence, toJson());
    }

    /** The members of a body, stream and sequence taken as read. */
    static Fields fields(Body body) throws FormatException {
        Fields fields = Fields.of(body.content(), "body");
        fields.string("stream");
        fields.integer("sequence");
        return fields;
    }

    static Salt salt(Fields in, String name) throws FormatException {
        String text = in.string(name);
        if (!Salt.isHex(text)) {
            throw new FormatException(
                    "salt-syntax", in.path() + "." + name + " is not 32 lower-case hexadecimal digits");
        }
        return Salt.fromHex(text);
    }

    static byte[] bytes(Fields in, String name) throws FormatException {
        return bytes(in.string(name), in.path() + "." + name);
    }

    static byte[] bytes(String text, String path) throws FormatException {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new FormatException("base64-syntax", path + " is not standard base64");
        }
        throw new FormatException("base64-syntax", path + " is not canonical base64");
    }

    static Optional<byte[]> optionalBytes(Fields in, String name) throws FormatException {
        return in.has(name) ? Optional.of(bytes(in, name)) : Optional.empty();
    }

    static Json.Str base64(byte[] bytes) {
        return new Json.Str(Base64.getEncoder().encodeToString(bytes));
    }
}
