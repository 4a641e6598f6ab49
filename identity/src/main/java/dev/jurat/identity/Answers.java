package dev.jurat.identity;

import dev.jurat.governance.PushedBackException;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;

/** The answers of the token endpoint. Each says whether the signed intent is on the ledger now, and so used its number. */
final class Answers {
    static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:jwt";

    private static final String PUBLISH = "an administrator publishes one: jurat policy publish starter@v1";

    private Answers() {}

    /**
     * An identity.
     *
     * @param contractBody the contract's body, by which the point checks limits and targets
     * @param places where the records stand
     */
    record Issued(
            String token,
            long expiresInSeconds,
            Eid.Records records,
            RecordId identity,
            byte[] contractBody,
            RecordId clock,
            Places places,
            String mode) {}

    static TokenAnswer issued(Issued issued, boolean recorded) {
        Json.Obj records = issued.records()
                .toJson()
                .with("identity", Json.of(issued.identity().hex()));
        return new TokenAnswer(
                200,
                JsonBuilder.object()
                        .put("access_token", issued.token())
                        .put("issued_token_type", TOKEN_TYPE)
                        .put("token_type", "N_A")
                        .put("expires_in", issued.expiresInSeconds())
                        .put("jurat_records", records)
                        .put("jurat_contract", Base64Text.encode(issued.contractBody()))
                        .put("jurat_clock", issued.clock().hex())
                        .put("jurat_receipt", issued.places().toJson())
                        .put("jurat_mode", issued.mode())
                        .put("jurat_recorded", recorded)
                        .build());
    }

    static TokenAnswer pending(RecordId decision, long wanted, String reason, String help, boolean recorded) {
        return error(400, "authorization_pending", List.of(reason), help, recorded)
                .put("jurat_decision", decision.hex())
                .put("jurat_wanted", wanted)
                .answer();
    }

    static TokenAnswer denied(Optional<RecordId> decision, List<String> codes, String help, boolean recorded) {
        Draft draft = error(400, "access_denied", codes, help, recorded);
        decision.ifPresent(id -> draft.put("jurat_decision", id.hex()));
        return draft.answer();
    }

    /**
     * An equal call was approved under this salt.
     *
     * @param approved the approved bytes, where those of the intent only mean the same
     */
    static TokenAnswer useSalt(Salt salt, Optional<byte[]> approved, boolean recorded) {
        Draft draft = error(400, "use_salt", List.of("approved"), "Sign the intent again under this salt.", recorded)
                .put("jurat_salt", salt.hex());
        approved.ifPresent(bytes -> draft.put("jurat_arguments", Base64Text.encode(bytes)));
        return draft.answer();
    }

    static TokenAnswer malformed(String code, String message) {
        return error(400, "invalid_request", List.of(code), message, false).answer();
    }

    /** The ledger did not take the intent. With the members of every other error, so that whoever asked is told the cause and not its class. */
    static TokenAnswer notTaken(String code, String message) {
        return error(400, "invalid_grant", List.of(code), message, false)
                .put("code", code)
                .put("next", code.equals(PushedBackException.POLICY_MISSING) ? PUBLISH : "jurat doctor")
                .answer();
    }

    static TokenAnswer unavailable(String code, String message) {
        return error(503, "temporarily_unavailable", List.of(code), message, false)
                .answer();
    }

    private static Draft error(int status, String error, List<String> codes, String help, boolean recorded) {
        JsonBuilder json = JsonBuilder.object()
                .put("error", error)
                .put("error_description", help.isEmpty() ? "Not granted: " + String.join(", ", codes) + "." : help)
                .strings("jurat_codes", codes)
                .put("jurat_help", help)
                .put("jurat_recorded", recorded);
        return new Draft(status, json);
    }

    private record Draft(int status, JsonBuilder json) {
        Draft put(String name, String value) {
            json.put(name, value);
            return this;
        }

        Draft put(String name, long value) {
            json.put(name, value);
            return this;
        }

        TokenAnswer answer() {
            return new TokenAnswer(status, json.build());
        }
    }
}
