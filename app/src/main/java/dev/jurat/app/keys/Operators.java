package dev.jurat.app.keys;

import dev.jurat.proof.FormatException;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The sealed keys of people in one home: one file a person, {@code operators/NAME.json}. */
public final class Operators {
    private final Path folder;

    public Operators(JuratHome home) {
        this.folder = home.folder().resolve("operators");
    }

    /** Whether a name can be a file's: letters, digits, dot, hyphen and underscore, not first a dot. */
    public static boolean nameAllowed(String name) {
        return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
    }

    /** All of them, by name. */
    public List<SealedKey> list() throws IOException, FormatException {
        List<SealedKey> keys = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
                for (Path file : files) {
                    keys.add(read(file));
                }
            }
        }
        keys.sort(Comparator.comparing(SealedKey::name));
        return List.copyOf(keys);
    }

    public Optional<SealedKey> find(String name) throws IOException, FormatException {
        Path file = folder.resolve(name + ".json");
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /** Keeps a key, durable when this returns. Replaces one of the same name. */
    public void save(SealedKey key) throws IOException {
        PrivateFiles.folder(folder);
        PrivateFiles.write(folder.resolve(key.name() + ".json"), key.bytes());
    }

    /** Removes a key that nobody has admitted. */
    public void remove(SealedKey key) throws IOException {
        Files.deleteIfExists(folder.resolve(key.name() + ".json"));
    }

    private static SealedKey read(Path file) throws IOException, FormatException {
        return SealedKey.read(PrivateFiles.read(file, SealedKey.FILE_BYTES_MAX));
    }
}
