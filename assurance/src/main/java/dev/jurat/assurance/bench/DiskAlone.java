package dev.jurat.assurance.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How long the disk takes for a sync while nothing else is asked of it: no commit can be sooner, and where others use the disk, it shows here. */
final class DiskAlone {
    private static final int FILE_BYTES = 1 << 20;
    private static final int BYTES = 4096;
    private static final int SYNCS = 1000;
    private static final long APART_NANOS = 5_000_000;

    private DiskAlone() {}

    /** Writes 4 KiB within a file and syncs them, 200 times a second for five seconds; the times of the syncs in nanoseconds. */
    static List<Long> syncs(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "sync", "");
        List<Long> times = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(FILE_BYTES), 0);
            channel.force(true);
            for (int i = 0; i < SYNCS; i++) {
                LockSupport.parkNanos(APART_NANOS);
                long from = System.nanoTime();
                channel.write(ByteBuffer.allocate(BYTES), (long) i * BYTES % FILE_BYTES);
                channel.force(false);
                times.add(System.nanoTime() - from);
            }
        } finally {
            Files.delete(file);
        }
        return times;
    }
}
