package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Kind;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "One record: its statement, its body where that is kept, its place in the log.")
final class ShowCommand extends NodeCommand {
    /** What the body of a call keeps as base64. */
    private static final List<String> BYTES = List.of("arguments", "meta", "others");

    private static final int CHARS_MAX = 2_000;

    @Parameters(paramLabel = "ID", description = "A record id, or its first eight digits or more.")
    String id = "";

    @Override
    Exit run(Screen screen, JuratClient node) throws NodeException, FormatException {
        Json.Obj answer = node.get("/v1/records/" + Ids.check(id));
        if (screen.json()) {
            screen.value(answer);
            return Exit.DONE;
        }
        lines(screen, answer);
        return Exit.DONE;
    }

    /** Writes a record as the node answers it. */
    static void lines(Screen screen, Json.Obj answer) throws FormatException {
        Entry entry = View.entry(answer);
        Json statement = CanonicalJson.read(entry.record().payload());
        screen.line(screen.tone(Screen.Tone.STRONG, entry.record().kind().wire()) + "  "
                + entry.record().id().hex());
        screen.line("leaf " + View.text(answer, "index") + ", "
                + entry.record().signatures().size() + " signature(s)");
        String flags = View.text(answer, "flags");
        if (!flags.isEmpty()) {
            screen.line(screen.tone(Screen.Tone.WARN, "flags  " + Screen.clean(flags)));
        }
        View.lines(screen, View.at(statement, "predicate"), "  ");
        entry.body()
                .ifPresentOrElse(
                        body -> {
                            screen.line("body");
                            View.lines(screen, readable(entry.record().kind(), body.content()), "  ");
                        },
                        () -> screen.line(bodiless(screen, answer, entry)));
    }

    /** The body of a call with the bytes that are UTF-8 as text; {@code --json} has them all as they are kept. */
    private static Json.Obj readable(Kind kind, Json.Obj content) {
        Json.Obj out = content;
        if (kind == Kind.INTENT || kind == Kind.USE) {
            for (String name : BYTES) {
                if (content.members().get(name) instanceof Json.Str base64) {
                    out = out.with(name, Json.of(text(base64.value())));
                }
            }
        }
        return out;
    }

    /** Bytes as text, cut where it is long; as they stand where they are no UTF-8. */
    static String text(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.codePointCount(0, text.length()) <= CHARS_MAX
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, CHARS_MAX))
                            + String.format("… (%,d bytes in all: --json)", bytes.length);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return base64;
        }
    }

    private static String bodiless(Screen screen, Json answer, Entry entry) {
        if (View.at(answer, "body-damaged").equals(Json.of(true))) {
            return screen.tone(
                    Screen.Tone.BAD,
                    "body-damaged: the body is lost or is not what was recorded any more; nobody erased it");
        }
        String erasure = View.text(answer, "erased.record");
        if (!erasure.isEmpty()) {
            return screen.tone(
                    Screen.Tone.WARN,
                    "erased: the body was destroyed on the ground " + View.text(answer, "erased.ground")
                            + " by the erasure " + View.brief(erasure) + " of "
                            + Screen.clean(View.text(answer, "erased.by")));
        }
        return entry.record().kind().hasBody() ? "no body: it was not brought along, or came out of form" : "no body";
    }
}
