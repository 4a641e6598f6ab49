package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.GoModule;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Tessera's POSIX driver on the same disk, in turn with a node: what an append to a transparency log takes that checks no signature and no rule, and has no
 * door. Needs the Go that is here; without it there is a line that says so.
 */
final class PeerLog {
    private final Report report;
    private final GoModule go = GoModule.find();

    PeerLog(Report report) {
        this.report = report;
        if (!go.here()) {
            report.line("Tessera beside it", "not measured: " + go.why());
        }
    }

    /** As many as go, with the driver's usual batches. */
    void saturated(int seconds) throws IOException {
        if (go.here()) {
            Json.Obj said = load(seconds, 0, 512, 256, 250, 1000);
            report.line("Tessera in process, nothing verified: durable", Values.text(said, "perSecond") + " appends/s");
            report.line("Tessera: CPU an append", Values.text(said, "cpuMicros") + " µs");
        }
    }

    /** At a rate, with the quickest batches and checkpoints that the library allows. */
    void offered(int perSecond, int seconds) throws IOException {
        if (go.here()) {
            Json.Obj said = load(seconds, perSecond, 0, 256, 10, 100);
            String name = "Tessera at " + perSecond + "/s: ";
            report.line(name + "append to durable", quantiles(said, "durable"));
            report.line(name + "append to a checkpoint that covers it", quantiles(said, "provable"));
            report.line(name + "CPU an append", Values.text(said, "cpuMicros") + " µs");
        }
    }

    private static String quantiles(Json.Obj said, String name) {
        return "p50 " + Values.text(said, name + ".p50Micros") + " µs, p99 " + Values.text(said, name + ".p99Micros")
                + " µs";
    }

    private Json.Obj load(int... numbers) throws IOException {
        Path folder = Files.createTempDirectory("jurat-bench");
        try {
            String[] words = Stream.concat(
                            Stream.of("load", folder.toString()),
                            java.util.Arrays.stream(numbers).mapToObj(Integer::toString))
                    .toArray(String[]::new);
            Site.Said said = go.run(words);
            if (said.exit() != 0) {
                throw new IOException("the load on Tessera: " + said.err());
            }
            return Values.parse(said.out());
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
