package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The committed vectors of one specification: one canonical JSON object a file.
 *
 * <p>With {@code -Djurat.vectors.write=true} a test writes what its cases make instead of comparing.
 */
public final class VectorFolder {
    private final Path folder;

    public VectorFolder(String spec) {
        folder = root().resolve("vectors").resolve(spec).resolve("v1");
    }

    private static Path root() {
        return Path.of(System.getProperty("jurat.root", ".."));
    }

    public static boolean writing() {
        return Boolean.getBoolean("jurat.vectors.write");
    }

    /** Every vector by file name. */
    public Map<String, Json.Obj> read() {
        Map<String, Json.Obj> vectors = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                byte[] text = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
                vectors.put(file.getFileName().toString(), CanonicalJson.readObject(text));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatException e) {
            throw new IllegalStateException("a vector is not canonical JSON", e);
        }
        return vectors;
    }

    public void write(Map<String, Json.Obj> vectors) {
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, Json.Obj> vector : vectors.entrySet()) {
                Files.writeString(folder.resolve(vector.getKey()), CanonicalJson.writeString(vector.getValue()) + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
