package dev.jurat.identity;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.jurat.governance.PointFacts;
import dev.jurat.governance.Wanted;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.SignedRecord;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A token exchange (RFC 8693) whose subject is a signed intent, with the body that the intent names. Its signature is not checked yet.
 *
 * @param wanted the principal of the enforcement point, and what else was asked for
 * @param waitMillis how long the answer may wait for approvals; 0 to 25,000
 */
record TokenRequest(SignedRecord intent, Body body, Wanted wanted, long waitMillis, PointFacts point) {
    static final String SUBJECT_TYPE = "urn:jurat:token-type:intent";
    static final long WAIT_MILLIS_MAX = 25_000;

    private static final Set<String> UNMET =
            Set.of("actor_token", "actor_token_type", "requested_token_type", "resource", "scope");
    private static final Json.Obj NO_FACTS = PointFacts.NONE.toJson();

    /**
     * Parses a form; each parameter once.
     *
     * @throws FormatException {@code request-syntax}, {@code request-repeated}, {@code subject-type}, {@code audience-missing},
     *     {@code wait-range}, {@code kind-unwanted}, {@code body-mismatch}, {@code body-foreign}, and the codes of records and bodies
     */
    static TokenRequest parse(String form) throws FormatException {
        Map<String, List<String>> parameters = URLUtils.parseParameters(form);
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            if (parameter.getValue().size() != 1) {
                throw new FormatException("request-repeated", "a parameter stands twice: " + parameter.getKey());
            }
        }
        TokenExchangeGrant grant = grant(parameters);
        if (!grant.getSubjectTokenType().equals(type())) {
            throw new FormatException("subject-type", "the subject is a signed intent, of type " + SUBJECT_TYPE);
        }
        List<Audience> audience = grant.getAudience();
        if (audience == null || audience.size() != 1) {
            throw new FormatException("audience-missing", "audience names the enforcement point");
        }
        Fields subject = Fields.of(
                CanonicalJson.readObject(decode(grant.getSubjectToken().getValue())), "subject_token");
        SignedRecord intent = SignedRecord.of(Base64Text.decode(subject.string("payload")), signatures(subject));
        Body body = Body.read(Base64Text.decode(subject.string("body")));
        subject.end();
        if (intent.kind() != Kind.INTENT) {
            throw new FormatException("kind-unwanted", "the subject is no intent");
        }
        body.checkBelongsTo(intent.statement());
        return new TokenRequest(
                intent,
                body,
                new Wanted(audience.getFirst().getValue(), mismatch(parameters)),
                waitMillis(parameters),
                facts(parameters));
    }

    /** What RFC 8693 lets a client ask for and no intent stands for. It is denied on the ledger, since the intent is signed. */
    private static Optional<Reason> mismatch(Map<String, List<String>> parameters) {
        if (parameters.containsKey("actor_token") || parameters.containsKey("actor_token_type")) {
            return Optional.of(Reason.ACTOR_MISMATCH);
        }
        if (parameters.containsKey("resource")) {
            return Optional.of(Reason.TARGET_MISMATCH);
        }
        if (parameters.containsKey("scope")) {
            return Optional.of(Reason.SCOPE_MISMATCH);
        }
        return first(parameters, "requested_token_type", Answers.TOKEN_TYPE).equals(Answers.TOKEN_TYPE)
                ? Optional.empty()
                : Optional.of(Reason.TOKEN_TYPE_MISMATCH);
    }

    private static TokenExchangeGrant grant(Map<String, List<String>> parameters) throws FormatException {
        Map<String, List<String>> needed = new HashMap<>(parameters);
        needed.keySet().removeAll(UNMET);
        try {
            return TokenExchangeGrant.parse(needed);
        } catch (ParseException e) {
            throw new FormatException("request-syntax", String.valueOf(e.getMessage()));
        }
    }

    private static TokenTypeURI type() throws FormatException {
        try {
            return TokenTypeURI.parse(SUBJECT_TYPE);
        } catch (ParseException e) {
            throw new FormatException("subject-type", SUBJECT_TYPE);
        }
    }

    private static List<byte[]> signatures(Fields subject) throws FormatException {
        List<byte[]> out = new ArrayList<>();
        for (String signature : subject.strings("signatures")) {
            out.add(Base64Text.decode(signature));
        }
        return out;
    }

    private static long waitMillis(Map<String, List<String>> parameters) throws FormatException {
        String text = first(parameters, "jurat_wait_millis", "0");
        if (!text.matches("0|[1-9][0-9]{0,4}") || Long.parseLong(text) > WAIT_MILLIS_MAX) {
            throw new FormatException("wait-range", "jurat_wait_millis is 0 to " + WAIT_MILLIS_MAX);
        }
        return Long.parseLong(text);
    }

    private static PointFacts facts(Map<String, List<String>> parameters) throws FormatException {
        String text = first(parameters, "jurat_context", "");
        return PointFacts.read(text.isEmpty() ? NO_FACTS : CanonicalJson.readObject(decode(text)));
    }

    private static String first(Map<String, List<String>> parameters, String name, String otherwise) {
        return parameters.getOrDefault(name, List.of(otherwise)).getFirst();
    }

    private static byte[] decode(String text) throws FormatException {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new FormatException("request-syntax", "not base64url");
        }
    }
}
