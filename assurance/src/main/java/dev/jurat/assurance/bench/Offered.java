package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.TlogProof;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Appends at a rate that is offered whatever the answers do: each is timed from when it was due to its answer, and of one in ten requests to a
 * proof in hand, which is checked against a signed checkpoint.
 */
final class Offered {
    /** Each append by itself, and five at a time, as a client with more to say sends them. */
    static final List<Rate> RATES = List.of(new Rate(1_000, 1), new Rate(5_000, 5));

    private static final int SENDERS = 96;
    private static final int PROVEN = 10;
    private static final long WARM_UP_SECONDS = 5;

    private final Report report;
    private final Site site;
    private final ManagedProcess node;
    private final SignedGroups groups;
    private final Sending sending;
    private final List<Long> durable = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> proven = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean measuring;

    Offered(Report report, Site site, ManagedProcess node, SignedGroups groups, Sending sending) {
        this.report = report;
        this.site = site;
        this.node = node;
        this.groups = groups;
        this.sending = sending;
    }

    /** Appends a second, so many in a request. */
    record Rate(int perSecond, int together) {}

    void run(Rate rate, int seconds) throws IOException, InterruptedException {
        int requests = (int) (rate.perSecond() / rate.together() * (seconds + WARM_UP_SECONDS) / SENDERS);
        List<List<SignedGroups.Request>> work =
                groups.sign(SENDERS, requests, new SignedGroups.Shape(1, rate.together()));
        TrustPolicy trust = trust();
        report.line(
                "the disk alone: 4 KiB synced, 200 a second",
                Figures.of(DiskAlone.syncs(site.folder())).toString());
        long start = System.nanoTime() + 100_000_000;
        long apart = 1_000_000_000L * rate.together() / rate.perSecond();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            List<SignedGroups.Request> own = work.get(i);
            long first = start + i * apart;
            int lane = i;
            threads.add(Thread.ofVirtual().start(() -> send(own, first, SENDERS * apart, lane, trust)));
        }
        Thread.sleep(Duration.ofNanos(Math.max(0, start - System.nanoTime())).plusSeconds(WARM_UP_SECONDS));
        long before = sending.admitted();
        double cpu = CpuTime.micros(node);
        double own = CpuTime.ownMicros();
        measuring = true;
        for (Thread thread : threads) {
            thread.join();
        }
        double appended = sending.admitted() - before;
        if (!failures.isEmpty()) {
            throw new IOException("a sender failed", failures.getFirst());
        }
        String offered = "at " + rate.perSecond() + "/s offered, " + rate.together() + " a request: ";
        report.line(offered + "append to durable", Figures.of(durable).toString());
        report.line(offered + "append to proof in hand", Figures.of(proven).toString());
        report.line(offered + "CPU of the node an append", (CpuTime.micros(node) - cpu) / appended, "µs");
        report.line(offered + "CPU of the driver", (CpuTime.ownMicros() - own) / appended, "µs");
    }

    private TrustPolicy trust() throws IOException {
        try {
            return TrustPolicy.read(Files.readAllBytes(site.trust()));
        } catch (FormatException e) {
            throw new IOException(e);
        }
    }

    private void send(List<SignedGroups.Request> requests, long first, long apart, int lane, TrustPolicy trust) {
        try (KeptConnection connection = new KeptConnection(site.socket())) {
            long due = first;
            for (int i = 0; i < requests.size(); i++) {
                long left = due - System.nanoTime();
                if (left > 0) {
                    Thread.sleep(Duration.ofNanos(left));
                }
                one(connection, requests.get(i), due, (i + lane) % PROVEN == 0, trust);
                due += apart;
            }
        } catch (IOException | FormatException | InterruptedException e) {
            failures.add(e);
        }
    }

    private void one(
            KeptConnection connection, SignedGroups.Request request, long due, boolean proof, TrustPolicy trust)
            throws IOException, FormatException, InterruptedException {
        KeptConnection.Reply reply = sending.send(connection, request);
        note(durable, due);
        if (proof) {
            prove(connection, request, reply, trust);
            note(proven, due);
        }
    }

    private void note(List<Long> times, long due) {
        if (measuring) {
            times.add(System.nanoTime() - due);
        }
    }

    /** Asks for the proof of a request's first record, and checks it. */
    private static void prove(
            KeptConnection connection, SignedGroups.Request request, KeptConnection.Reply reply, TrustPolicy trust)
            throws IOException, FormatException {
        String index = Values.text(reply.json(), "answers.0.results.0.index");
        KeptConnection.Reply proof = connection.exchange(KeptConnection.get("/v1/log/proof/" + index + ".tlog-proof"));
        if (proof.status() != 200) {
            throw new IOException("a proof was answered " + proof.status() + ": " + proof.text());
        }
        TlogProof.parse(proof.body()).verify(request.firstLeaf(), trust.log(), trust.cosigners());
    }
}
