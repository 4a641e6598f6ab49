package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;

/** What a bundle is about, and so which leaves of the log it holds ({@code docs/spec/bundle.md} §4). */
public sealed interface Scope {
    /** Every leaf of the log, so that every admission is judged again. */
    record All() implements Scope {}

    /** One session's or credential's whole stream, and all that its intents led to. */
    record Session(Stream stream) implements Scope {}

    /** One intent, all that it rests on and all that it led to. */
    record Action(RecordId intent) implements Scope {}

    default Json.Obj toJson() {
        return switch (this) {
            case All ignored -> JsonBuilder.object().put("type", "all").build();
            case Session session ->
                JsonBuilder.object()
                        .put("stream", session.stream().toString())
                        .put("type", "session")
                        .build();
            case Action action ->
                JsonBuilder.object()
                        .put("intent", action.intent().hex())
                        .put("type", "action")
                        .build();
        };
    }

    /** Reads the closed object; {@code scope-unknown} for another type. */
    static Scope read(Fields in) throws FormatException {
        Scope scope = switch (in.string("type")) {
            case "all" -> new All();
            case "session" -> new Session(Stream.parse(in.string("stream")));
            case "action" -> new Action(RecordId.parse(in.string("intent")));
            default -> throw new FormatException("scope-unknown", "a bundle is of all, a session or an action");
        };
        in.end();
        return scope;
    }
}
