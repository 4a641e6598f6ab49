package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node's write door and its queries, over its Unix socket.
 *
 * <p>Each request has a deadline that holds whatever the node does. What is posted is signed and idempotent, so the same bytes may be
 * sent again after {@code node-no-answer}; nothing else may. Thread-safe.
 */
public final class JuratClient implements AutoCloseable {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String TOKEN_TYPE = "urn:jurat:token-type:intent";
    private static final int BODY_BYTES_MAX = 64 << 20;

    private final UnixHttp http;
    private final Duration timeout;

    /** A client of the node at this socket; {@code timeout} is the deadline of a request that does not name its own. */
    public JuratClient(Path socket, Duration timeout) {
        this.http = new UnixHttp(socket);
        this.timeout = timeout;
    }

    /** Where the ledger stands. */
    public NodeHead head() throws NodeException {
        return read(get("/v1/head"), AnswerReader::head);
    }

    /** The node's account of itself. */
    public Json.Obj status() throws NodeException {
        return get("/v1/status");
    }

    /** Submits a group; every record that is not pushed back has its result, in the same order. */
    public Receipt submit(List<Entry> group, Duration deadline) throws NodeException {
        return submit(group, List.of(), deadline);
    }

    /** Submits a group with artefacts that its records name. */
    public Receipt submit(List<Entry> group, List<byte[]> artefacts, Duration deadline) throws NodeException {
        JsonBuilder body = JsonBuilder.object()
                .put(
                        "records",
                        new Json.Arr(group.stream().<Json>map(Entry::toJson).toList()));
        if (!artefacts.isEmpty()) {
            List<Json> texts = new ArrayList<>();
            artefacts.forEach(a -> texts.add(Json.of(Base64.getEncoder().encodeToString(a))));
            body.put("artefacts", new Json.Arr(texts));
        }
        Json.Obj answer = post("/v1/groups", body.build(), deadline);
        Receipt receipt = read(answer, AnswerReader::receipt);
        if (receipt.results().size() != group.size()) {
            throw NodeException.malformed("the answer has another number of results than the group has records");
        }
        return receipt;
    }

    /**
     * Exchanges a signed intent for an execution identity, waiting on the node's side up to {@code wait} for approvals.
     *
     * @param context canonical JSON of what the enforcement point sees
     * @return the answer and the newest clock leaf, where the node named one
     */
    public Exchange exchange(Entry intent, String point, Json.Obj context, Duration wait, Duration deadline)
            throws NodeException {
        byte[] subject = CanonicalJson.write(intent.toJson());
        StringBuilder form = new StringBuilder();
        Map.of(
                        "grant_type", GRANT_TYPE,
                        "subject_token", base64Url(subject),
                        "subject_token_type", TOKEN_TYPE,
                        "audience", point,
                        "jurat_context", base64Url(CanonicalJson.write(context)))
                .forEach((name, value) -> append(form, name, value));
        if (!wait.isZero()) {
            append(form, "jurat_wait_millis", Long.toString(wait.toMillis()));
        }
        HttpCall call = HttpCall.post("/v1/token", FORM, form.toString().getBytes(StandardCharsets.US_ASCII));
        HttpAnswer answer = http.send(call, deadline, BODY_BYTES_MAX);
        Json.Obj said = object(answer);
        if (answer.ok()) {
            return read(said, AnswerReader::granted);
        }
        Optional<Exchange> other = answer.status() == 400 ? readOptional(said) : Optional.empty();
        return other.orElseThrow(() -> NodeException.refused(answer.status(), said));
    }

    /**
     * What the broker said, and the newest clock leaf that it named.
     *
     * @param recorded whether the signed intent is on the ledger, so that its number is used
     */
    public record Exchange(TokenAnswer answer, boolean recorded, Optional<RecordId> clock) {}

    private static Optional<Exchange> readOptional(Json.Obj said) throws NodeException {
        try {
            return AnswerReader.notGranted(said);
        } catch (FormatException e) {
            throw NodeException.malformed("the token answer: " + e.getMessage());
        }
    }

    /** A record by its id, with its body where that is kept. */
    public Json.Obj record(RecordId id) throws NodeException {
        return get("/v1/records/" + id.hex());
    }

    /** Where a stream stands, or empty if the ledger knows no such stream. */
    public Optional<StreamHead> stream(Stream stream) throws NodeException {
        try {
            return Optional.of(read(get("/v1/streams/" + stream), AnswerReader::stream));
        } catch (NodeException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The published tool profiles. */
    public Json.Obj profiles() throws NodeException {
        return get("/v1/profiles");
    }

    /** An artefact, checked against its digest. */
    public byte[] artefact(Hash digest) throws NodeException {
        HttpAnswer answer = http.send(HttpCall.get("/v1/artefacts/" + digest.hex()), timeout, BODY_BYTES_MAX);
        if (!answer.ok()) {
            throw NodeException.refused(answer.status(), object(answer));
        }
        if (!Hash.of(answer.body()).equals(digest)) {
            throw NodeException.malformed("the artefact is not the one that its digest names");
        }
        return answer.body();
    }

    /** Any read of the API that answers JSON, such as {@code /v1/search?limit=10}. */
    public Json.Obj get(String path) throws NodeException {
        HttpAnswer answer = http.send(HttpCall.get(path), timeout, BODY_BYTES_MAX);
        return okObject(answer);
    }

    /** A read that answers bytes, such as a bundle, up to {@code bytesMax}. */
    public byte[] bytes(String path, int bytesMax, Duration deadline) throws NodeException {
        HttpAnswer answer = http.send(HttpCall.get(path), deadline, bytesMax);
        if (!answer.ok()) {
            throw NodeException.refused(answer.status(), object(answer));
        }
        return answer.body();
    }

    /** Any write of the API; the body must be such that sending it twice is sending it once. */
    public Json.Obj post(String path, Json.Obj body, Duration deadline) throws NodeException {
        HttpCall call = HttpCall.post(path, JSON, CanonicalJson.write(body));
        return okObject(http.send(call, deadline, BODY_BYTES_MAX));
    }

    private static Json.Obj okObject(HttpAnswer answer) throws NodeException {
        Json.Obj said = object(answer);
        if (!answer.ok()) {
            throw NodeException.refused(answer.status(), said);
        }
        return said;
    }

    private static Json.Obj object(HttpAnswer answer) throws NodeException {
        try {
            return CanonicalJson.readLoose(answer.body());
        } catch (FormatException e) {
            if (answer.ok()) {
                throw NodeException.malformed("the answer: " + e.getMessage());
            }
            return JsonBuilder.object().put("code", "http-" + answer.status()).build();
        }
    }

    private interface Reader<T> {
        T read(Fields fields) throws FormatException;
    }

    private static <T> T read(Json.Obj answer, Reader<T> reader) throws NodeException {
        try {
            return reader.read(Fields.of(answer, "answer"));
        } catch (FormatException e) {
            throw NodeException.malformed("the answer: " + e.getMessage());
        }
    }

    private static void append(StringBuilder form, String name, String value) {
        form.append(form.isEmpty() ? "" : "&").append(name).append('=');
        form.append(URLEncoder.encode(value, StandardCharsets.US_ASCII));
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        http.close();
    }
}
