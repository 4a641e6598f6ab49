package dev.jurat.proof.crypto;

import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * An ML-DSA-44 key (FIPS 204) whose 32-byte seed is in this process's memory.
 *
 * <p>Signs by itself, without a context and without randomness: a message has one signature by a key. Nothing prints the seed. Immutable and
 * thread-safe.
 */
public final class MlDsaKey {
    public static final int SEED_BYTES = 32;

    private final byte[] seed;
    private final MLDSAPrivateKeyParameters key;

    private MlDsaKey(byte[] seed) {
        this.seed = seed;
        this.key = new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed.clone());
    }

    /**
     * Takes a seed.
     *
     * @throws IllegalArgumentException if it has not 32 bytes
     */
    public static MlDsaKey ofSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("an ML-DSA seed has 32 bytes, not " + seed.length);
        }
        return new MlDsaKey(seed.clone());
    }

    /** Makes a new key. */
    public static MlDsaKey generate(RandomSource random) {
        return new MlDsaKey(random.bytes(SEED_BYTES));
    }

    /** The public key, as FIPS 204 encodes it. */
    public MlDsaVerifyKey verifyKey() {
        return MlDsaVerifyKey.ofOwn(key.getPublicKey());
    }

    public byte[] sign(byte[] message) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("a key in memory signs whatever there is", e);
        }
    }

    /** The private seed, a copy: whoever has it is this signer. */
    public byte[] dangerouslySeed() {
        return seed.clone();
    }

    @Override
    public String toString() {
        return "MlDsaKey";
    }
}
