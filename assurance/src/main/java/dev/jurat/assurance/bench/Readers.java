package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.sdk.Followed;
import dev.jurat.sdk.Follower;
import dev.jurat.sdk.HttpLog;
import dev.jurat.sdk.LogRefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Followers of a node's log who verify every leaf that they read, over its TCP door. The first of them remembers what it read. */
final class Readers implements AutoCloseable {
    private static final Follower.Waits WAITS =
            new Follower.Waits(Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofSeconds(1));

    private final List<HttpLog> logs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger away = new AtomicInteger();
    private final Marks read = new Marks();

    Readers(Site site, int count) throws IOException {
        try {
            TrustPolicy trust = TrustPolicy.read(Files.readAllBytes(site.trust()));
            for (int i = 0; i < count; i++) {
                HttpLog log = new HttpLog(URI.create(site.logAddress()));
                logs.add(log);
                Follower follower = new Follower(log, trust, WAITS, Followed.from(new TreeSize(0)));
                followers.add(follower);
                boolean remembers = i == 0;
                threads.add(Thread.ofPlatform().daemon().start(() -> follow(follower, remembers)));
            }
        } catch (FormatException e) {
            throw new IOException(e);
        }
    }

    private void follow(Follower follower, boolean remembers) {
        try {
            follower.follow((ignored, leaves, after) -> remember(remembers, leaves), e -> away.incrementAndGet());
        } catch (LogRefusedException e) {
            failures.add(e);
        } catch (InterruptedException e) {
            // That is how it ends.
        }
    }

    private void remember(boolean remembers, List<byte[]> leaves) {
        if (remembers) {
            read.add(leaves.stream().mapToLong(Marks::of).toArray());
        }
    }

    /** How many leaves the one that is furthest behind has verified; none where nobody reads. */
    long verified() {
        return followers.stream()
                .mapToLong(follower -> follower.followed().read().value())
                .min()
                .orElse(0);
    }

    /** How often the log did not answer in time; then it is asked again. */
    int away() {
        return away.get();
    }

    /** What was read, once all have verified a log of this size. */
    Marks await(long size) throws IOException, InterruptedException {
        while (!followers.isEmpty() && verified() < size && failures.isEmpty()) {
            Thread.sleep(20);
        }
        if (!failures.isEmpty()) {
            throw new IOException("a reader could not verify the log", failures.getFirst());
        }
        return read;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        logs.forEach(HttpLog::close);
    }
}
