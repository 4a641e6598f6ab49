package dev.jurat.assurance.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A node whose disk can be stalled, and whose clock can be set ahead, while it runs. */
public final class NodeFaults {
    private final Site site;
    private final Path folder;
    private long aheadMillis;

    NodeFaults(Site site, Path folder) {
        this.site = site;
        this.folder = folder;
    }

    /** Starts the node, once more after it was killed; what was set stays. */
    public void up() throws IOException {
        Map<String, String> environment = new HashMap<>(site.environment());
        environment.putAll(FaultAgent.environment(folder));
        site.up(environment, site.data());
    }

    /** Lets each sync of the ledger hang from here on. */
    public void stall() throws IOException {
        FaultAgent.stall(folder);
    }

    /** Waits until one hangs. */
    public void awaitHanging() throws IOException {
        long deadline = System.nanoTime() + Site.READY.toNanos();
        while (!FaultAgent.isHanging(folder)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("no sync hangs");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Lets the disk go on. */
    public void release() throws IOException {
        FaultAgent.release(folder);
    }

    /** Sets the ledger's clock further ahead. */
    public synchronized void pass(long millis) throws IOException {
        aheadMillis += millis;
        FaultAgent.ahead(folder, aheadMillis);
    }
}
