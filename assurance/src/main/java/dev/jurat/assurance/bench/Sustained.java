package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Appends for a minute through the batch door of a node in a process of its own, while readers verify what they follow: first as many as
 * go, then at rates that are offered, then far more than go. Processor time is that of the node's process alone; the driver's, with its readers,
 * stands beside it. Where Go is, Tessera's POSIX driver does the same in turn. In the end every acknowledged record has been read under the root.
 */
final class Sustained {
    private static final int SENDERS = 12;
    private static final SignedGroups.Shape SHAPE = new SignedGroups.Shape(4, 20);
    private static final int WARM_UP = 150_000;
    /** A node that is warm may be this much faster than while it warmed up. */
    private static final double MARGIN = 2;

    private final Report report;
    private final int seconds;
    private final int followers;
    private final PeerLog peer;

    Sustained(Report report, int seconds, int followers) {
        this.report = report;
        this.seconds = seconds;
        this.followers = followers;
        this.peer = new PeerLog(report);
    }

    void run() throws IOException {
        report.title("Sustained appends, one node, " + seconds + " s each, " + followers + " readers");
        measure((site, node, groups, sending, readers) -> {
            saturated(site, node, groups, sending, readers);
            peer.saturated(seconds);
            for (Offered.Rate rate : Offered.RATES) {
                new Offered(report, site, node, groups, sending).run(rate, seconds);
                peer.offered(rate.perSecond(), seconds);
            }
            new Overload(report, site, node, groups, sending).run();
        });
    }

    /** The offered rates alone, without the peer. */
    void offered() throws IOException {
        report.title("Offered rates, one node, " + seconds + " s each, " + followers + " readers");
        measure((site, node, groups, sending, readers) -> {
            warmUp(site, groups, sending);
            readers.await(sending.admitted());
            for (Offered.Rate rate : Offered.RATES) {
                new Offered(report, site, node, groups, sending).run(rate, seconds);
            }
        });
    }

    /** Far more than goes, alone. */
    void overload() throws IOException {
        report.title("Overload, one node, " + followers + " readers");
        measure((site, node, groups, sending, readers) -> {
            warmUp(site, groups, sending);
            new Overload(report, site, node, groups, sending).run();
        });
    }

    /** What is measured against a node that is followed. */
    private interface Parts {
        void run(Site site, ManagedProcess node, SignedGroups groups, Sending sending, Readers readers)
                throws IOException, InterruptedException;
    }

    private void measure(Parts parts) throws IOException {
        try (Site site = Site.fresh()) {
            ManagedProcess node = site.up();
            SignedGroups groups = SignedGroups.of(site);
            Sending sending = new Sending();
            try (Readers readers = new Readers(site, followers)) {
                parts.run(site, node, groups, sending, readers);
                if (followers > 0) {
                    found(site, readers, sending);
                }
            }
            if (followers == 0) {
                try (Readers late = new Readers(site, 1)) {
                    found(site, late, sending);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Sends what warms the node up; answers how many a second it took. */
    private static double warmUp(Site site, SignedGroups groups, Sending sending)
            throws IOException, InterruptedException {
        int warm = WARM_UP / SENDERS / SHAPE.size();
        long from = System.nanoTime();
        sendAll(site, groups.sign(SENDERS, warm, SHAPE), sending, Long.MAX_VALUE);
        return sending.admitted() * 1e9 / (System.nanoTime() - from);
    }

    private void saturated(Site site, ManagedProcess node, SignedGroups groups, Sending sending, Readers readers)
            throws IOException, InterruptedException {
        double perSecond = warmUp(site, groups, sending);
        int requests = (int) (perSecond * MARGIN * seconds / SENDERS / SHAPE.size()) + 1;
        List<List<SignedGroups.Request>> work = groups.sign(SENDERS, requests, SHAPE);
        readers.await(sending.admitted());
        long before = sending.admitted();
        long read = readers.verified();
        double cpu = CpuTime.micros(node);
        double own = CpuTime.ownMicros();
        long start = System.nanoTime();
        sendAll(site, work, sending, start + seconds * 1_000_000_000L);
        double took = (System.nanoTime() - start) / 1e9;
        double appended = sending.admitted() - before;
        double serverMicros = (CpuTime.micros(node) - cpu) / appended;
        report.line("batches of 4 groups of 20: verified and durable", appended / took, "appends/s");
        report.line("for", took, "s");
        report.line("CPU of the node an append", serverMicros, "µs");
        report.line(
                "CPU of driver and " + followers + " readers an append", (CpuTime.ownMicros() - own) / appended, "µs");
        report.line("two cores for the node alone would give", 2e6 / serverMicros, "appends/s");
        report.line("leaves that each reader verified meanwhile", (readers.verified() - read) / took, "a second");
        report.line("node, resident", node.memoryKilobytes("VmRSS") / 1024.0, "MiB");
    }

    /** Each sender sends its requests one after the other, none after the end. */
    static void sendAll(Site site, List<List<SignedGroups.Request>> work, Sending sending, long endNanos)
            throws IOException, InterruptedException {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (List<SignedGroups.Request> requests : work) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try (KeptConnection connection = new KeptConnection(site.socket())) {
                    for (SignedGroups.Request request : requests) {
                        if (System.nanoTime() > endNanos) {
                            return;
                        }
                        sending.send(connection, request);
                    }
                } catch (IOException | InterruptedException e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IOException(failures.size() + " senders failed", failures.getFirst());
        }
    }

    private void found(Site site, Readers readers, Sending sending) throws IOException, InterruptedException {
        long size = Long.parseLong(dev.jurat.assurance.harness.Values.text(site.get("/v1/head"), "size"));
        int missing = sending.acknowledged().missingFrom(readers.await(size));
        report.line(
                "acknowledged, and read by a verifying reader",
                sending.acknowledged().count() + " and "
                        + (sending.acknowledged().count() - missing));
        report.line("reads that were not answered in time", Integer.toString(readers.away()));
        if (missing > 0) {
            throw new IOException(missing + " acknowledged records are not in the log");
        }
    }
}
