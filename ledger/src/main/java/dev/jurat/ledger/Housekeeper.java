package dev.jurat.ledger;

import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.LogStore;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Seals full tiles, takes erased bytes out of packs, and feeds the index after commits: each on a thread of its own, or, in simulations, on the sequencer's. */
final class Housekeeper {
    private static final long GATHER_NANOS = 50_000_000;
    private static final int GATHER_RECORDS = 1024;

    private final LogStore store;
    private final HeadMark mark;
    private final Indexer indexer;
    private final Erasures erasures;
    private final Consumer<String> failed;
    private final boolean background;
    private final Semaphore toSeal = new Semaphore(0);
    private final Semaphore toIndex = new Semaphore(0);
    /** Released where there is no more to wait for. */
    private final Semaphore gathered = new Semaphore(0);

    private final Thread sealer;
    private final Thread reader;
    private volatile boolean closing;

    Housekeeper(
            LogStore store,
            HeadMark mark,
            Indexer indexer,
            Erasures erasures,
            boolean background,
            Consumer<String> failed) {
        this.store = store;
        this.mark = mark;
        this.indexer = indexer;
        this.erasures = erasures;
        this.background = background;
        this.failed = failed;
        this.sealer = Thread.ofPlatform().name("jurat-sealer").daemon().unstarted(this::sealing);
        this.reader = Thread.ofPlatform().name("jurat-indexer").daemon().unstarted(this::indexing);
    }

    void start() {
        if (background) {
            sealer.start();
            reader.start();
        }
        toSeal.release();
        toIndex.release();
    }

    /** There is a new commit. */
    void wake() throws IOException {
        if (background) {
            if (store.hasToSeal() || erasures.packsToCompact() > 0) {
                toSeal.release();
            }
            toIndex.release();
            if (hasGathered()) {
                gathered.release();
            }
        } else {
            seal();
            indexer.catchUp();
        }
    }

    private void seal() throws IOException {
        boolean any = false;
        while (!closing && store.sealNext()) {
            any = true;
        }
        if (any) {
            mark.sync();
        }
        erasures.compact(store);
    }

    private void sealing() {
        try {
            while (!closing) {
                toSeal.acquire();
                toSeal.drainPermits();
                seal();
            }
        } catch (InterruptedException e) {
            failed.accept("interrupted");
        } catch (IOException | RuntimeException | Error e) {
            // What was being sealed is in the journal still; whether its files are on disk nobody knows before a
            // reload.
            failed.accept("storage-outcome-unknown");
        }
    }

    private void indexing() {
        try {
            while (!closing) {
                toIndex.acquire();
                gather();
                toIndex.drainPermits();
                indexer.catchUp();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a transaction's worth of records come, if they come soon: a transaction costs as much as forty records. */
    private void gather() throws InterruptedException {
        gathered.drainPermits();
        if (!closing && !hasGathered()) {
            gathered.tryAcquire(GATHER_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private boolean hasGathered() {
        return store.size() - indexer.indexed() >= GATHER_RECORDS;
    }

    void close() throws InterruptedException {
        closing = true;
        indexer.stop();
        if (background) {
            toSeal.release();
            toIndex.release();
            gathered.release();
            sealer.join();
            reader.join();
        }
    }
}
