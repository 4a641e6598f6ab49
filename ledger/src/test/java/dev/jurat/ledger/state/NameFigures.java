package dev.jurat.ledger.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** Measures writing and finding names: {@code NameFigures FOLDER MILLIONS…}, in saves of 32,768 names. */
final class NameFigures {
    private static final int BATCH = 32_768;
    private static final int LOOKUPS = 20_000;

    private NameFigures() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Random random = new Random(3);
        long leaf = 0;
        long worst = 0;
        try (NameFile file = NameFile.open(Database.url(folder.resolve("names.db")))) {
            for (String millions : Arrays.copyOfRange(args, 1, args.length)) {
                long until = Long.parseLong(millions) * 1_000_000;
                long from = System.nanoTime();
                long cpu = cpu();
                long before = 2 * leaf;
                while (2 * leaf < until) {
                    long[] names = new long[BATCH];
                    long[] leaves = new long[BATCH];
                    for (int i = 0; i < BATCH; i++) {
                        names[i] = mixed(2 * leaf + i);
                        leaves[i] = leaf + i / 2;
                    }
                    leaf += BATCH / 2;
                    long begun = System.nanoTime();
                    file.add(NameList.sorted(names, leaves, BATCH), leaf);
                    worst = Math.max(worst, System.nanoTime() - begun);
                }
                int runs = file.runs();
                file.settle();
                long names = 2 * leaf;
                System.out.printf(
                        "%,d names: %,d names/s, %.2f µs of CPU a name, longest save %d ms, %d runs, %d settled, %.1f bytes a name%n",
                        names,
                        (names - before) * 1_000_000_000L / (System.nanoTime() - from),
                        (cpu() - cpu) / 1e3 / (names - before),
                        worst / 1_000_000,
                        runs,
                        file.runs(),
                        (double) bytes(folder) / names);
                find(
                        file,
                        "hit",
                        random.longs(LOOKUPS, 0, names).map(NameFigures::mixed).toArray(),
                        true);
                find(file, "miss", random.longs(LOOKUPS).toArray(), false);
            }
        }
    }

    private static void find(NameFile file, String what, long[] names, boolean there) throws Exception {
        long[] took = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            long from = System.nanoTime();
            if (file.find(names[i]).length > 0 != there) {
                throw new AssertionError(what);
            }
            took[i] = System.nanoTime() - from;
        }
        Arrays.sort(took);
        System.out.printf(
                "  %s: p50 %.1f µs, p99 %.1f µs%n",
                what, took[took.length / 2] / 1e3, took[took.length * 99 / 100] / 1e3);
    }

    /** A bijection without order, after SplitMix64. */
    private static long mixed(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long bytes(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
