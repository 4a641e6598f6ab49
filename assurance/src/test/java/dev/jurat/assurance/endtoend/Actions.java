package dev.jurat.assurance.endtoend;

import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** What the node's search says about actions. */
public final class Actions {
    private Actions() {}

    /** Every action that fits the query, such as {@code action=read_text_file&decision=allow}, newest first. */
    public static List<Json> all(Site site, String query) throws IOException {
        awaitIndex(site);
        List<Json> found = new ArrayList<>();
        String cursor = "";
        do {
            Json.Obj page = site.get("/v1/search?limit=500" + (query.isEmpty() ? "" : "&" + query)
                    + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            found.addAll(Values.list(page, "actions"));
            cursor = Values.text(page, "cursor");
        } while (!cursor.isEmpty());
        return found;
    }

    /** The newest action with this reason, once it is there: what the wrapper refuses to read is recorded after its answer has gone out. */
    static Json refusedFor(Site site, String reason) throws IOException {
        long deadline = System.nanoTime() + Servers.SOON.toNanos();
        while (true) {
            Optional<Json> found = all(site, "").stream()
                    .filter(a -> Values.text(a, "reason").equals(reason))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("no action was refused for " + reason);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** The newest action that fits. */
    public static Json newest(Site site, String query) throws IOException {
        awaitIndex(site);
        List<Json> found = Values.list(site.get("/v1/search?limit=1&" + query), "actions");
        if (found.isEmpty()) {
            throw new IOException("no action with " + query);
        }
        return found.getFirst();
    }

    /** The index follows the log a little later; what is asked for is what is there now. */
    private static void awaitIndex(Site site) throws IOException {
        long deadline = System.nanoTime() + Servers.SOON.toNanos();
        while (!Values.text(site.get("/v1/status"), "ledger.index-lag").equals("0")) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the index does not catch up");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
