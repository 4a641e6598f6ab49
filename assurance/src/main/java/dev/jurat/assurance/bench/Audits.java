package dev.jurat.assurance.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.SignatureProvider;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How fast a whole log is audited, beside how fast the provider checks one signature after another in the same run. A core's rate is records
 * over the processor time of the whole process, so that it is known on a machine with other work, too.
 */
final class Audits {
    private static final int ROUNDS = 4;
    private static final int SAMPLES = 50_000;

    private final Report report;

    Audits(Report report) {
        this.report = report;
    }

    /** Makes a log of so many records in this empty folder, and audits it. */
    void run(Path folder, int records) throws IOException {
        report.title("Audit of a log of " + records + " records");
        try {
            Log log = made(folder, records);
            // What making it left behind is not the audits' to clear away.
            System.gc();
            for (int round = 1; round <= ROUNDS; round++) {
                single(log.samples());
                audit("as served, without bodies", new Leaves(FolderLog.open(folder)), log);
                audit("of the folder, with bodies", FolderLog.open(folder), log);
            }
        } catch (FormatException | StorageException e) {
            throw new IOException(e);
        }
    }

    /** What is kept of a log in memory while it is audited: as little as an auditor has. */
    private record Log(TrustPolicy trust, long size, List<Signed> samples) {}

    private static Log made(Path folder, int records) throws IOException {
        LargeLog log = new LargeLog(records);
        log.write(folder);
        World world = log.world();
        List<SignedRecord> leaves = world.log().leaves();
        List<Signed> samples = new ArrayList<>();
        for (int i = 0; i < leaves.size() && samples.size() < SAMPLES; i++) {
            SignedRecord record = leaves.get(i);
            Optional<VerifyKey> key =
                    world.log().lifecycle().head(record.header().stream()).map(Lifecycle.StreamHead::key);
            if (record.signatures().size() == 1 && key.isPresent()) {
                samples.add(new Signed(
                        key.get(),
                        record.preAuthentication(),
                        record.signatures().getFirst()));
            }
        }
        return new Log(world.trust(), leaves.size(), samples);
    }

    /** One signature after another on one thread, of the log's own records. */
    private void single(List<Signed> samples) {
        SignatureProvider provider = LedgerPorts.standard().signatures();
        long before = processorNanos();
        for (Signed one : samples) {
            if (!provider.checker().verifies(one.key(), one.message(), one.signature())) {
                throw new IllegalStateException("a signature of the log's own does not verify");
            }
        }
        rate("single checks by " + provider.name(), samples.size(), processorNanos() - before);
    }

    private void audit(String what, LogSource source, Log log) throws IOException, FormatException {
        LogAudit audit = new LogAudit(
                source,
                Optional.of(log.trust()),
                Optional.empty(),
                LedgerPorts.standard().signatures().checker(),
                Optional.of(RandomSource.secure()),
                defect -> {});
        long wall = System.nanoTime();
        long before = processorNanos();
        AuditReport found = audit.run((read, of) -> {});
        long processor = processorNanos() - before;
        long took = System.nanoTime() - wall;
        if (!found.clean() || found.leaves() != log.size()) {
            throw new IOException("the audit does not find the log as it is: " + found.defects());
        }
        rate("audit " + what, log.size(), processor);
        report.line("audit " + what + ", in all", log.size() * 1e9 / took, "records/s");
    }

    private void rate(String what, long count, long nanos) {
        report.line(what, count * 1e9 / nanos, "a second and core");
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** A folder as its node serves it: without bodies and artefacts. */
    private record Leaves(LogSource folder) implements LogSource {
        @Override
        public SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException {
            return folder.checkpoint(known);
        }

        @Override
        public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
            return folder.entries(bundle);
        }

        @Override
        public Optional<byte[]> tile(Tile tile) throws IOException {
            return folder.tile(tile);
        }

        @Override
        public boolean owes(Tile tile) throws IOException {
            return folder.owes(tile);
        }
    }
}
