package dev.jurat.app.witness;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.app.http.Router;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.WitnessRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The doors of C2SP tlog-witness: {@code add-checkpoint}, and what was cosigned last, under one prefix. */
public final class WitnessApi {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String SIZE = "text/x.tlog.size";
    private static final String PATHS =
            "POST /add-checkpoint, or GET /<SHA-256 of the log's origin in hexadecimal>/checkpoint";
    private static final Map<String, String> FRESH = Map.of("Cache-Control", "no-cache");

    private final Witness witness;

    public WitnessApi(Witness witness) {
        this.witness = witness;
    }

    public Router router() {
        return new Router.Builder()
                .exact()
                .nothing(PATHS)
                .post("/add-checkpoint", WitnessRequest.BYTES_MAX, this::add)
                .get("/{log}/checkpoint", this::newest)
                .build();
    }

    private ApiAnswer add(ApiRequest request) throws ApiException {
        return switch (witness.add(request.body())) {
            case Witness.Answer.Cosigned cosigned ->
                text(200, TEXT, cosigned.signature().line() + "\n");
            case Witness.Answer.Stale stale -> text(409, SIZE, stale.size() + "\n");
            case Witness.Answer.Refused refused -> throw refusal(refused);
        };
    }

    private static ApiException refusal(Witness.Answer.Refused refused) {
        return switch (refused.reason()) {
            case MALFORMED -> ApiException.malformed(refused.code(), refused.text());
            case UNKNOWN ->
                new ApiException(
                        404, refused.code(), refused.text(), Owner.OPERATOR, "have the witness's operator add its key");
            case UNSIGNED ->
                new ApiException(
                        403, refused.code(), refused.text(), Owner.YOU, "sign it with a key that the witness knows");
            case INCONSISTENT ->
                new ApiException(
                        422,
                        refused.code(),
                        refused.text(),
                        Owner.YOU,
                        "prove that it extends what was cosigned last; nothing else is ever cosigned");
            case STOPPED ->
                new ApiException(
                        503, refused.code(), refused.text(), Owner.OPERATOR, "look at its disk, then start it again");
        };
    }

    private ApiAnswer newest(ApiRequest request) throws ApiException {
        SignedNote note = witness.newest(request.variable("log"))
                .orElseThrow(() -> new ApiException(
                        404, "not-found", "no checkpoint of such a log was cosigned here", Owner.YOU, PATHS));
        return new ApiAnswer(200, TEXT, note.bytes(), FRESH);
    }

    private static ApiAnswer text(int status, String mediaType, String text) {
        return new ApiAnswer(status, mediaType, text.getBytes(StandardCharsets.UTF_8), FRESH);
    }
}
