package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.Owner;
import dev.jurat.app.http.Route;
import dev.jurat.governance.PushedBackException;
import dev.jurat.governance.UnavailableException;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Halt;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.Quorum;
import dev.jurat.ledger.RecordAnswer;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Flag;
import java.util.List;
import java.util.Map;

/** What the ledger says, as HTTP says it. */
final class Answers {
    private static final String PUSHED_BACK = "nothing was taken: ";

    private Answers() {}

    static ApiException of(LedgerException e) {
        boolean caller = e.owner() == LedgerException.Owner.YOU;
        Owner owner = switch (e.owner()) {
            case YOU -> Owner.YOU;
            case OPERATOR -> Owner.OPERATOR;
            case JURAT -> Owner.JURAT;
        };
        return new ApiException(caller ? 404 : 503, e.code(), String.valueOf(e.getMessage()), owner, e.next());
    }

    static ApiException of(PushedBackException e) {
        return new ApiException(409, e.code(), String.valueOf(e.getMessage()), Owner.YOU, pushedBackNext(e.code()));
    }

    /** What helps whoever was pushed back; the codes are those of {@code docs/spec/lifecycle.md} §3, and the ledger's bounds. */
    static String pushedBackNext(String code) {
        return switch (code) {
            case "conflict" ->
                "the ledger has kept this record as a conflict, and an agent's or a service's session is suspended by it; never"
                        + " sign two records for one number. What came of it: jurat log list";
            case "sequence-gap", "previous-mismatch" ->
                PUSHED_BACK + "sign again after what stands in the stream by now, which shows in: jurat log list";
            case "stream-ended" -> PUSHED_BACK + "the stream has ended, so open another session and sign there";
            case "stream-unknown" ->
                PUSHED_BACK
                        + "the stream is not open: send the record that opens it first, alone; what there is: jurat log list";
            case "stream-name" ->
                PUSHED_BACK + "the record that opens a stream gives it another name than it has to have";
            case "signature-invalid" ->
                PUSHED_BACK
                        + "sign the record's very bytes with the key that the ledger has for this stream: jurat agent list";
            case "signature-count" ->
                PUSHED_BACK + "a record has one signature, and a second only where docs/spec/lifecycle.md asks for one";
            case "suite-mismatch", "key-invalid", "key-unknown" ->
                PUSHED_BACK + "use the suite and the key that the ledger has for whoever signs: jurat agent list";
            case "suite-unnamed" ->
                PUSHED_BACK + "enrol an ed25519-2026 key: the genesis of this log names no other suite";
            case "signer-type" -> PUSHED_BACK + "name the type that whoever signs is enrolled with: jurat agent list";
            case "group-shape" ->
                PUSHED_BACK + "send a record that opens a stream in a group of its own, before what follows";
            case "group-pushed-back" ->
                PUSHED_BACK + "another record of the group is the cause: mend that one, and send both";
            case "group-size", "group-large" -> PUSHED_BACK + "send less in one group";
            case "body-large", "artefact-large" ->
                PUSHED_BACK + "make it smaller; the record that commits to it is signed anew";
            default -> PUSHED_BACK + "mend what the code names; how the node is: jurat status";
        };
    }

    /** A route whose ledger may be out of reach. */
    static Route guarded(Route route) {
        return request -> {
            try {
                return route.answer(request);
            } catch (UnavailableException e) {
                if (isHalt(e.code())) {
                    throw halted(e.code());
                }
                throw new ApiException(
                        503,
                        "ledger-unavailable",
                        String.valueOf(e.getMessage()),
                        Owner.OPERATOR,
                        "stop the node and start it again, then send the same bytes: jurat up");
            }
        };
    }

    private static boolean isHalt(String code) {
        return code.equals(Halt.AHEAD) || code.equals(Halt.DIFFERS);
    }

    /** A witness has seen more of this log than is here, or another one. */
    private static ApiException halted(String code) {
        return new ApiException(
                503,
                code,
                "the ledger takes nothing in: a witness has seen "
                        + (code.equals(Halt.AHEAD) ? "more of this log than is here" : "another log than this"),
                Owner.OPERATOR,
                "nothing was taken; which witness, and what to do: jurat status");
    }

    /** A group's answer as an object; 409 for push-back and conflict, 503 for what may be sent again. */
    static Json.Obj group(GroupAnswer answer, Quorum quorum) throws ApiException {
        return switch (answer) {
            case GroupAnswer.Committed committed -> committed(committed, quorum);
            case GroupAnswer.PushedBack back -> throw pushedBack(back);
            case GroupAnswer.Busy busy ->
                throw new ApiException(
                        503,
                        busy.code(),
                        "the ledger takes nothing in at present",
                        Owner.YOU,
                        "send the same bytes again in " + busy.retryAfterMillis()
                                + " ms; jurat status shows how the ledger is",
                        Map.of("Retry-After", Long.toString(Math.ceilDiv(busy.retryAfterMillis(), 1000))));
            case GroupAnswer.Stopped stopped when isHalt(stopped.code()) -> throw halted(stopped.code());
            case GroupAnswer.Stopped stopped ->
                throw new ApiException(
                        503,
                        stopped.code(),
                        "the ledger has stopped; what became of the group shows after its restart",
                        Owner.OPERATOR,
                        "stop the node and start it again, then send the same bytes: jurat up");
        };
    }

    private static ApiException pushedBack(GroupAnswer.PushedBack back) {
        String cause = back.cause().map(id -> " (record " + id.hex() + ")").orElse("");
        return new ApiException(409, back.code(), back.message() + cause, Owner.YOU, pushedBackNext(back.code()));
    }

    private static Json.Obj committed(GroupAnswer.Committed committed, Quorum quorum) {
        List<Json> results =
                committed.results().stream().<Json>map(Answers::result).toList();
        return JsonBuilder.object()
                .put("clock", committed.clock().hex())
                .put("results", new Json.Arr(results))
                .put("size", committed.size().value())
                .put("witnessed", quorum.toJson())
                .build();
    }

    private static Json.Obj result(RecordAnswer answer) {
        JsonBuilder out = JsonBuilder.object()
                .put("id", answer.id().hex())
                .put("index", answer.index().value());
        return switch (answer) {
            case RecordAnswer.Admitted admitted ->
                out.put("status", "admitted").strings("flags", flags(admitted)).build();
            case RecordAnswer.Present present ->
                present.refused()
                        ? out.put("status", "refused")
                                .put("rule", "refused-before")
                                .strings("flags", List.of())
                                .build()
                        : out.put("status", "present")
                                .strings("flags", List.of())
                                .build();
            case RecordAnswer.Refused refused ->
                out.put("status", "refused")
                        .put("rule", refused.rule().code())
                        .strings("flags", List.of())
                        .build();
        };
    }

    private static List<String> flags(RecordAnswer.Admitted admitted) {
        return admitted.flags().stream().map(Flag::code).sorted().toList();
    }

    static ApiAnswer ok(Json.Obj body) {
        return ApiAnswer.ok(body);
    }
}
