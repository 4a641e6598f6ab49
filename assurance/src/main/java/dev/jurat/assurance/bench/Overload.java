package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import java.io.IOException;
import java.util.List;

/**
 * Far more than a node can take at once: what is under way is many times what may wait for the sequencer, so that most has to be pushed back. Every request is sent
 * again until it is acknowledged.
 */
final class Overload {
    private static final int SENDERS = 256;
    private static final int REQUESTS = 2;
    private static final SignedGroups.Shape SHAPE = new SignedGroups.Shape(12, 32);
    private static final double MEBIBYTES_MAX = 1536;

    private final Report report;
    private final Site site;
    private final ManagedProcess node;
    private final SignedGroups groups;
    private final Sending sending;

    Overload(Report report, Site site, ManagedProcess node, SignedGroups groups, Sending sending) {
        this.report = report;
        this.site = site;
        this.node = node;
        this.groups = groups;
        this.sending = sending;
    }

    void run() throws IOException, InterruptedException {
        List<List<SignedGroups.Request>> work = groups.sign(SENDERS, REQUESTS, SHAPE);
        long from = System.nanoTime();
        long before = sending.admitted();
        Sustained.sendAll(site, work, sending, Long.MAX_VALUE);
        double most = node.memoryKilobytes("VmHWM") / 1024.0;
        report.line(
                "overload: " + SENDERS + " senders, appends a second",
                (sending.admitted() - before) * 1e9 / (System.nanoTime() - from),
                "");
        report.line("overload: pushed back, by code", sending.pushedBack().toString());
        report.line("overload: node, most resident", most, "MiB");
        if (sending.pushedBack().isEmpty()) {
            throw new IOException("nothing was pushed back: this was no overload");
        }
        if (most > MEBIBYTES_MAX) {
            throw new IOException("a node under overload took " + most + " MiB");
        }
    }
}
