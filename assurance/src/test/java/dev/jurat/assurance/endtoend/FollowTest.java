package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Followed;
import dev.jurat.sdk.Follower;
import dev.jurat.sdk.HttpLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Followers of a real node, by its address and by its socket, while records are written and the node dies. */
@Order(3)
final class FollowTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private Site site;
    private TrustPolicy trust;

    /** One follower with what it has read, on a thread of its own. */
    private final class Following implements AutoCloseable {
        private final List<byte[]> read = Collections.synchronizedList(new ArrayList<>());
        private final List<IOException> failures = Collections.synchronizedList(new ArrayList<>());
        private final HttpLog source;
        private final Thread thread;
        private volatile Throwable ended = new IllegalStateException("it goes on");

        Following(HttpLog source) throws Exception {
            this.source = source;
            Follower follower = new Follower(source, trust, Follower.Waits.USUAL, Followed.from(TreeSize.EMPTY));
            thread = Thread.ofVirtual().start(() -> {
                try {
                    follower.follow(this::take, failures::add);
                } catch (Exception e) {
                    ended = e;
                }
            });
        }

        private void take(LeafIndex first, List<byte[]> leaves, Followed after) {
            assertEquals(read.size(), first.value());
            read.addAll(leaves);
        }

        void await(long size) throws InterruptedException {
            long end = System.nanoTime() + SOON.toNanos();
            while (read.size() < size) {
                assertTrue(thread.isAlive(), () -> "it ended: " + ended);
                assertTrue(System.nanoTime() < end, () -> read.size() + " leaves of " + size + ", " + failures);
                Thread.sleep(20);
            }
        }

        @Override
        public void close() {
            thread.interrupt();
            source.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        site = Site.fresh();
        site.up();
        trust = TrustPolicy.read(Files.readAllBytes(site.trust()));
    }

    @AfterEach
    void stop() throws IOException {
        site.close();
    }

    @Test
    void aFollowerOfANodeLosesLeaves() throws Exception {
        try (Following socket = new Following(HttpLog.at(site.socket()));
                Following address = new Following(new HttpLog(URI.create(site.logAddress())))) {
            Party point = Party.point(site);
            for (int i = 0; i < 20; i++) {
                write(point, 15);
            }
            long size = point.client().head().size();
            assertTrue(size > 300, "the log has no full tile");
            socket.await(size);
            address.await(size);
            site.node().kill();
            site.up();
            write(Party.point(site), 5);
            List<byte[]> leaves;
            try (LogReader reader = new LogReader(site.logAddress())) {
                leaves = reader.leaves(reader.checkpoint().size().value());
            }
            socket.await(leaves.size());
            for (int i = 0; i < leaves.size(); i++) {
                assertArrayEquals(leaves.get(i), socket.read.get(i));
            }
            assertFalse(socket.failures.isEmpty(), "nobody was told that the node was away");
        }
    }

    private static void write(Party point, int count) throws Exception {
        RecordId clock = point.client().head().clock();
        List<Entry> group = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            group.add(point.observation(new byte[] {(byte) i}, clock));
        }
        point.client().submit(group, SOON);
    }
}
