package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long a node and a wrapper take until they answer, and what memory they hold then. */
final class StartUp {
    private static final int ROUNDS = 7;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Report report;

    StartUp(Report report) {
        this.report = report;
    }

    void run(List<String> server) throws IOException {
        report.title("Start-up and memory, idle");
        node();
        wrapper(server);
    }

    private void node() throws IOException {
        List<Long> fresh = new ArrayList<>();
        List<Long> again = new ArrayList<>();
        long memory = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try (Site site = Site.fresh()) {
                ManagedProcess first = site.up();
                fresh.add(System.nanoTime() - first.startedNanos());
                first.close();
                ManagedProcess second = site.up();
                again.add(System.nanoTime() - second.startedNanos());
                memory = second.memoryKilobytes("VmRSS");
            }
        }
        report.line(
                "node, new data folder: start to first answer",
                Figures.of(fresh).toString());
        report.line(
                "node, data folder there: start to first answer",
                Figures.of(again).toString());
        report.line("node, resident memory when it answers", memory / 1024.0, "MiB");
    }

    private void wrapper(List<String> server) throws IOException {
        List<Long> direct = new ArrayList<>();
        List<Long> wrapped = new ArrayList<>();
        long memory = 0;
        try (Site site = Site.fresh()) {
            site.up();
            site.wrap("bench", List.of("--observe"), server).initialize(SOON);
            for (int i = 0; i < ROUNDS; i++) {
                try (StdioClient client = StdioClient.start(server, site.folder(), Map.of())) {
                    direct.add(greet(client));
                }
                try (StdioClient client = site.wrap("bench", List.of("--observe"), server)) {
                    wrapped.add(greet(client));
                    memory = client.process().memoryKilobytes("VmRSS");
                }
            }
        }
        Figures without = Figures.of(direct);
        Figures with = Figures.of(wrapped);
        report.line("server alone: start to answer of initialize", without.toString());
        report.line("server behind the wrapper: start to answer of initialize", with.toString());
        report.line("wrapper: added to the start, p50", with.p50() - without.p50(), "ms");
        report.line("wrapper, resident memory after initialize", memory / 1024.0, "MiB");
    }

    private static long greet(StdioClient client) throws IOException {
        return client.initialize(SOON).nanos() - client.process().startedNanos();
    }

    /** npm's filesystem server over a folder, by plain {@code node}. */
    static List<String> filesystem(Path script, Path folder) {
        return List.of("node", script.toString(), folder.toString());
    }
}
