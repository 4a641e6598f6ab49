package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "One record: its statement, its body where that is kept, its place in the log.")
final class ShowCommand extends NodeCommand {
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
                            View.lines(screen, body.content(), "  ");
                        },
                        () -> screen.line(bodiless(screen, answer, entry)));
    }

    private static String bodiless(Screen screen, Json answer, Entry entry) {
        if (View.at(answer, "body-damaged").equals(Json.of(true))) {
            return screen.tone(
                    Screen.Tone.BAD,
                    "body-damaged: the node keeps the body, but it is not what was recorded any more; nobody erased it");
        }
        return entry.record().kind().hasBody() ? "no body: it was erased, or was not brought along" : "no body";
    }
}
