package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;

/** What a state proof is about ({@code docs/spec/state.md} §5). */
public sealed interface Subject {
    /** Where a stream stands: its next number and the record before it. */
    record OfStream(Stream stream) implements Subject {}

    /** Whether a principal is suspended, and which sessions it has had: all of them. */
    record OfPrincipal(String principal) implements Subject {}

    /** How far a contract is used, and whether it is still in force. */
    record OfContract(RecordId contract) implements Subject {}

    /** How far an identity is used, and whether it may still be used. */
    record OfIdentity(RecordId identity) implements Subject {}

    /** Whose key it is, and whether they may still sign with it. */
    record OfKey(String key) implements Subject {}

    /** Whether a policy is withdrawn or revoked. */
    record OfPolicy(RecordId policy) implements Subject {}

    /** The word for its kind. */
    default String kind() {
        return switch (this) {
            case OfStream s -> "stream";
            case OfPrincipal p -> "principal";
            case OfContract c -> "contract";
            case OfIdentity i -> "identity";
            case OfKey k -> "key";
            case OfPolicy p -> "policy";
        };
    }

    /** Its name among those of its kind. */
    default String id() {
        return switch (this) {
            case OfStream(Stream stream) -> stream.toString();
            case OfPrincipal(String principal) -> principal;
            case OfContract(RecordId contract) -> contract.hex();
            case OfIdentity(RecordId identity) -> identity.hex();
            case OfKey(String key) -> key;
            case OfPolicy(RecordId policy) -> policy.hex();
        };
    }

    /**
     * Reads kind and name.
     *
     * @throws FormatException {@code subject-kind}, or the code of a name that its kind cannot have: {@code stream-syntax},
     *     {@code principal-syntax}, {@code session-syntax}, {@code record-id}, {@code key-invalid}
     */
    static Subject parse(String kind, String id) throws FormatException {
        return switch (kind) {
            case "stream" -> new OfStream(Stream.parse(id));
            case "principal" -> new OfPrincipal(principal(id));
            case "contract" -> new OfContract(RecordId.parse(id));
            case "identity" -> new OfIdentity(RecordId.parse(id));
            case "key" -> new OfKey(VerifyKey.parse(id).text());
            case "policy" -> new OfPolicy(RecordId.parse(id));
            default ->
                throw new FormatException(
                        "subject-kind", "a subject is a stream, principal, contract, identity, key or policy");
        };
    }

    /** A principal has the form that it has before the name of a session. */
    private static String principal(String id) throws FormatException {
        return Stream.parse(id + "/" + Stream.LEDGER.session()).principal();
    }

    default Json.Obj toJson() {
        return JsonBuilder.object().put("id", id()).put("kind", kind()).build();
    }

    static Subject read(Fields in) throws FormatException {
        Subject subject = parse(in.string("kind"), in.string("id"));
        in.end();
        return subject;
    }
}
