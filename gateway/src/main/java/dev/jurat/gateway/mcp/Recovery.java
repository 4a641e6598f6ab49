package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.Lane;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import dev.jurat.sdk.Spool;
import dev.jurat.sdk.StreamHead;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Clears up after sessions whose process is gone, before this one serves: what they had signed is submitted, the same bytes; then each of
 * their uses that has no outcome gets one from this session.
 *
 * <p>A use that the ledger takes only now cannot have gone out, because its own process never had leave: {@code not-sent}. Any other is
 * {@code unknown}, and nothing is ever sent again.
 */
final class Recovery {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int GROUP = 32;

    private final JuratClient client;
    private final Lane lane;

    Recovery(JuratClient client, Lane lane) {
        this.client = client;
        this.lane = lane;
    }

    /** Returns how many uses were closed. Spools that cannot be cleared are left for the next start. */
    int run(Path spools) throws IOException, FormatException, NodeException, InterruptedException {
        int closed = 0;
        for (Spool spool : Spool.takeFree(spools)) {
            try (spool) {
                closed += clear(spool);
            }
        }
        return closed;
    }

    private int clear(Spool spool) throws IOException, NodeException, InterruptedException {
        Set<RecordId> neverSent = submit(spool);
        List<Lane.Ticket> tickets = new ArrayList<>();
        for (Entry use : spool.openUses()) {
            RecordId id = use.record().id();
            tickets.add(lane.submit(outcome(id, neverSent.contains(id) ? Result.NOT_SENT : Result.UNKNOWN)));
        }
        boolean all = true;
        for (Lane.Ticket ticket : tickets) {
            all &= ticket.await(DEADLINE, late -> {}) instanceof Lane.Fate.Admitted;
        }
        if (all) {
            spool.discard();
        }
        return tickets.size();
    }

    private static Lane.Draft outcome(RecordId use, Result result) {
        ExecutionDetails.Outcome details = new ExecutionDetails.Outcome(
                0, Optional.empty(), Optional.of("closed after the process that made the call was gone"));
        return Lane.Draft.of(
                new ExecutionFacts.Outcome(result, Optional.empty(), 0), References.of("use", use), details.toJson());
    }

    /** Submits what is unanswered; returns the uses that the ledger took only now. */
    private Set<RecordId> submit(Spool spool) throws IOException, NodeException {
        Set<RecordId> fresh = new HashSet<>();
        List<Entry> left = worthSending(spool.unsettled());
        for (int from = 0; from < left.size(); from += GROUP) {
            List<Entry> group = left.subList(from, Math.min(left.size(), from + GROUP));
            Receipt receipt = client.submit(group, DEADLINE);
            spool.settle(receipt);
            for (Receipt.Result result : receipt.results()) {
                if (result.status() == Receipt.Status.ADMITTED) {
                    fresh.add(result.id());
                }
            }
        }
        return fresh;
    }

    /** Without the uses at the end that never reached the ledger: they are no part of what happened. */
    private List<Entry> worthSending(List<Entry> unsettled) throws NodeException {
        if (unsettled.isEmpty()) {
            return unsettled;
        }
        Optional<StreamHead> head = client.stream(unsettled.getFirst().record().header().stream());
        long next = head.map(StreamHead::next).orElse(0L);
        int end = unsettled.size();
        while (end > 0 && isUnsentUse(unsettled.get(end - 1), next)) {
            end--;
        }
        return head.isEmpty() ? List.of() : unsettled.subList(0, end);
    }

    private static boolean isUnsentUse(Entry entry, long next) {
        return entry.record().kind() == Kind.USE
                && entry.record().statement().facts() instanceof ExecutionFacts.Use
                && entry.record().header().sequence() >= next;
    }
}
