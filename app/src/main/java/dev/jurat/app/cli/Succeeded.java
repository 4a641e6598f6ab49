package dev.jurat.app.cli;

import dev.jurat.app.node.Successor;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.predecessor.Predecessor;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What is told of a log that has taken the place of another, and what is left to do.
 *
 * @param counted how many leaves of the old log are cited
 * @param size how many it has
 */
record Succeeded(Path data, Successor.Made made, long counted, long size, CarriedAgents agents) {
    void tell(Screen screen, boolean unwitnessed) {
        Predecessor old = made.predecessor();
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put(
                            "agents",
                            JsonBuilder.object()
                                    .strings("others", agents.others())
                                    .strings("sound", agents.sound())
                                    .build())
                    .put("behind", size - counted)
                    .put("data", data.toString())
                    .put("genesis", made.genesis().hex())
                    .put("key", made.log().text())
                    .put(
                            "predecessor",
                            JsonBuilder.object()
                                    .put("genesis", old.genesis().hex())
                                    .put("key", old.log().text())
                                    .put("root", old.cited().root().hex())
                                    .put("size", counted)
                                    .build())
                    .strings("signed", old.signers())
                    .put("witnessed", !unwitnessed)
                    .build());
            return;
        }
        screen.line("The log " + made.log().name() + " takes the place of "
                + old.log().name() + ".");
        screen.line(String.format(
                Locale.ROOT,
                "  cited     %,d records, root %s",
                counted,
                old.cited().root().hex()));
        screen.line("  signed    " + String.join(", ", old.signers()));
        screen.line("  genesis   " + made.genesis().hex());
        screen.line("  key       " + made.log().text() + "  (tell its witnesses)");
        if (unwitnessed) {
            screen.line(screen.tone(
                    Screen.Tone.WARN,
                    "  No witness vouches for what is cited: readers are told predecessor-unwitnessed."));
        }
        if (size > counted) {
            screen.line(screen.tone(
                    Screen.Tone.WARN,
                    String.format(
                            Locale.ROOT, "  Behind it, not covered: %,d records of the old log.", size - counted)));
        }
        agents.sound().forEach(name -> screen.line("  enrol     jurat agent enroll " + Next.quoted(name)));
        agents.others()
                .forEach(
                        name -> screen.line(
                                screen.tone(
                                        Screen.Tone.WARN,
                                        "  The agent " + name
                                                + " was suspended, unconfirmed or reported, or has another key now: look before you enrol it.")));
        screen.next("jurat up --data " + Next.quoted(data.toString()));
    }
}
