package dev.jurat.assurance.fault;

import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session of an enforcement point that writes group after group until the node is gone, and notes where each record was said to stand.
 * What was under way then is sent again, the same bytes, by {@link #finish}.
 */
final class Writer implements Runnable {
    private static final int GROUP = 3;

    private final Site site;
    private final Party party;
    private final RecordId clock;
    private final Map<String, Long> acknowledged;
    private List<Entry> underWay = List.of();
    private volatile @Nullable String trouble;

    private Writer(Site site, Party party, RecordId clock, Map<String, Long> acknowledged) {
        this.site = site;
        this.party = party;
        this.clock = clock;
        this.acknowledged = acknowledged;
    }

    static Writer open(Site site, Map<String, Long> acknowledged) throws IOException, NodeException, FormatException {
        Party point = Party.point(site);
        return new Writer(site, point, point.client().head().clock(), acknowledged);
    }

    @Override
    public void run() {
        while (trouble == null) {
            List<Entry> group = new ArrayList<>();
            for (int i = 0; i < GROUP; i++) {
                group.add(party.observation(RandomSource.secure().bytes(32), clock));
            }
            underWay = group;
            if (!send()) {
                return;
            }
        }
    }

    /** Sends what was under way when the node was killed; the node must take it, or have it. */
    void finish() {
        if (!underWay.isEmpty() && !send()) {
            trouble = "the node does not take what was under way";
        }
    }

    /** What went wrong that is not the kill itself. */
    @Nullable
    String trouble() {
        return trouble;
    }

    private boolean send() {
        List<Json> records = underWay.stream().<Json>map(Entry::toJson).toList();
        byte[] body = CanonicalJson.write(
                JsonBuilder.object().put("records", new Json.Arr(records)).build());
        try {
            RawHttp.Reply reply = RawHttp.post(site.socket(), "/v1/groups", "application/json", body);
            if (reply.status() == 0 || reply.status() == 503) {
                return false;
            }
            if (reply.status() != 200) {
                trouble = reply.text();
                return false;
            }
            note(reply.json());
            underWay = List.of();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void note(Json.Obj answer) {
        for (Json result : Values.list(answer, "results")) {
            if (Values.text(result, "status").equals("refused")) {
                trouble = "refused: " + Values.text(result, "rule");
            }
            Long before = acknowledged.put(Values.text(result, "id"), Long.parseLong(Values.text(result, "index")));
            if (before != null && before != Long.parseLong(Values.text(result, "index"))) {
                trouble = "a record has two places";
            }
        }
    }
}
