package dev.jurat.assurance.secrets;

import dev.jurat.assurance.harness.SecretSearch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;

/** All memory that a running process has written, as a core file would have it: read from {@code /proc/PID/mem}, and not only what objects are in. */
final class Memory {
    private static final int CHUNK = 8 << 20;
    /** Longer than any form of a secret. */
    private static final int OVERLAP = 256;

    private record Region(long from, long to) {}

    private final Path process;

    Memory(long pid) {
        this.process = Path.of("/proc", Long.toString(pid));
    }

    /** What is there; the test is left out, aloud, where this user may not read another process. */
    Set<String> found(SecretSearch search) throws IOException {
        Set<String> found = new TreeSet<>();
        try (RandomAccessFile memory =
                new RandomAccessFile(process.resolve("mem").toFile(), "r")) {
            for (Region region : written()) {
                for (long at = region.from; at < region.to; at += CHUNK - OVERLAP) {
                    found.addAll(search.in(read(memory, at, (int) Math.min(CHUNK, region.to - at))));
                }
            }
        } catch (FileNotFoundException e) {
            Assumptions.abort("NOT TRIED: the memory of another process cannot be read here: " + e.getMessage());
        }
        return found;
    }

    private static byte[] read(RandomAccessFile memory, long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        memory.seek(at);
        int read = 0;
        while (read < length) {
            int more = memory.read(bytes, read, length - read);
            if (more < 0) {
                break;
            }
            read += more;
        }
        return Arrays.copyOf(bytes, read);
    }

    /** Regions of which any page is in memory. */
    private List<Region> written() throws IOException {
        List<Region> regions = new ArrayList<>();
        Region last = new Region(0, 0);
        boolean writable = false;
        for (String line : Files.readAllLines(process.resolve("smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                String[] range = line.substring(0, line.indexOf(' ')).split("-");
                last = new Region(Long.parseUnsignedLong(range[0], 16), Long.parseUnsignedLong(range[1], 16));
                writable = line.contains(" rw");
            } else if (line.startsWith("Rss:") && writable && !line.matches("Rss: +0 kB")) {
                regions.add(last);
            }
        }
        return regions;
    }
}
