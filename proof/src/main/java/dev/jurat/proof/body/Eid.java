package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * An execution identity as a token: an access token (RFC 9068) for one task at one enforcement point, bound to a session's key.
 *
 * <p>Security property: whoever has the token alone can use it nowhere, since each use is signed with the key in {@code cnf}; and it grants
 * nothing that the contract which it names does not. The mistake that looks right but is not: believing its {@code authorization_details}
 * without the contract's record on the ledger.
 *
 * @param issuer the log's origin as a URL
 * @param audience the principal of the one enforcement point
 * @param actor the principal that may act
 * @param issuedSeconds when it was minted, in seconds since 1970
 * @param expiresSeconds when it ends, in seconds since 1970
 * @param id names this token
 * @param key the session's key in standard base64
 * @param contractBody SHA-256 of the contract record's body
 */
public record Eid(
        String issuer,
        String audience,
        String actor,
        long issuedSeconds,
        long expiresSeconds,
        String id,
        String key,
        Tool tool,
        Hash contractBody,
        Records records) {
    /** The longest token, in characters. */
    public static final int CHARS_MAX = 4096;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final byte[] HEADER = CanonicalJson.write(
            JsonBuilder.object().put("alg", "EdDSA").put("typ", "at+jwt").build());

    /**
     * The records that the authority comes from.
     *
     * @param intent the one that the identity was minted for; where an approved call is repeated, another than the decision's
     */
    public record Records(RecordId intent, RecordId context, RecordId decision, RecordId contract) {
        /** The same authority, for another intent. */
        public Records withIntent(RecordId other) {
            return new Records(other, context, decision, contract);
        }

        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("contract", contract.hex())
                    .put("context", context.hex())
                    .put("decision", decision.hex())
                    .put("intent", intent.hex())
                    .build();
        }

        static Records read(Fields fields) throws FormatException {
            Records records = new Records(
                    RecordId.parse(fields.string("intent")),
                    RecordId.parse(fields.string("context")),
                    RecordId.parse(fields.string("decision")),
                    RecordId.parse(fields.string("contract")));
            fields.end();
            return records;
        }
    }

    /** The {@code iss} of a log's tokens. */
    public static String issuer(String origin) {
        return "https://" + origin;
    }

    /** The digest that identity records and use proofs carry. */
    public static Hash digest(String token) {
        return Hash.of(token.getBytes(StandardCharsets.US_ASCII));
    }

    /** Signs the token with the broker's key. */
    public String mint(SigningKey broker) {
        String unsigned = ENCODER.encodeToString(HEADER) + "." + ENCODER.encodeToString(CanonicalJson.write(claims()));
        byte[] signature = broker.sign(unsigned.getBytes(StandardCharsets.US_ASCII));
        String token = unsigned + "." + ENCODER.encodeToString(signature);
        if (token.length() > CHARS_MAX) {
            throw new IllegalStateException("a token of " + token.length() + " characters");
        }
        return token;
    }

    /**
     * A token taken apart; its signature is not checked yet.
     *
     * @param signed the bytes that the signature is over
     */
    public record Read(Eid eid, byte[] signed, byte[] signature) {
        public boolean isSignedBy(VerifyKey key) {
            return key.verifies(signed, signature);
        }
    }

    /**
     * Takes a token apart.
     *
     * @throws FormatException {@code eid-large}, {@code eid-syntax}, {@code eid-header}, {@code eid-claims}
     */
    public static Read read(String token) throws FormatException {
        if (token.length() > CHARS_MAX) {
            throw new FormatException("eid-large", "a token has at most " + CHARS_MAX + " characters");
        }
        List<String> parts = List.of(token.split("\\.", -1));
        if (parts.size() != 3) {
            throw new FormatException("eid-syntax", "a token has three parts");
        }
        if (!Arrays.equals(decode(parts.get(0)), HEADER)) {
            throw new FormatException("eid-header", "not the one header that tokens here have");
        }
        byte[] signed = (parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.US_ASCII);
        byte[] claims = decode(parts.get(1));
        byte[] signature = decode(parts.get(2));
        try {
            return new Read(ofClaims(CanonicalJson.readObject(claims)), signed, signature);
        } catch (FormatException e) {
            throw new FormatException("eid-claims", e.getMessage() == null ? e.code() : e.getMessage());
        }
    }

    /**
     * Verifies a token's form and signature; whether it is live is the ledger's question.
     *
     * @throws FormatException the codes of {@link #read}, and {@code eid-signature}
     */
    public static Eid verify(String token, VerifyKey broker) throws FormatException {
        Read read = read(token);
        if (!read.isSignedBy(broker)) {
            throw new FormatException("eid-signature", "not signed by this broker");
        }
        return read.eid();
    }

    /**
     * Checks that the token is for this enforcement point and not over.
     *
     * @throws FormatException {@code eid-audience}, {@code eid-expired}
     */
    public void checkFor(String point, long nowMillis) throws FormatException {
        if (!audience.equals(point)) {
            throw new FormatException("eid-audience", "the token is for another enforcement point");
        }
        if (nowMillis >= expiresSeconds * 1000) {
            throw new FormatException("eid-expired", "the token is over");
        }
    }

    /** The claims, as they stand in the token. */
    public Json.Obj claims() {
        return JsonBuilder.object()
                .put("aud", audience)
                .put("authorization_details", new Json.Arr(List.of(detail())))
                .put("client_id", actor)
                .put("cnf", JsonBuilder.object().put("jurat_key", key).build())
                .put("exp", expiresSeconds)
                .put("iat", issuedSeconds)
                .put("iss", issuer)
                .put("jti", id)
                .put("jurat", records.toJson())
                .put("sub", actor)
                .build();
    }

    private Json.Obj detail() {
        return JsonBuilder.object()
                .put("contract", contractBody.hex())
                .put("tool", tool.toJson())
                .put("type", Proposal.TYPE)
                .build();
    }

    private static Eid ofClaims(Json.Obj json) throws FormatException {
        Fields fields = Fields.of(json, "eid");
        List<Json> details = fields.array("authorization_details");
        if (details.size() != 1) {
            throw new FormatException("eid-claims", "one authorization detail");
        }
        Fields detail = Fields.of(details.getFirst(), "eid.authorization_details");
        expect(detail.string("type"), Proposal.TYPE);
        Tool tool = Tool.read(detail.object("tool"));
        String contractBody = detail.string("contract");
        detail.end();
        Fields cnf = fields.object("cnf");
        String key = cnf.string("jurat_key");
        cnf.end();
        expect(fields.string("client_id"), fields.string("sub"));
        if (!Hash.isHex(contractBody)) {
            throw new FormatException("eid-claims", "the contract is named by its body's digest");
        }
        Eid eid = new Eid(
                fields.string("iss"),
                fields.string("aud"),
                fields.string("sub"),
                fields.integer("iat", 0, Json.INTEGER_MAX / 1000),
                fields.integer("exp", 0, Json.INTEGER_MAX / 1000),
                fields.string("jti"),
                key,
                tool,
                Hash.fromHex(contractBody),
                Records.read(fields.object("jurat")));
        fields.end();
        return eid;
    }

    private static void expect(String value, String wanted) throws FormatException {
        if (!value.equals(wanted)) {
            throw new FormatException("eid-claims", "expected " + wanted);
        }
    }

    private static byte[] decode(String part) throws FormatException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (ENCODER.encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new FormatException("eid-syntax", "a part is not base64url");
        }
        throw new FormatException("eid-syntax", "a part is not canonical base64url");
    }
}
