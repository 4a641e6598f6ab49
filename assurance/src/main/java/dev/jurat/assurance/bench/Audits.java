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
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How fast a whole log is audited, beside how fast the provider checks one signature after another in the same run. A core's rate is records
 * over the processor time of the whole process, so that it is known on a machine with other work, too.
 */
final class Audits {
    private static final int ROUNDS = 3;

    private final Report report;

    Audits(Report report) {
        this.report = report;
    }

    /** Makes a log of so many records in this empty folder, and audits it. */
    void run(Path folder, int records) throws IOException {
        report.title("Audit of a log of " + records + " records");
        try {
            LargeLog log = new LargeLog(records);
            log.write(folder);
            World world = log.world();
            long size = world.log().leaves().size();
            for (int round = 1; round <= ROUNDS; round++) {
                single(world);
                audit("as served, without bodies", new Leaves(FolderLog.open(folder)), world, size);
                audit("of the folder, with bodies", FolderLog.open(folder), world, size);
            }
        } catch (FormatException | StorageException e) {
            throw new IOException(e);
        }
    }

    /** One signature after another on one thread, of the log's own records. */
    private void single(World world) {
        SignatureProvider provider = LedgerPorts.standard().signatures();
        List<SignedRecord> leaves = world.log().leaves();
        long before = processorNanos();
        int checked = 0;
        for (int i = 0; i < leaves.size() && checked < 50_000; i++) {
            SignedRecord record = leaves.get(i);
            Optional<VerifyKey> key = key(world, record.header().stream());
            if (record.signatures().size() == 1 && key.isPresent()) {
                boolean genuine = provider.checker()
                        .verifies(
                                key.get(),
                                record.preAuthentication(),
                                record.signatures().getFirst());
                if (!genuine) {
                    throw new IllegalStateException("a signature of the log's own does not verify");
                }
                checked++;
            }
        }
        rate("single checks by " + provider.name(), checked, processorNanos() - before);
    }

    private static Optional<VerifyKey> key(World world, Stream stream) {
        return world.log().lifecycle().head(stream).map(head -> head.key());
    }

    private void audit(String what, LogSource source, World world, long size) throws IOException, FormatException {
        LogAudit audit = new LogAudit(
                source,
                Optional.of(world.trust()),
                Optional.empty(),
                LedgerPorts.standard().signatures().checker(),
                Optional.of(RandomSource.secure()),
                defect -> {});
        long wall = System.nanoTime();
        long before = processorNanos();
        AuditReport found = audit.run((read, of) -> {});
        long processor = processorNanos() - before;
        long took = System.nanoTime() - wall;
        if (!found.clean() || found.leaves() != size) {
            throw new IOException("the audit does not find the log as it is: " + found.defects());
        }
        rate("audit " + what, size, processor);
        report.line("audit " + what + ", in all", size * 1e9 / took, "records/s");
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
