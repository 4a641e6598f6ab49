package dev.jurat.assurance.bench;

import dev.jurat.testkit.npm.NpmPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs all measurements, or those that are named: {@code start}, {@code in-process}, {@code appends}, {@code calls}, {@code audit}; {@code state}, {@code sustained}
 * and {@code queries} where they are named, since they take a quarter of an hour and 4 GB each; {@code session-signing} and {@code timing} where they are
 * named, the latter with {@code --samples N} a line (default 200,000). {@code --calls N} sets how many calls a series has (default 1000), {@code --records N} how many records
 * are appended in process, and are in the log that is audited (default 200,000), {@code --indexed N} how many are in the index that is searched, or under the state's tree (default 10,000,000),
 * {@code --seconds N} how long a sustained part takes (default 60). {@code --readers N} how many follow
 * the log meanwhile (default 2; none is allowed); {@code offered} and {@code overload} are its parts alone. {@code start-large}, where it is named, makes a ledger of {@code --records N}, ten million of
 * which take 15 GB, and opens it in new processes; {@code --folder NEW} keeps it, and {@code open-large --folder OLD} opens it again.
 */
public final class Bench {
    private static final List<String> ALL = List.of("start", "in-process", "appends", "calls", "audit");

    private Bench() {}

    public static void main(String[] args) throws IOException {
        int calls = 1000;
        int records = 200_000;
        long indexed = 10_000_000;
        int seconds = 60;
        int readers = 2;
        int samples = 200_000;
        Path large = Path.of("");
        List<String> wanted = new java.util.ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--calls")) {
                calls = Integer.parseInt(args[++i]);
            } else if (args[i].equals("--records")) {
                records = Integer.parseInt(args[++i]);
            } else if (args[i].equals("--seconds")) {
                seconds = Integer.parseInt(args[++i]);
            } else if (args[i].equals("--readers")) {
                readers = Integer.parseInt(args[++i]);
            } else if (args[i].equals("--samples")) {
                samples = Integer.parseInt(args[++i]);
            } else if (args[i].equals("--folder")) {
                large = Path.of(args[++i]);
            } else if (args[i].equals("--indexed")) {
                indexed = Long.parseLong(args[++i]);
            } else {
                wanted.add(args[i]);
            }
        }
        Report report = new Report(System.out);
        for (String part : wanted.isEmpty() ? ALL : wanted) {
            switch (part) {
                case "start" -> {
                    Path folder = Files.createTempDirectory("jurat-bench");
                    new StartUp(report).run(StartUp.filesystem(script(), folder));
                    Files.delete(folder);
                }
                case "in-process" -> {
                    Path folder = Files.createTempDirectory("jurat-bench");
                    new InProcess(report).run(folder, records);
                    delete(folder);
                }
                case "appends" -> new Appends(report).run();
                case "sustained" -> new Sustained(report, seconds, readers).run();
                case "offered" -> new Sustained(report, seconds, readers).offered();
                case "overload" -> new Sustained(report, seconds, readers).overload();
                case "calls" -> new CallCost(report, script(), calls).run();
                case "audit" -> {
                    Path folder = Files.createTempDirectory("jurat-bench");
                    new Audits(report).run(folder, records);
                    delete(folder);
                }
                case "session-signing" -> new SessionSigning(report).run();
                case "timing" -> new SignerTiming(report, samples).run();
                case "state" -> new StateUpdates(report).run(indexed);
                case "queries" -> {
                    Path folder = Files.createTempDirectory("jurat-bench");
                    new Searches(report).run(folder, indexed);
                    delete(folder);
                }
                case "start-large" -> {
                    boolean kept = !large.toString().isEmpty();
                    Path folder = kept ? Files.createDirectory(large) : Files.createTempDirectory("jurat-bench");
                    new StartLarge(report).run(folder, records);
                    if (!kept) {
                        delete(folder);
                    }
                }
                case "open-large" -> new StartLarge(report).open(large);
                default ->
                    throw new IOException(
                            "no measurement " + part + "; there are " + ALL
                                    + ", state, sustained, offered, overload, queries, session-signing, timing and start-large");
            }
        }
        System.exit(0);
    }

    private static Path script() throws IOException {
        NpmPackages npm =
                NpmPackages.find().orElseThrow(() -> new IOException("this measurement needs npm's filesystem server"));
        return npm.file("@modelcontextprotocol/server-filesystem", "dist/index.js");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
