package dev.jurat.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Whole folders, beside the data folder: what is made under another name and becomes it in one step. */
final class Folders {
    private Folders() {}

    /** Deletes a folder with all that is in it; follows no link. Does nothing if there is none. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    /** Gives a folder the name of another, which is empty or not there, durably. */
    static void rename(Path from, Path to) throws IOException {
        Files.deleteIfExists(to);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path parent = Objects.requireNonNull(to.toAbsolutePath().getParent());
        try (FileChannel names = FileChannel.open(parent, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
