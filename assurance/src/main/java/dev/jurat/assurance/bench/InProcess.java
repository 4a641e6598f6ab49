package dev.jurat.assurance.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.jurat.ledger.GenesisPlan;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.RecordAnswer;
import dev.jurat.ledger.Submission;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.Session;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Appends to a ledger in this process, without a door: what verifying, judging, storing and signing cost by themselves. Records are signed
 * and serialised before the time starts, and parsed within it, since every door does that for a stranger's bytes.
 */
final class InProcess {
    private static final int SESSIONS = 48;
    private static final int GROUP = 20;
    private static final int CHECKS = 2_000;
    /** By then the compiler is done with what is measured; sooner it takes a sixth of the time. */
    private static final int WARM_UP = 150_000;

    private static final long SESSION_MILLIS = 3_600_000;

    private final Report report;
    private final RandomSource random = RandomSource.secure();
    private long offered;
    private final LedgerPorts ports;
    private final LedgerKeys keys;
    private final KeyFile point = KeyFile.generate("system", SignerType.SERVICE, random);

    InProcess(Report report) {
        this.report = report;
        this.ports = LedgerPorts.standard();
        this.keys = new LedgerKeys(key(), key());
    }

    InProcess(Report report, LedgerPorts ports, LedgerKeys keys) {
        this.report = report;
        this.ports = ports;
        this.keys = keys;
    }

    /** A record as a door would get it. */
    private record Raw(byte[] leaf, byte[] body) {}

    void run(Path folder, int records) throws IOException {
        report.title("Appends in process, " + ports.signatures().name());
        try (Ledger ledger = create(folder)) {
            measure(ledger, WARM_UP);
            double[] figures = measure(ledger, records);
            report.line("groups of " + GROUP + ", parsed, verified and durable", figures[0], "appends/s");
            report.line("CPU an append, of this process", figures[1], "µs");
            report.line("commits a thousand appends", figures[2], "");
            report.line("CPU of one signature's check by the provider alone", provider(), "µs");
            Runtime.getRuntime().gc();
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            report.line("heap afterwards", used / 1048576.0, "MiB");
        } catch (LedgerException | InterruptedException e) {
            throw new IOException(e);
        }
        long from = System.nanoTime();
        try (Ledger ledger = Ledger.open(folder, LedgerConfig.STANDARD, keys, ports)) {
            long size = ledger.head().size().value();
            report.line("opened again, " + size + " records", (System.nanoTime() - from) / 1e9, "s");
            report.line("entry and body, a record", (double) offered / size, "bytes");
            report.line("on disk without the index, a record", (double) onDisk(folder) / size, "bytes");
        } catch (LedgerException e) {
            throw new IOException(e);
        }
    }

    private SigningKey key() {
        return ports.signatures().signing().apply(SoftwareKey.generate(random));
    }

    Ledger create(Path folder) throws LedgerException, IOException {
        GenesisPlan plan = new GenesisPlan("bench.example", List.of(), List.of(), List.of());
        Ledger ledger = Ledger.create(folder, LedgerConfig.STANDARD, keys, ports, plan);
        admit(ledger, enrolment(ledger));
        return ledger;
    }

    private Entry enrolment(Ledger ledger) {
        RegistryFacts.Key facts = new RegistryFacts.Key(
                RegistryFacts.KeyAction.ENROLL,
                point.principal(),
                point.type(),
                List.of(Role.POINT),
                point.key().verifyKey().text(),
                RegistryFacts.Enrolled.SELF,
                Optional.empty());
        Stream stream =
                new Stream(point.principal(), Stream.sessionId(point.key().verifyKey()));
        Header header = new Header(
                facts.kind(),
                stream,
                point.type(),
                0,
                ledger.head().genesis(),
                ledger.head().clock(),
                References.NONE,
                Suite.ED25519_2026);
        Body body = Body.of(random.bytes(Body.SALT_BYTES), stream, 0, new RegistryDetails.Key("bench").toJson());
        return new Entry(
                SignedRecord.sign(new Statement(header, facts, body.digest()), point.key()), Optional.of(body));
    }

    Session session(Ledger ledger) throws IOException {
        Session session = Session.prepare(point, ledger.head().genesis(), random);
        Session.Opening opening = new Session.Opening(
                ledger.head().latestMillis() + SESSION_MILLIS,
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                false);
        RegistryDetails.Session details =
                new RegistryDetails.Session("bench", List.of(), Optional.empty(), Optional.empty());
        admit(ledger, session.open(point, opening, ledger.head().clock(), details.toJson()));
        return session;
    }

    static void admit(Ledger ledger, Entry entry) throws IOException {
        Group group = Group.of(new Submission(entry.record(), entry.body().map(Body::bytes)));
        requireAdmitted(answer(ledger, group));
    }

    /** The answer to a group, however often it has to be offered. */
    static GroupAnswer answer(Ledger ledger, Group group) throws IOException {
        GroupAnswer answer = ledger.append(group);
        try {
            while (answer instanceof GroupAnswer.Busy busy) {
                Thread.sleep(busy.retryAfterMillis());
                answer = ledger.append(group);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return answer;
    }

    static void requireAdmitted(GroupAnswer answer) throws IOException {
        if (!(answer instanceof GroupAnswer.Committed committed)
                || !committed.results().stream().allMatch(RecordAnswer.Admitted.class::isInstance)) {
            throw new IOException("not admitted: " + answer);
        }
    }

    /** Appends a second, microseconds of CPU an append, commits a thousand appends. */
    private double[] measure(Ledger ledger, int records) throws IOException, InterruptedException {
        List<List<List<Raw>>> work = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            work.add(groups(session(ledger), ledger.head().clock(), records / SESSIONS / GROUP));
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        long commits = ledger.status().commits();
        long cpu = system.getProcessCpuTime();
        long from = System.nanoTime();
        for (List<List<Raw>> groups : work) {
            threads.add(Thread.ofVirtual().start(() -> appendAll(ledger, groups, failures)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long took = System.nanoTime() - from;
        if (!failures.isEmpty()) {
            throw new IOException("an append failed", failures.getFirst());
        }
        double appended = (double) (records / SESSIONS / GROUP) * GROUP * SESSIONS;
        return new double[] {
            appended * 1e9 / took,
            (system.getProcessCpuTime() - cpu) / 1e3 / appended,
            (ledger.status().commits() - commits) * 1e3 / appended
        };
    }

    /** All files but the index's, which can be made again. */
    private static long onDisk(Path folder) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file) && !file.startsWith(folder.resolve("index")))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private double provider() {
        SoftwareKey key = SoftwareKey.generate(random);
        SignatureChecker checker = ports.signatures().checker();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        byte[] message = random.bytes(900);
        byte[] signature = key.sign(message);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long from = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < CHECKS; i++) {
                if (!checker.verifies(key.verifyKey(), message, signature)) {
                    throw new IllegalStateException("a signature does not verify");
                }
            }
            best = Math.min(best, (threads.getCurrentThreadCpuTime() - from) / 1e3 / CHECKS);
        }
        return best;
    }

    private List<List<Raw>> groups(Session session, RecordId clock, int count) {
        List<List<Raw>> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Raw> group = new ArrayList<>();
            for (int j = 0; j < GROUP; j++) {
                Hash matter = Hash.ofBytes(random.bytes(Hash.BYTES));
                Entry entry = session.sign(
                        salt -> new ExecutionFacts.Observation("tools/list", matter),
                        References.NONE,
                        clock,
                        new ExecutionDetails.Observation(1, List.of()).toJson());
                Raw raw = new Raw(
                        entry.record().leaf(), entry.body().orElseThrow().bytes());
                offered += raw.leaf().length + raw.body().length;
                group.add(raw);
            }
            groups.add(group);
        }
        return groups;
    }

    private static void appendAll(Ledger ledger, List<List<Raw>> groups, List<Throwable> failures) {
        try {
            for (List<Raw> group : groups) {
                List<Submission> records = new ArrayList<>();
                for (Raw raw : group) {
                    records.add(new Submission(SignedRecord.ofLeaf(raw.leaf()), Optional.of(raw.body())));
                }
                requireAdmitted(answer(ledger, new Group(records, List.of())));
            }
        } catch (Exception e) {
            failures.add(e);
        }
    }
}
