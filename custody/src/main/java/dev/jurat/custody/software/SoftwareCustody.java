package dev.jurat.custody.software;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.KeyEvidence;
import dev.jurat.custody.KeyFolder;
import dev.jurat.custody.KeyName;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.Secret;
import dev.jurat.custody.SecretSource;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys in files of a folder, each under one passphrase (Argon2id, AES-256-GCM). Thread-safe.
 *
 * <p>Security property: the files alone sign nothing. While a key is open, its secret is in this process's memory, once, and zero after it was
 * closed; copies that arithmetic or the collector made on the way may be left until they are written over.
 */
public final class SoftwareCustody implements Custody {
    private final KeyFolder folder;
    private final Secret passphrase;
    private final PassphraseSeal.Cost cost;
    private final RandomSource random;
    private final Set<KeptKey> open = ConcurrentHashMap.newKeySet();

    private SoftwareCustody(KeyFolder folder, Secret passphrase, PassphraseSeal.Cost cost, RandomSource random) {
        this.folder = folder;
        this.passphrase = passphrase;
        this.cost = cost;
        this.random = random;
    }

    /** Takes a folder, which the first key makes. The passphrase is not checked before a key is opened. */
    public static SoftwareCustody in(
            Path folder, SecretSource passphrase, PassphraseSeal.Cost cost, RandomSource random) {
        return new SoftwareCustody(
                new KeyFolder(folder.toAbsolutePath().normalize()), Secret.of(passphrase), cost, random);
    }

    @Override
    public CustodyClass kind() {
        return CustodyClass.SOFTWARE;
    }

    @Override
    public Set<Suite> suites() {
        return SecretKeys.SUITES;
    }

    @Override
    public KeptKey make(String name, Suite suite) {
        KeyName.require(name);
        if (!suites().contains(suite)) {
            throw CustodyException.of(CustodyCode.SUITE, "no key of the suite " + suite.text() + " is made here");
        }
        folder.make();
        requireSamePassphrase();
        byte[] secret = SecretKeys.secret(suite, random);
        try {
            VerifyKey key = SecretKeys.publicKey(suite, secret);
            folder.create(
                    name,
                    KeyFile.seal(name, key, secret, passphrase, cost, random).bytes());
            return opened(key, secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** A key under another passphrase than its neighbours' would open for nobody who has theirs. */
    private void requireSamePassphrase() {
        folder.names().stream()
                .findFirst()
                .ifPresent(neighbour -> open(neighbour).close());
    }

    @Override
    public KeptKey open(String name) {
        KeyFile file = file(name);
        byte[] secret = file.open(passphrase)
                .orElseThrow(() -> CustodyException.of(
                        CustodyCode.LOCKED,
                        "this passphrase does not open the key " + name + ", or its file was altered"));
        try {
            if (!SecretKeys.isSecret(file.key(), secret)) {
                throw CustodyException.of(
                        CustodyCode.DAMAGED, "the key " + name + " is not the one that its file names");
            }
            return opened(file.key(), secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private KeptKey opened(VerifyKey key, byte[] secret) {
        KeptKey kept = SecretKeys.key(key, secret.clone());
        open.add(kept);
        return kept;
    }

    private KeyFile file(String name) {
        return KeyFile.read(
                name, folder.read(KeyName.require(name), KeyFile.BYTES_MAX).orElseThrow(() -> unknown(name)));
    }

    private static CustodyException unknown(String name) {
        return CustodyException.of(CustodyCode.KEY_UNKNOWN, "there is no key " + name + " here", Optional.empty());
    }

    @Override
    public List<String> list() {
        return folder.names();
    }

    @Override
    public void destroy(String name) {
        if (!folder.remove(KeyName.require(name))) {
            throw unknown(name);
        }
    }

    @Override
    public KeyEvidence evidence(String name) {
        return new KeyEvidence(kind(), file(name).key(), false, Map.of("extractable", "true", "sealed", cost.wire()));
    }

    @Override
    public void close() {
        passphrase.close();
        open.forEach(KeptKey::close);
        open.clear();
    }
}
