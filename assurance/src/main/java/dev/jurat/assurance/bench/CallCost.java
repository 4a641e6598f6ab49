package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What the wrapper adds to a tool call: the same calls on the same kind of server with and without it, in one run, block by block in turn;
 * in sequence, then several at once. Afterwards every call is looked for in the ledger, and everything is exported and verified.
 */
final class CallCost {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int BLOCK = 50;
    private static final int AT_ONCE = 8;

    private final Report report;
    private final Path script;
    private final int calls;
    private int made;

    CallCost(Report report, Path script, int calls) {
        this.report = report;
        this.script = script;
        this.calls = calls;
    }

    /** What one call sends. */
    private interface Asking {
        String arguments(int number);
    }

    void run() throws IOException {
        try (Site site = Site.fresh()) {
            ManagedProcess node = site.up();
            site.claim("ann");
            site.publish("starter@v1");
            site.enrolAgent("bench");
            Path file = site.files().resolve("a.txt");
            Files.writeString(file, "x".repeat(1024));
            List<String> server = StartUp.filesystem(script, site.files());
            try (StdioClient direct = ready(StdioClient.start(server, site.folder(), Map.of()));
                    StdioClient wrapped = ready(site.wrap("bench", List.of(), server))) {
                Asking read = n -> object("path", file.toString());
                Asking write = n -> CanonicalJson.writeString(JsonBuilder.object()
                        .put("content", "n" + n)
                        .put("path", site.files().resolve("w" + n % 100).toString())
                        .build());
                measure("reading, many calls under one contract", "read_text_file", read, site, direct, wrapped);
                measure("writing, each call decided by itself", "write_file", write, site, direct, wrapped);
                report.title("Memory after " + made + " calls");
                report.line("node, resident", node.memoryKilobytes("VmRSS") / 1024.0, "MiB");
                report.line("wrapper, resident", wrapped.process().memoryKilobytes("VmRSS") / 1024.0, "MiB");
                report.line("wrapper, most", wrapped.process().memoryKilobytes("VmHWM") / 1024.0, "MiB");
                wrapped.leave(SOON);
            }
            check(site);
        }
    }

    private static StdioClient ready(StdioClient client) throws IOException {
        client.initialize(SOON);
        client.request("tools/list", "{}", SOON);
        return client;
    }

    private static String object(String name, String value) {
        return CanonicalJson.writeString(JsonBuilder.object().put(name, value).build());
    }

    private void measure(String title, String tool, Asking asking, Site site, StdioClient direct, StdioClient wrapped)
            throws IOException {
        report.title("Tool calls: " + title);
        sequence(direct, tool, asking, 2 * BLOCK);
        sequence(wrapped, tool, asking, 2 * BLOCK);
        made += 2 * BLOCK;
        Ledger before = Ledger.of(site);
        List<Long> without = new ArrayList<>();
        List<Long> with = new ArrayList<>();
        for (int done = 0; done < calls; done += BLOCK) {
            without.addAll(sequence(direct, tool, asking, BLOCK));
            with.addAll(sequence(wrapped, tool, asking, BLOCK));
        }
        compare("in sequence", Figures.of(without), Figures.of(with));
        Ledger between = Ledger.of(site);
        report.line("records per call, in sequence", (between.records() - before.records()) / (double) calls, "");
        report.line("commits per call, in sequence", (between.commits() - before.commits()) / (double) calls, "");
        report.line("bytes on disk per call, in sequence", (between.bytes() - before.bytes()) / (double) calls, "B");
        long alone = System.nanoTime();
        List<Long> withoutParallel = parallel(direct, tool, asking);
        long middle = System.nanoTime();
        List<Long> withParallel = parallel(wrapped, tool, asking);
        long end = System.nanoTime();
        long commits = Ledger.of(site).commits() - between.commits();
        report.line("commits per call, " + AT_ONCE + " at once", commits / (double) calls, "");
        compare(AT_ONCE + " at once", Figures.of(withoutParallel), Figures.of(withParallel));
        report.line(AT_ONCE + " at once: calls per second, server alone", calls * 1e9 / (middle - alone), "/s");
        report.line(AT_ONCE + " at once: calls per second, behind the wrapper", calls * 1e9 / (end - middle), "/s");
        made += 2 * calls;
    }

    private void compare(String name, Figures without, Figures with) {
        report.line(name + ": server alone", without.toString());
        report.line(name + ": behind the wrapper", with.toString());
        report.line(name + ": added, p50 less p50", with.p50() - without.p50(), "ms");
    }

    private static List<Long> sequence(StdioClient client, String tool, Asking asking, int count) throws IOException {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long from = System.nanoTime();
            StdioClient.Answer answer = client.call(tool, asking.arguments(i), SOON);
            nanos.add(answer.nanos() - from);
            mustSucceed(answer);
        }
        return nanos;
    }

    private List<Long> parallel(StdioClient client, String tool, Asking asking) throws IOException {
        List<Long> nanos = new ArrayList<>();
        List<CompletableFuture<StdioClient.Answer>> flying = new ArrayList<>();
        List<Long> started = new ArrayList<>();
        for (int i = 0; i < calls || !flying.isEmpty(); ) {
            while (i < calls && flying.size() < AT_ONCE) {
                started.add(System.nanoTime());
                flying.add(client.callLater(tool, asking.arguments(i++)));
            }
            client.awaitAny(flying, SOON);
            for (int k = flying.size() - 1; k >= 0; k--) {
                if (flying.get(k).isDone()) {
                    StdioClient.Answer answer = client.await(flying.remove(k), SOON);
                    nanos.add(answer.nanos() - started.remove(k));
                    mustSucceed(answer);
                }
            }
        }
        return nanos;
    }

    private static void mustSucceed(StdioClient.Answer answer) throws IOException {
        if (answer.failed()) {
            throw new IOException("a measured call failed: " + answer.line());
        }
    }

    private void check(Site site) throws IOException {
        report.title("Every record found and verified afterwards");
        int found = 0;
        String cursor = "";
        do {
            Json.Obj page =
                    site.get("/v1/search?limit=500&outcome=success" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            found += Values.list(page, "actions").size();
            cursor = Values.text(page, "cursor");
        } while (!cursor.isEmpty());
        report.line("calls made through the wrapper, and found with success", made + " and " + found);
        Path bundle = site.folder().resolve("all.jurat");
        long from = System.nanoTime();
        site.json("bundle", "export", "--all", "--out", bundle.toString());
        report.line("export of the whole log", (System.nanoTime() - from) / 1e6, "ms");
        Path trust = site.trust();
        from = System.nanoTime();
        Site.Said said = site.jurat("verify", "--trust", trust.toString(), bundle.toString());
        report.line(
                "verification of the whole log, exit status",
                said.exit() + " after " + (System.nanoTime() - from) / 1_000_000 + " ms");
        report.line("size of the bundle", Files.size(bundle) / 1024.0 / 1024.0, "MiB");
        if (said.exit() != 0 || found != made) {
            throw new IOException("not every record was found and verified: " + said.out() + said.err());
        }
    }

    /** How large the ledger is. */
    private record Ledger(long records, long commits, long bytes) {
        static Ledger of(Site site) throws IOException {
            long bytes = 0;
            try (var files = Files.walk(site.data())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    bytes += Files.size(file);
                }
            }
            Json.Obj status = site.get("/v1/status");
            return new Ledger(
                    Long.parseLong(Values.text(status, "ledger.size")),
                    Long.parseLong(Values.text(status, "ledger.commits")),
                    bytes);
        }
    }
}
