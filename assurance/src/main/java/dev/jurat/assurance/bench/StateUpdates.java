package dev.jurat.assurance.bench;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.state.Standing;
import dev.jurat.proof.state.StateChunk;
import dev.jurat.proof.state.StateChunks;
import dev.jurat.proof.state.StateTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What it takes to bring the tree over a log's state from one {@code state} leaf to the next, its chunks in memory: so much is computed, whatever keeps
 * them. The log is of calls of seven records each, whose standings are as large as those of a node; sessions lie all over it.
 */
final class StateUpdates {
    private static final int TIMES = 60;
    private static final int CALL_RECORDS = 7;

    private final Report report;
    private final Random random = new Random(7);

    StateUpdates(Report report) {
        this.report = report;
    }

    void run(long records) {
        report.title("Updates of the state's tree over " + records + " records, chunks in memory");
        StateTree tree = StateTree.empty(StateChunks.inMemory());
        long begun = System.nanoTime();
        while (tree.size() < records) {
            long next = Math.min(records, tree.size() + 65_536);
            tree.advance(next, standings(tree.size(), next));
        }
        report.line("to make it", records * 1e9 / (System.nanoTime() - begun), "records/s");
        report.line("bytes of a chunk, on average", bytes(tree), "B");
        for (int fresh : List.of(100, 1_000, 16_384)) {
            update(tree, fresh, 0);
            update(tree, fresh, 100);
            update(tree, fresh, 1_000);
        }
        paths(tree);
    }

    private void update(StateTree tree, int fresh, int sessions) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            long from = tree.size();
            SortedMap<Long, byte[]> changed = standings(from, from + fresh);
            for (int j = 0; j < sessions; j++) {
                changed.put(random.nextLong(from), session());
            }
            long begun = System.nanoTime();
            tree.advance(from + fresh, changed);
            nanos.add(System.nanoTime() - begun);
        }
        report.line(
                fresh + " new records, " + sessions + " sessions anywhere",
                Figures.of(nanos).toString());
    }

    private void paths(StateTree tree) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            long begun = System.nanoTime();
            tree.path(random.nextLong(StateChunk.count(tree.size())));
            nanos.add(System.nanoTime() - begun);
        }
        report.line("the path of a chunk", Figures.of(nanos).toString());
    }

    private double bytes(StateTree tree) {
        long sum = 0;
        for (int i = 0; i < 1_000; i++) {
            sum += tree.bytes(random.nextLong(StateChunk.count(tree.size()))).length;
        }
        return sum / 1_000.0;
    }

    /** An intent, context, decision, contract, identity, use and outcome each; every thousandth leaf is a session instead. */
    private SortedMap<Long, byte[]> standings(long from, long to) {
        SortedMap<Long, byte[]> standings = new TreeMap<>();
        for (long leaf = from; leaf < to; leaf++) {
            Standing standing = leaf % 1_000 == 0 ? new Standing.None() : standing(leaf, (int) (leaf % CALL_RECORDS));
            byte[] bytes = leaf % 1_000 == 0 ? session() : standing.encode();
            if (bytes.length > 0) {
                standings.put(leaf, bytes);
            }
        }
        return standings;
    }

    private static Standing standing(long leaf, int step) {
        return switch (step) {
            case 0 -> new Standing.Intent(leaf + 2);
            case 2 -> new Standing.Decision(false, true, false, 1_800_000_000_000L + leaf, List.of());
            case 3 ->
                new Standing.Contract(false, false, 1_800_000_000_000L + leaf, 1, 1, List.of(leaf + 1), List.of());
            case 4 -> new Standing.Identity(false, 0, 1);
            default -> new Standing.None();
        };
    }

    private byte[] session() {
        byte[] id = new byte[Hash.BYTES];
        random.nextBytes(id);
        Standing.Head head = new Standing.Head(false, false, random.nextInt(10_000), new RecordId(Hash.ofBytes(id)), 0);
        return new Standing.Session(head, random.nextInt(1_000_000)).encode();
    }
}
