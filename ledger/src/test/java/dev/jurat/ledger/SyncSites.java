package dev.jurat.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The places in the ledger's source that ask for something to be made durable, and those that the running thread is in. */
final class SyncSites {
    private static final Pattern ASKS = Pattern.compile("\\.(?:sync|finish)\\(\\)|\\bsyncFolder\\(");
    /** What a sync ends in: storages, which are not left out but stand for the disk. */
    private static final Set<String> STORAGES = Set.of(
            "storage/Storage.java",
            "storage/DiskStorage.java",
            "storage/ReadOnlyStorage.java",
            "storage/RecentFiles.java",
            "storage/Within.java",
            "storage/DurableFile.java");

    private final Set<Site> all = new TreeSet<>();
    /** The method that a site was seen in. */
    private final Map<Site, String> methods = new TreeMap<>();

    /** A line of a file below the ledger's package. */
    record Site(String file, int line) implements Comparable<Site> {
        @Override
        public int compareTo(Site other) {
            int byFile = file.compareTo(other.file);
            return byFile != 0 ? byFile : Integer.compare(line, other.line);
        }
    }

    SyncSites() {
        Path root = Path.of(System.getProperty("jurat.root", "."), "ledger/src/main/java/dev/jurat/ledger");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String name = root.relativize(file).toString();
                if (!STORAGES.contains(name)) {
                    read(name, Files.readAllLines(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String file, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean comment = line.startsWith("*") || line.startsWith("/");
            boolean made = line.startsWith("public void ") || line.startsWith("void ");
            if (!comment && !made && ASKS.matcher(line).find()) {
                all.add(new Site(file, i + 1));
            }
        }
    }

    Set<Site> all() {
        return all;
    }

    /** The sites on this thread's stack: of a helper's sync, the helper's and its caller's. */
    Set<Site> here() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(f -> f.getClassName().startsWith("dev.jurat.ledger."))
                        .map(this::site)
                        .filter(all::contains)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private Site site(StackWalker.StackFrame frame) {
        String className = frame.getClassName().substring("dev.jurat.ledger.".length());
        String folder = className.substring(0, className.lastIndexOf('.') + 1).replace('.', '/');
        Site site = new Site(folder + frame.getFileName(), frame.getLineNumber());
        if (all.contains(site)) {
            methods.put(site, className.substring(className.lastIndexOf('.') + 1) + "." + frame.getMethodName());
        }
        return site;
    }

    /** Those that no thread was seen in. */
    Set<Site> unseen() {
        Set<Site> unseen = new TreeSet<>(all);
        unseen.removeAll(methods.keySet());
        return unseen;
    }

    /** Class and method of a site that was seen, with its number in the method from the second on. */
    String name(Site site) {
        String method = methods.get(site);
        List<Site> same = new ArrayList<>(methods.keySet());
        same.removeIf(other ->
                !other.file().equals(site.file()) || !methods.get(other).equals(method));
        int number = same.indexOf(site) + 1;
        return number == 1 ? method : method + " " + number;
    }
}
