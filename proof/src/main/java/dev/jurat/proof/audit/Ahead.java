package dev.jurat.proof.audit;

import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The bundles of a log in order, read and their signatures and bodies checked on every core while those before them are judged.
 *
 * <p>A group of bundles is read, with the bodies that say all by themselves; then what it has signed is collected in the order of the log, and what is
 * known of grants and keys for the other bodies; then both are checked. So many groups are under way that
 * no core waits, and no more: memory does not grow with the log. Used by one thread.
 */
final class Ahead implements AutoCloseable {
    /** Bundles of a group: a batch of some thousand signatures is the cheapest for each. */
    private static final int GROUP = 16;
    /** Judging keeps pace with about so many. */
    private static final int LANES_MAX = 4;

    private final LogSource source;
    private final long from;
    private final long size;
    private final Signers signers;
    private final long checkedFrom;
    private final Function<List<Signed>, boolean[]> check;
    private final SignatureChecker inBodies;
    private final int lanes = Math.min(LANES_MAX, Runtime.getRuntime().availableProcessors());
    private final ExecutorService threads = Executors.newFixedThreadPool(
            lanes, Thread.ofPlatform().daemon().name("audit-", 0).factory());
    private final Deque<Group> reading = new ArrayDeque<>();
    private final Deque<Checking> checking = new ArrayDeque<>();
    private long asked;
    private Iterator<ReadBundle> current = List.<ReadBundle>of().iterator();
    private CheckedGroup checked = CheckedGroup.NONE;

    private record Group(List<Future<ReadBundle>> bundles) {}

    /** A record whose body is judged by what those before it say. */
    private record Awaiting(long leaf, SignedRecord record, LeafJudge.Before before) {}

    private record Checking(List<ReadBundle> bundles, Future<CheckedGroup> result) {}

    /**
     * Starts to read.
     *
     * @param from the first leaf that is wanted: the bundle that it is in is read whole
     * @param size how many leaves the log says that it has
     * @param checkedFrom the first leaf whose signatures are to be checked
     * @param check which of some signatures are valid; thread-safe
     * @param inBodies checks a signature that stands in a body; thread-safe
     */
    Ahead(
            LogSource source,
            long from,
            long size,
            Signers signers,
            long checkedFrom,
            Function<List<Signed>, boolean[]> check,
            SignatureChecker inBodies) {
        this.source = source;
        this.from = from;
        this.asked = from - from % Tile.WIDTH_MAX;
        this.size = size;
        this.signers = signers;
        this.checkedFrom = checkedFrom;
        this.check = check;
        this.inBodies = inBodies;
    }

    /** The bundle that follows; there must be one. */
    ReadBundle next() throws IOException {
        fill();
        if (!current.hasNext()) {
            Checking group = collected();
            checked = await(group.result());
            current = group.bundles().iterator();
            fill();
        }
        return current.next();
    }

    /** What was checked of the bundle that was read last. */
    CheckedGroup checked() {
        return checked;
    }

    /** The group that follows, once it is read and its signatures are being checked. */
    private Checking collected() throws IOException {
        if (checking.isEmpty()) {
            collect();
        }
        return checking.removeFirst();
    }

    /** Has the lanes read, and check what they have read, up to the bound. */
    private void fill() throws IOException {
        while (reading.size() + checking.size() <= lanes && asked < size) {
            List<Future<ReadBundle>> group = new ArrayList<>(GROUP);
            for (int i = 0; i < GROUP && asked < size; i++) {
                EntryBundle bundle =
                        new EntryBundle(asked / Tile.WIDTH_MAX, (int) Math.min(Tile.WIDTH_MAX, size - asked));
                group.add(threads.submit(() -> ReadBundle.read(source, bundle)));
                asked += bundle.width();
            }
            reading.add(new Group(group));
        }
        while (!reading.isEmpty() && reading.getFirst().bundles().stream().allMatch(Future::isDone)) {
            collect();
        }
    }

    private void collect() throws IOException {
        List<ReadBundle> bundles = new ArrayList<>(GROUP);
        for (Future<ReadBundle> bundle : reading.removeFirst().bundles()) {
            bundles.add(await(bundle));
        }
        checking.add(new Checking(bundles, threads.submit(checks(bundles))));
    }

    private Callable<CheckedGroup> checks(List<ReadBundle> bundles) {
        List<Long> leaves = new ArrayList<>();
        List<Signed> signed = new ArrayList<>();
        List<Awaiting> awaiting = new ArrayList<>();
        for (ReadBundle bundle : bundles) {
            long index = bundle.bundle().index() * Tile.WIDTH_MAX;
            for (ReadLeaf leaf : bundle.leaves().orElse(List.of())) {
                long at = index++;
                if (at < from || leaf.record().isEmpty()) {
                    continue;
                }
                SignedRecord record = leaf.record().get();
                List<Signed> own = signers.of(record);
                if (at >= checkedFrom) {
                    own.forEach(one -> leaves.add(at));
                    signed.addAll(own);
                }
                if (!LeafJudge.isBodyJudgedAlone(record.kind())) {
                    awaiting.add(new Awaiting(at, record, signers.before(record)));
                }
            }
        }
        return () -> new CheckedGroup(leaves, signed, check.apply(signed), judged(awaiting));
    }

    /** Each body is let go of once it is judged: they may be large. */
    private Map<Long, CheckedGroup.JudgedBody> judged(List<Awaiting> awaiting) {
        Map<Long, CheckedGroup.JudgedBody> judged = new HashMap<>();
        for (Awaiting one : awaiting) {
            ReadLeaf.ReadBody found = ReadLeaf.body(
                    source, one.leaf(), bytes -> LeafJudge.bodyFault(one.record(), bytes, one.before(), inBodies));
            judged.put(one.leaf(), new CheckedGroup.JudgedBody(one.before(), found));
        }
        return judged;
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading a log ahead", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Lets go of what is under way, and waits for it. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
