package dev.jurat.sdk;

import dev.jurat.proof.record.RecordId;
import java.time.Duration;

/**
 * The newest clock leaf that this process knows, which every statement names. What is older than 20 s by the monotonic clock is asked
 * for anew, because strict kinds are refused when it is older than 60 s. Thread-safe.
 */
public final class Seen {
    private static final long NANOS_MAX = Duration.ofSeconds(20).toNanos();

    private final JuratClient client;
    private RecordId clock;
    private long since;

    public Seen(JuratClient client, RecordId clock) {
        this.client = client;
        this.clock = clock;
        this.since = System.nanoTime();
    }

    /** Takes what an answer named. */
    public synchronized void saw(RecordId newer) {
        clock = newer;
        since = System.nanoTime();
    }

    /** Whether {@link #fresh} would ask the node. */
    public synchronized boolean isOld() {
        return System.nanoTime() - since > NANOS_MAX;
    }

    /** What the next statement names; asks the node first if what is known has grown old. Others are not kept waiting for its answer. */
    public RecordId fresh() throws NodeException {
        if (isOld()) {
            saw(client.head().clock());
        }
        return known();
    }

    /** What is known, however old. */
    public synchronized RecordId known() {
        return clock;
    }
}
