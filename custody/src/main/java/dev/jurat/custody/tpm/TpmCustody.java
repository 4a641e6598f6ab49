package dev.jurat.custody.tpm;

import dev.jurat.custody.CheckedKey;
import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.KeyEvidence;
import dev.jurat.custody.KeyFolder;
import dev.jurat.custody.KeyName;
import dev.jurat.custody.Secret;
import dev.jurat.custody.SecretSource;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.tpm.TpmEvidence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keys that a TPM 2.0 made and wrapped, in files of a folder, all under one passphrase. Thread-safe.
 *
 * <p>Security property: the files and the passphrase sign nothing without that TPM, and the passphrase does not travel to it. A passphrase that the TPM
 * refused is not given again: wrong ones are counted, and lock it. What {@link #evidence} says is this software's word; {@link #attest} has the TPM
 * sign for it, which shows something to whoever knows its attestation key.
 */
public final class TpmCustody implements Custody {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Tpm tpm;
    private final KeyFolder folder;
    private final Secret passphrase;
    private final RandomSource random;
    private volatile boolean refused;

    private TpmCustody(Tpm tpm, KeyFolder folder, Secret passphrase, RandomSource random) {
        this.tpm = tpm;
        this.folder = folder;
        this.passphrase = passphrase;
        this.random = random;
    }

    /** Opens the TPM. The folder is made with the first key, and the passphrase tried when a key is opened. */
    public static TpmCustody open(TpmAddress address, Path folder, SecretSource passphrase, RandomSource random) {
        return open(() -> TpmDevice.open(address), TIMEOUT, folder, passphrase, random);
    }

    static TpmCustody open(
            Link.Opening opening, Duration timeout, Path folder, SecretSource passphrase, RandomSource random) {
        try {
            Tpm tpm = Tpm.open(opening, timeout);
            return new TpmCustody(
                    tpm, new KeyFolder(folder.toAbsolutePath().normalize()), Secret.of(passphrase), random);
        } catch (TpmException e) {
            throw e.told();
        }
    }

    @Override
    public CustodyClass kind() {
        return CustodyClass.TPM;
    }

    @Override
    public Set<Suite> suites() {
        return Set.of(Suite.P256_2026);
    }

    @Override
    public KeptKey make(String name, Suite suite) {
        KeyName.require(name);
        if (!suites().contains(suite)) {
            throw CustodyException.of(CustodyCode.SUITE, "a TPM makes no key of the suite " + suite.text());
        }
        folder.make();
        if (folder.read(name, KeyBlob.BYTES_MAX).isPresent()) {
            throw CustodyException.of(CustodyCode.KEY_EXISTS, "there is a key " + name + " already");
        }
        requireSamePassphrase();
        KeyBlob blob = unlocked(tpm::make);
        // A crash before this loses a key that nobody has relied on.
        folder.create(name, blob.bytes(name));
        return new Kept(blob);
    }

    /** A key under another passphrase than its neighbours' would open for nobody who has theirs. One of a TPM that was cleared says nothing of it. */
    private void requireSamePassphrase() {
        for (String neighbour : folder.names()) {
            try {
                open(neighbour).close();
                return;
            } catch (CustodyException e) {
                if (e.code() != CustodyCode.DAMAGED) {
                    throw e;
                }
            }
        }
    }

    @Override
    public KeptKey open(String name) {
        KeyBlob blob = blob(name);
        // The TPM is told the passphrase now, so that a wrong one is found before a signature is wanted.
        certified(blob, random.bytes(TpmEvidence.CHALLENGE_MAX));
        return new Kept(blob);
    }

    /**
     * Has the TPM sign that a key is in it.
     *
     * @param challenge of 32 bytes at most, which whoever asks has made for this
     */
    public TpmEvidence attest(String name, byte[] challenge) {
        return certified(blob(name), challenge);
    }

    private TpmEvidence certified(KeyBlob blob, byte[] challenge) {
        return unlocked(password -> tpm.certify(blob, password, challenge));
    }

    private KeyBlob blob(String name) {
        byte[] bytes = folder.read(KeyName.require(name), KeyBlob.BYTES_MAX)
                .orElseThrow(() -> CustodyException.of(CustodyCode.KEY_UNKNOWN, "there is no key " + name + " here"));
        return told(() -> KeyBlob.parse(name, bytes));
    }

    /** With the password of the keys: the passphrase's digest, so that it may be longer than a TPM takes. */
    private <T> T unlocked(Function<byte[], T> work) {
        byte[] utf8 = passphrase.bytes();
        byte[] password = Hash.of(utf8).bytes();
        Arrays.fill(utf8, (byte) 0);
        try {
            if (refused) {
                throw CustodyException.of(
                        CustodyCode.LOCKED, "the TPM refused this passphrase, and it is not given again");
            }
            return told(() -> work.apply(password));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (TpmException e) {
            refused |= e.code() == TpmCode.AUTH;
            throw e.told();
        }
    }

    @Override
    public List<String> list() {
        return folder.names();
    }

    /** Removes the key's file. A copy of it is the key still, with this TPM and the passphrase. */
    @Override
    public void destroy(String name) {
        if (!folder.remove(KeyName.require(name))) {
            throw CustodyException.of(CustodyCode.KEY_UNKNOWN, "there is no key " + name + " here");
        }
    }

    @Override
    public KeyEvidence evidence(String name) {
        KeyBlob blob = blob(name);
        Map<String, String> facts = new TreeMap<>(told(tpm::about));
        facts.put("extractable", "false");
        facts.put("name", blob.area().nameText());
        return new KeyEvidence(kind(), blob.key(), false, facts);
    }

    @Override
    public void close() {
        passphrase.close();
    }

    private final class Kept extends CheckedKey {
        private final KeyBlob blob;

        Kept(KeyBlob blob) {
            super(blob.key());
            this.blob = blob;
        }

        @Override
        protected byte[] signed(byte[] message) {
            return unlocked(password -> tpm.sign(blob, password, message));
        }

        @Override
        protected void release() {
            // Nothing of it is loaded between two signatures.
        }
    }
}
