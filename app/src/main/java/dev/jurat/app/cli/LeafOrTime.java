package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.util.List;

/** A place in the log as it is typed: a leaf, or a time, which the log's own clock leaves turn into one. */
record LeafOrTime(String typed) {
    private static final String LEAF = "[0-9]{1,18}";

    /** The leaf. Of a time it is the first that may have come then: the one behind the last clock leaf that was surely before. */
    long leaf(JuratClient node) throws NodeException {
        if (!isTime()) {
            return Long.parseLong(typed);
        }
        List<Json> before = View.list(node.get("/v1/leaves?limit=1&until=" + SearchCommand.millis(typed)), "leaves");
        return before.isEmpty() ? 1 : View.number(before.getFirst(), "index") + 1;
    }

    /** The parameter of a question for what is before it. */
    String before() {
        return isTime() ? "&until=" + SearchCommand.millis(typed) : "&before=" + Long.parseLong(typed);
    }

    /** Says which leaf a time was taken for. */
    void show(Screen screen, long leaf) {
        if (isTime() && !screen.json()) {
            screen.line(
                    "By the log's clock, leaf " + leaf + " is the first that may have come at " + typed + " or later.");
        }
    }

    private boolean isTime() {
        return !typed.matches(LEAF);
    }
}
