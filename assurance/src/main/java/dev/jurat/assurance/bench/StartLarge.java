package dev.jurat.assurance.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.LedgerStatus;
import dev.jurat.ledger.SignatureProvider;
import dev.jurat.ledger.Submission;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Session;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A ledger of very many records: what it holds in memory as it grows, and how long opening its folder takes in a new process.
 *
 * <p>The ledger makes the folder itself, with its index and its saved state, and is not told apart from one in service but in this: the sessions' records
 * bear 64 zeros for a signature, and none is checked while the folder is made. Opening checks what it always checks; of a log whose newest size is
 * signed that is none of the leaves' signatures either.
 */
final class StartLarge {
    private static final int SESSIONS = 48;
    private static final int GROUP = 20;
    private static final int GROUPS_A_SESSION = 250;
    private static final long EVERY = 1_000_000;
    private static final int ROUNDS = 3;

    private final Report report;
    private final RandomSource random = RandomSource.secure();
    private final AtomicLong appended = new AtomicLong();

    StartLarge(Report report) {
        this.report = report;
    }

    void run(Path folder, long records) throws IOException {
        report.title("A ledger of " + records + " records, signatures neither made nor checked");
        SoftwareKey[] keys = {SoftwareKey.generate(random), SoftwareKey.generate(random)};
        LedgerPorts ports = new LedgerPorts(
                LedgerPorts.standard().time(), random, new SignatureProvider("none", (key, m, s) -> true, key -> key));
        InProcess node = new InProcess(report, ports, new LedgerKeys(keys[0], keys[1]));
        Path data = folder.resolve("log");
        try (Ledger ledger = node.create(data)) {
            fill(node, ledger, records);
            awaitIndex(ledger);
            memory("after " + ledger.head().size() + " records, all indexed");
        } catch (LedgerException | InterruptedException e) {
            throw new IOException(e);
        }
        bytes(data);
        Files.write(folder.resolve("keys"), List.of(hex(keys[0]), hex(keys[1])));
        for (int i = 0; i < ROUNDS; i++) {
            again(folder);
        }
    }

    private static String hex(SoftwareKey key) {
        return HexFormat.of().formatHex(key.dangerouslySeed());
    }

    // ---- making it

    private void fill(InProcess node, Ledger ledger, long records) throws InterruptedException, IOException {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            threads.add(Thread.ofPlatform().start(() -> append(node, ledger, records, failures)));
        }
        long from = System.nanoTime();
        long told = 0;
        while (threads.stream().anyMatch(Thread::isAlive)) {
            Thread.sleep(100);
            if (appended.get() / EVERY > told / EVERY) {
                long now = appended.get();
                long rate = (now - told) * 1_000_000_000L / (System.nanoTime() - from);
                told = now;
                memory("after " + ledger.head().size() + " records, " + rate + "/s, indexed "
                        + ledger.status().indexed());
                from = System.nanoTime();
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException("an append failed", failures.getFirst());
        }
    }

    /** Sessions one after the other, each ended before the next: what is open stays the same. */
    private void append(InProcess node, Ledger ledger, long records, List<Throwable> failures) {
        try {
            while (appended.get() < records && failures.isEmpty()) {
                UnsignedStream stream = new UnsignedStream(node.session(ledger), random);
                for (int i = 0; i < GROUPS_A_SESSION && appended.get() < records && failures.isEmpty(); i++) {
                    append(ledger, stream.next(ledger.head().clock(), GROUP));
                }
                end(ledger, stream.session());
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e);
        }
    }

    private void append(Ledger ledger, List<Submission> records) throws IOException {
        InProcess.requireAdmitted(InProcess.answer(ledger, new Group(records, List.of())));
        appended.addAndGet(records.size());
    }

    private static void end(Ledger ledger, Session session) throws IOException {
        RecordId clock = ledger.head().clock();
        long last = session.next();
        Entry end = session.sign(
                salt -> new RegistryFacts.SessionEnd(last, "done"),
                References.NONE,
                clock,
                JsonBuilder.object().build());
        InProcess.admit(ledger, end);
    }

    private static void awaitIndex(Ledger ledger) throws InterruptedException, IOException {
        for (LedgerStatus status = ledger.status(); status.indexed() < status.size(); status = ledger.status()) {
            if (!status.indexFault().isEmpty()) {
                throw new IOException(status.indexFault());
            }
            Thread.sleep(200);
        }
    }

    // ---- figures

    private void memory(String when) throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        report.line(when + ": heap in use", heap / 1048576.0, "MiB");
        report.line("  resident", resident() / 1024.0, "MiB");
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    private void bytes(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.sorted().toList()) {
                report.line("on disk: " + file.getFileName(), size(file) / 1048576.0, "MiB");
            }
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    // ---- opening it

    private void again(Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bench.class.getName(),
                        "open-large",
                        "--folder",
                        folder.toString())
                .inheritIO()
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the folder does not open");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Opens the folder in this process, which has done nothing else. */
    void open(Path folder) throws IOException {
        List<String> seeds = Files.readAllLines(folder.resolve("keys"));
        LedgerPorts ports = LedgerPorts.standard();
        LedgerKeys keys = new LedgerKeys(key(ports, seeds.get(0)), key(ports, seeds.get(1)));
        long from = System.nanoTime();
        try (Ledger ledger = Ledger.open(folder.resolve("log"), LedgerConfig.STANDARD, keys, ports)) {
            double seconds = (System.nanoTime() - from) / 1e9;
            long sinceStart = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            report.line("opened in a new process, " + ledger.head().size() + " records", seconds, "s");
            report.line("  from the start of the process", sinceStart / 1e3, "s");
            report.line("  processor time of that process", processorNanos() / 1e9, "s");
            memory("  then");
        } catch (LedgerException e) {
            throw new IOException(e);
        }
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static SigningKey key(LedgerPorts ports, String seed) {
        byte[] bytes = HexFormat.of().parseHex(seed);
        return ports.signatures().signing().apply(SoftwareKey.ofSeed(bytes));
    }
}
