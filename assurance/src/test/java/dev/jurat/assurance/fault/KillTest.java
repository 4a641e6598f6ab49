package dev.jurat.assurance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The node is killed again and again while several sessions write: five times, or as often as the system property
 * {@code jurat.kills} says. The moments follow from one seed, which is printed; {@code jurat.seed} sets it.
 */
final class KillTest {
    private static final int LANES = 4;

    @Test
    void aKillLosesWhatWasAcknowledged() throws Exception {
        int kills = Integer.getInteger("jurat.kills", 5);
        long seed = Long.getLong("jurat.seed", System.nanoTime());
        System.out.println("KillTest: " + kills + " kills, seed " + seed);
        Random random = new Random(seed);
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        List<Checkpoint> checkpoints = new ArrayList<>();
        List<Path> bundles = new ArrayList<>();
        try (Site site = Site.fresh()) {
            ManagedProcess node = site.up();
            List<Writer> writers = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                writers.add(Writer.open(site, acknowledged));
            }
            for (int round = 0; round < kills; round++) {
                List<Thread> running = writers.stream()
                        .map(w -> Thread.ofPlatform().daemon().start(w))
                        .toList();
                LockSupport.parkNanos((100 + random.nextInt(900)) * 1_000_000L);
                node.kill();
                for (Thread thread : running) {
                    thread.join();
                }
                node = site.up();
                for (Writer writer : writers) {
                    writer.finish();
                    assertNull(writer.trouble());
                }
                checkpoints.add(check(site, acknowledged, checkpoints));
                bundles.add(export(site, round));
            }
            assertTrue(
                    acknowledged.size() > kills * LANES,
                    "too little was written to show anything: " + acknowledged.size());
            for (Path bundle : bundles) {
                Site.Said said = site.jurat("verify", "--trust", site.trust().toString(), bundle.toString());
                assertEquals(0, said.exit(), said.out() + said.err());
            }
            System.out.println("KillTest: " + acknowledged.size() + " acknowledged records");
        }
    }

    private static Path export(Site site, int round) throws IOException {
        Path bundle = site.folder().resolve("round" + round + ".jurat");
        site.json("bundle", "export", "--all", "--out", bundle.toString());
        return bundle;
    }

    /** Every acknowledged record stands where it was said to stand, and every checkpoint seen before is of a beginning of this log. */
    private static Checkpoint check(Site site, Map<String, Long> acknowledged, List<Checkpoint> before)
            throws Exception {
        try (LogReader log = new LogReader(site.logAddress())) {
            Checkpoint now = log.checkpoint();
            List<byte[]> leaves = log.leaves(now.size().value());
            assertEquals(now.root(), LogReader.root(leaves));
            for (Checkpoint earlier : before) {
                assertTrue(earlier.size().compareTo(now.size()) <= 0, "the checkpoint went back");
                assertEquals(earlier.root(), LogReader.root(leaves.subList(0, (int)
                        earlier.size().value())));
            }
            for (Map.Entry<String, Long> record : acknowledged.entrySet()) {
                assertTrue(record.getValue() < leaves.size(), "an acknowledged record is lost");
                SignedRecord there =
                        SignedRecord.ofLeaf(leaves.get(record.getValue().intValue()));
                assertEquals(record.getKey(), there.id().hex(), "an index was used again");
            }
            return now;
        }
    }
}
