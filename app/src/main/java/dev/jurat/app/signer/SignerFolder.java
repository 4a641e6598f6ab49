package dev.jurat.app.signer;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.custody.KeyName;
import dev.jurat.custody.signer.SignerRule;
import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The folder of a signer (0700): {@code signer.json}, {@code rules/NAME.json}, a lock, and for software keys {@code keys/}. */
public final class SignerFolder {
    private static final String ENDING = ".json";

    private final Path folder;

    public SignerFolder(Path folder) {
        this.folder = folder;
    }

    public Path path() {
        return folder;
    }

    /** Held while a signer serves. */
    public Path lock() {
        return folder.resolve("lock");
    }

    /** Where it listens if nothing else is said. */
    public Path socket() {
        return folder.resolve("signer.sock");
    }

    /** Whether a custody was chosen. */
    public boolean made() {
        return Files.exists(config());
    }

    private Path config() {
        return folder.resolve("signer.json");
    }

    public void make(SignerConfig config) throws IOException {
        PrivateFiles.folder(folder);
        PrivateFiles.folder(rules());
        PrivateFiles.write(config(), config.bytes());
    }

    public SignerConfig read() throws IOException, FormatException {
        return SignerConfig.read(PrivateFiles.read(config(), SignerConfig.BYTES_MAX));
    }

    private Path rules() {
        return folder.resolve("rules");
    }

    private Path rule(String key) {
        return rules().resolve(KeyName.require(key) + ENDING);
    }

    public Optional<SignerRule> find(String key) throws IOException, FormatException {
        return Files.exists(rule(key)) ? Optional.of(read(rule(key))) : Optional.empty();
    }

    /** The rule of a file, which has the key's name. */
    private static SignerRule read(Path file) throws IOException, FormatException {
        SignerRule rule = SignerRule.read(PrivateFiles.read(file, SignerRule.BYTES_MAX));
        if (!file.endsWith(rule.key() + ENDING)) {
            throw new FormatException("signer-rule", file + " is the rule of another key");
        }
        return rule;
    }

    /** All rules, by key. One that cannot be read stops all: a signer does not serve by half of its rules. */
    public List<SignerRule> all() throws IOException, FormatException {
        List<SignerRule> all = new ArrayList<>();
        if (Files.isDirectory(rules())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(rules(), "*" + ENDING)) {
                for (Path file : files) {
                    all.add(read(file));
                }
            }
        }
        all.sort(Comparator.comparing(SignerRule::key));
        return List.copyOf(all);
    }

    /** Keeps a rule, durable when this returns. */
    public void save(SignerRule rule) throws IOException {
        PrivateFiles.folder(rules());
        PrivateFiles.write(rule(rule.key()), rule.bytes());
    }

    public void remove(String key) throws IOException {
        Files.deleteIfExists(rule(key));
    }
}
