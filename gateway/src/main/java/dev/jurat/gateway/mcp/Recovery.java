package dev.jurat.gateway.mcp;

import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
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
import java.util.stream.Stream;

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
    private final Commands commands;

    Recovery(JuratClient client, Lane lane, Commands commands) {
        this.client = client;
        this.lane = lane;
        this.commands = commands;
    }

    /**
     * Returns how many uses were closed. Spools that cannot be cleared are left for the next start, unreadable ones set aside; standard error
     * says so.
     *
     * @throws NodeException if the node cannot be reached or takes nothing in at present
     */
    int run(Path spools) throws IOException, NodeException, InterruptedException {
        int closed = 0;
        for (Spool spool : Spool.takeFree(spools, this::tellUnread)) {
            try (spool) {
                closed += clear(spool);
            } catch (NodeException e) {
                if (!e.isRefusal()) {
                    throw e;
                }
                tell("spool-refused", "the node does not take what is in " + spool.folder() + " (" + e.code() + ")");
            }
        }
        return closed;
    }

    private void tellUnread(Path spool, String why) {
        tell("spool-unreadable", spool + " cannot be read (" + why + ")");
    }

    private void tell(String code, String what) {
        System.err.println("jurat mcp wrap: " + code + ": " + what
                + "; calls of that session without an outcome stay open until the ledger closes them"
                + "\n  next: " + commands.complete("jurat search --outcome open"));
    }

    private int clear(Spool spool) throws IOException, NodeException, InterruptedException {
        if (isOfAnotherLog(spool)) {
            return 0;
        }
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

    /** Whether this node has never heard of the session: its records are for another data folder, and wait for that. */
    private boolean isOfAnotherLog(Spool spool) throws NodeException {
        Optional<SignedRecord> any = Stream.concat(
                        spool.openUses().stream().map(Entry::record),
                        spool.unsettled().stream().map(Spool.Kept::record))
                .findFirst();
        return any.isPresent() && client.stream(any.get().header().stream()).isEmpty();
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
        List<Spool.Kept> left = worthSending(spool.unsettled());
        int end = 0;
        for (int from = 0; from < left.size(); from = end) {
            end = endOfGroup(left, from);
            List<Entry> group = new ArrayList<>();
            for (Spool.Kept kept : left.subList(from, end)) {
                group.add(spool.read(kept));
            }
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

    private static int endOfGroup(List<Spool.Kept> left, int from) {
        int end = from;
        for (long bytes = 0; end < left.size() && end - from < GROUP && bytes < Lane.GROUP_BYTES; end++) {
            bytes += left.get(end).space();
        }
        return end;
    }

    /** Without the uses at the end that never reached the ledger: they are no part of what happened. */
    private List<Spool.Kept> worthSending(List<Spool.Kept> unsettled) throws NodeException {
        if (unsettled.isEmpty()) {
            return unsettled;
        }
        Optional<StreamHead> head = client.stream(unsettled.getFirst().record().header().stream());
        long next = head.map(StreamHead::next).orElse(0L);
        int end = unsettled.size();
        while (end > 0 && isUnsentUse(unsettled.get(end - 1), next)) {
            end--;
        }
        return unsettled.subList(0, end);
    }

    private static boolean isUnsentUse(Spool.Kept entry, long next) {
        return entry.record().kind() == Kind.USE
                && entry.record().statement().facts() instanceof ExecutionFacts.Use
                && entry.record().header().sequence() >= next;
    }
}
