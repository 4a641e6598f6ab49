package dev.jurat.app.cli;

import dev.jurat.app.node.Successor;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.predecessor.Predecessor;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is told of a log that has taken the place of another, and what is left to do.
 *
 * @param counted how many leaves of the old log are cited
 * @param size how many it has
 */
record Succeeded(Path data, Successor.Made made, long counted, long size, CarriedAgents agents) {
    void tell(Screen screen, boolean unwitnessed) {
        if (screen.json()) {
            screen.value(toJson(unwitnessed));
            return;
        }
        what(screen);
        if (unwitnessed) {
            warn(screen, "No witness vouches for what is cited: readers are told predecessor-unwitnessed.");
        }
        if (size > counted) {
            warn(
                    screen,
                    String.format(Locale.ROOT, "Behind it, not covered: %,d records of the old log.", size - counted));
        }
        agents(screen);
        screen.next("jurat up");
    }

    private static void warn(Screen screen, String text) {
        screen.line(screen.tone(Screen.Tone.WARN, "  " + text));
    }

    private void what(Screen screen) {
        Predecessor old = made.predecessor();
        String root = old.cited().root().hex();
        screen.line("The log " + made.log().name() + " takes the place of "
                + old.log().name() + ".");
        screen.line(String.format(Locale.ROOT, "  cited     %,d records, root %s", counted, root));
        screen.line("  signed    " + String.join(", ", old.signers()));
        screen.line("  genesis   " + made.genesis().hex());
        screen.line("  key       " + made.log().text() + "  (tell its witnesses)");
    }

    private void agents(Screen screen) {
        if (!agents.sound().isEmpty()) {
            String names = agents.sound().stream().map(Next::quoted).collect(Collectors.joining(" "));
            screen.line("  enrol     " + screen.next().commands("jurat agent enroll " + names));
        }
        for (String name : agents.others()) {
            warn(
                    screen,
                    "The agent " + name
                            + " was suspended, unconfirmed or reported, or has another key now: look before you enrol it.");
        }
    }

    private Json.Obj toJson(boolean unwitnessed) {
        Predecessor old = made.predecessor();
        JsonBuilder carried =
                JsonBuilder.object().strings("others", agents.others()).strings("sound", agents.sound());
        JsonBuilder before = JsonBuilder.object()
                .put("genesis", old.genesis().hex())
                .put("key", old.log().text())
                .put("root", old.cited().root().hex())
                .put("size", counted);
        return JsonBuilder.object()
                .put("agents", carried.build())
                .put("behind", size - counted)
                .put("data", data.toString())
                .put("genesis", made.genesis().hex())
                .put("key", made.log().text())
                .put("predecessor", before.build())
                .strings("signed", old.signers())
                .put("witnessed", !unwitnessed)
                .build();
    }
}
