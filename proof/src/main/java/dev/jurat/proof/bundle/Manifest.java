package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.Checkpoint;
import java.util.List;

/**
 * What a bundle says of itself. Only the scope is a choice; all else follows from the other files, and a reader recomputes it
 * ({@code docs/spec/bundle.md} §3).
 */
public record Manifest(Scope scope, Checkpoint checkpoint, int leaves, int bodies, int artefacts) {
    /** Names this version of the format. */
    public static final String FORMAT = "https://jurat.dev/bundle/v1";

    private static final List<String> SHOWS_ALL = List.of(
            "every record of the log up to the size given, in the order in which the log has them",
            "who signed each record, under which rules, and what it rests on");
    private static final List<String> SHOWS_PART = List.of(
            "the records of the scope, what they rest on and what names them, each under the signed root",
            "who signed each record, under which rules, and what it rests on");
    private static final List<String> SHOWS_NOT_ALL = List.of(
            "that what was recorded was true, or that a law was met",
            "what happened outside the enforcement points, or after the checkpoint",
            "details whose bodies are not in the bundle");
    private static final List<String> SHOWS_NOT_PART = List.of(
            "that what was recorded was true, or that a law was met",
            "what happened outside the enforcement points, or after the checkpoint",
            "details whose bodies are not in the bundle",
            "records outside the scope, and whether the log admitted those rightly");

    public byte[] bytes() {
        boolean all = scope instanceof Scope.All;
        return CanonicalJson.write(JsonBuilder.object()
                .put(
                        "counts",
                        JsonBuilder.object()
                                .put("artefacts", artefacts)
                                .put("bodies", bodies)
                                .put("leaves", leaves)
                                .build())
                .put("format", FORMAT)
                .put("origin", checkpoint.origin())
                .put("scope", scope.toJson())
                .strings("shows", all ? SHOWS_ALL : SHOWS_PART)
                .strings("showsNot", all ? SHOWS_NOT_ALL : SHOWS_NOT_PART)
                .put("size", checkpoint.size().value())
                .build());
    }

    /** Reads the scope alone; {@code format-unknown} for another version, {@code scope-unknown}, or codes of canonical JSON. */
    static Scope scope(byte[] bytes) throws FormatException {
        Json.Obj object = CanonicalJson.readObject(bytes);
        Fields in = Fields.of(object, "manifest");
        if (!in.string("format").equals(FORMAT)) {
            throw new FormatException("format-unknown", "not a bundle of this version");
        }
        return Scope.read(in.object("scope"));
    }
}
