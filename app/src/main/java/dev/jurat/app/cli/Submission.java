package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.util.List;

/** Sends one record, and takes nothing but its admission. */
final class Submission {
    private Submission() {}

    /** Submits the record; a refusal by the ledger is a failure that names the rule. */
    static Receipt.Result one(JuratClient node, Entry entry, String next) throws NodeException {
        return one(node, entry, List.of(), next);
    }

    static Receipt.Result one(JuratClient node, Entry entry, List<byte[]> artefacts, String next) throws NodeException {
        Receipt.Result result = node.submit(List.of(entry), artefacts, NodeCommand.TIMEOUT)
                .results()
                .getFirst();
        return switch (result.status()) {
            case ADMITTED, PRESENT -> result;
            case REFUSED -> throw Failure.no(result.rule(), "the ledger refused the record: " + result.rule(), next);
        };
    }

    /** Demands that the one record of this answer was taken; a refusal is a failure that names the rule. */
    static void requireTaken(Json.Obj answer, String next) {
        for (Json result : View.list(answer, "results")) {
            if (View.text(result, "status").equals("refused")) {
                String rule = View.text(result, "rule");
                throw Failure.no(rule, "the ledger refused the record: " + rule, next);
            }
        }
    }
}
