package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TileHashReader;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Enrolment;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Appends straight to the node's write door, without a wrapper: how many a second are verified and durable, and how long it takes from an
 * append to a proof of inclusion that was checked against a signed checkpoint. Records are signed beforehand; each is looked for afterwards.
 */
final class Appends {
    private static final int SESSIONS = 48;
    private static final int GROUP = 20;
    private static final int GROUPS = 60;
    private static final int SINGLES = 1000;
    private static final int OFFERED_PER_SECOND = 200;

    private final Report report;
    /** Where each acknowledged record was said to stand. */
    private final Map<String, Long> places = new ConcurrentHashMap<>();

    Appends(Report report) {
        this.report = report;
    }

    /** A request that is ready to be sent. */
    private record Request(byte[] body, List<Entry> entries) {}

    void run() throws IOException {
        report.title("Appends");
        try (Site site = Site.fresh()) {
            ManagedProcess node = site.up();
            Path key = point(site);
            try (LogReader log = new LogReader(site.logAddress())) {
                throughput(site, key, 8); // warms the node up
                places.clear();
                double perSecond = throughput(site, key, GROUPS);
                report.line(
                        SESSIONS + " sessions, groups of " + GROUP + ": verified and durable", perSecond, "appends/s");
                check(log);
                latency(site, key, log);
                report.line("node, resident afterwards", node.memoryKilobytes("VmRSS") / 1024.0, "MiB");
                report.line("node, most", node.memoryKilobytes("VmHWM") / 1024.0, "MiB");
            }
        } catch (NodeException | FormatException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Path point(Site site) throws IOException, NodeException, FormatException {
        Path file = site.home().resolve("points/mcp.json");
        KeyFile key = KeyFile.open(file, "system", SignerType.SERVICE, RandomSource.secure());
        try (JuratClient client = new JuratClient(site.socket(), Duration.ofSeconds(20))) {
            Enrolment.self(client, key, Role.POINT, "mcp", client.head(), RandomSource.secure());
        }
        return file;
    }

    private static Request request(Party party, RecordId clock, int records) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            Hash matter = Hash.ofBytes(RandomSource.secure().bytes(32));
            entries.add(party.session()
                    .sign(
                            salt -> new ExecutionFacts.Observation("tools/list", matter),
                            References.NONE,
                            clock,
                            new ExecutionDetails.Observation(1, List.of()).toJson()));
        }
        List<Json> texts = entries.stream().<Json>map(Entry::toJson).toList();
        return new Request(
                CanonicalJson.write(
                        JsonBuilder.object().put("records", new Json.Arr(texts)).build()),
                entries);
    }

    private double throughput(Site site, Path key, int groups)
            throws IOException, NodeException, FormatException, InterruptedException {
        List<List<Request>> work = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Party party = Party.open(site, key);
            RecordId clock = party.client().head().clock();
            List<Request> requests = new ArrayList<>();
            for (int g = 0; g < groups; g++) {
                requests.add(request(party, clock, GROUP));
            }
            work.add(requests);
        }
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        long from = System.nanoTime();
        for (List<Request> requests : work) {
            threads.add(Thread.ofPlatform().daemon().start(() -> sendAll(site, requests, failures)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long took = System.nanoTime() - from;
        if (!failures.isEmpty()) {
            throw new IOException(failures.size() + " sessions failed", failures.getFirst());
        }
        return SESSIONS * groups * (double) GROUP * 1e9 / took;
    }

    private void sendAll(Site site, List<Request> requests, List<Throwable> failures) {
        try {
            for (Request request : requests) {
                send(site, request);
            }
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private List<Long> send(Site site, Request request) throws IOException {
        RawHttp.Reply reply = RawHttp.post(site.socket(), "/v1/groups", "application/json", request.body());
        if (reply.status() != 200) {
            throw new IOException("an append was answered " + reply.status() + ": " + reply.text());
        }
        List<Long> indices = new ArrayList<>();
        for (Json result : Values.list(reply.json(), "results")) {
            if (!Values.text(result, "status").equals("admitted")) {
                throw new IOException("an append was not admitted: " + reply.text());
            }
            long index = Long.parseLong(Values.text(result, "index"));
            places.put(Values.text(result, "id"), index);
            indices.add(index);
        }
        return indices;
    }

    /** Every acknowledged record stands where it was said to, under the root of the checkpoint. */
    private void check(LogReader log) throws IOException, FormatException {
        Checkpoint checkpoint = log.checkpoint();
        List<byte[]> leaves = log.leaves(checkpoint.size().value());
        boolean rooted = LogReader.root(leaves).equals(checkpoint.root());
        int found = 0;
        for (Map.Entry<String, Long> place : places.entrySet()) {
            SignedRecord there = SignedRecord.ofLeaf(leaves.get(place.getValue().intValue()));
            found += there.id().hex().equals(place.getKey()) ? 1 : 0;
        }
        report.line("acknowledged, and found at their place under the root", places.size() + " and " + found);
        if (!rooted || found != places.size()) {
            throw new IOException("the log is not what was acknowledged");
        }
    }

    private void latency(Site site, Path key, LogReader log)
            throws IOException, NodeException, FormatException, InterruptedException {
        List<Party> parties = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            parties.add(Party.open(site, key));
        }
        RecordId clock = parties.getFirst().client().head().clock();
        List<Long> durable = Collections.synchronizedList(new ArrayList<>());
        List<Long> proven = Collections.synchronizedList(new ArrayList<>());
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int lane = 0; lane < parties.size(); lane++) {
            Party party = parties.get(lane);
            int first = lane;
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = first; i < SINGLES; i += parties.size()) {
                        Request request = request(party, clock, 1);
                        sleepUntil(start + i * (1_000_000_000L / OFFERED_PER_SECOND));
                        one(site, log, request, durable, proven);
                    }
                } catch (IOException | FormatException | InterruptedException | UncheckedIOException e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IOException("a single append failed", failures.getFirst());
        }
        String offered = "at " + OFFERED_PER_SECOND + "/s offered, one record each: append to ";
        report.line(offered + "durable", Figures.of(durable).toString());
        report.line(offered + "inclusion proof checked", Figures.of(proven).toString());
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    private void one(Site site, LogReader log, Request request, List<Long> durable, List<Long> proven)
            throws IOException, FormatException {
        long from = System.nanoTime();
        long index = send(site, request).getFirst();
        durable.add(System.nanoTime() - from);
        Checkpoint checkpoint = log.checkpoint();
        while (checkpoint.size().value() <= index) {
            checkpoint = log.checkpoint();
        }
        Map<Tile, List<Hash>> tiles = new HashMap<>();
        TileHashReader reader = new TileHashReader(checkpoint.size(), t -> tiles.computeIfAbsent(t, k -> tile(log, k)));
        InclusionProof proof = InclusionProof.make(reader, new LeafIndex(index), checkpoint.size());
        proof.verify(Rfc6962.leafHash(request.entries().getFirst().record().leaf()), checkpoint.root());
        proven.add(System.nanoTime() - from);
    }

    private static List<Hash> tile(LogReader log, Tile tile) {
        try {
            return tile.decode(log.get("/" + tile.path()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
