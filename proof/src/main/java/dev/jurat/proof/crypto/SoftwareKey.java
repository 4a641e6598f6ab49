package dev.jurat.proof.crypto;

import dev.jurat.proof.FormatException;
import java.security.Provider;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 key whose 32-byte seed is in this process's memory, until it is closed.
 *
 * <p>Security property: the public half is computed from the seed here, so a signature is never made with another key's half, which would
 * give the private key away. Nothing prints the seed. Once it is closed the seed here is zero; copies that arithmetic or the collector made on
 * the way may be left until they are written over. Thread-safe.
 */
public final class SoftwareKey implements SigningKey, AutoCloseable {
    public static final int SEED_BYTES = 32;

    private final byte[] seed;
    private final byte[] publicBytes;
    private final VerifyKey verifyKey;
    private boolean closed;

    private SoftwareKey(byte[] seed) {
        this.seed = seed;
        this.publicBytes = new byte[Ed25519Points.POINT_BYTES];
        Ed25519.generatePublicKey(seed, 0, publicBytes, 0);
        try {
            this.verifyKey = VerifyKey.ed25519(publicBytes);
        } catch (FormatException e) {
            throw new IllegalStateException("a computed key is of prime order", e);
        }
    }

    /**
     * Takes a seed.
     *
     * @throws IllegalArgumentException if it has not 32 bytes
     */
    public static SoftwareKey ofSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        return new SoftwareKey(seed.clone());
    }

    /** Makes a new key. */
    public static SoftwareKey generate(RandomSource random) {
        return new SoftwareKey(random.bytes(SEED_BYTES));
    }

    @Override
    public VerifyKey verifyKey() {
        return verifyKey;
    }

    @Override
    public byte[] sign(byte[] message) {
        byte[] own = dangerouslySeed();
        try {
            byte[] signature = new byte[Ed25519Points.SIGNATURE_BYTES];
            Ed25519.sign(own, 0, publicBytes, 0, message, 0, message.length, signature, 0);
            return signature;
        } finally {
            Arrays.fill(own, (byte) 0);
        }
    }

    /**
     * The same key, which signs by a provider that takes the JDK's key objects: the same signatures, sooner where it is native.
     *
     * @throws IllegalArgumentException if the provider has no Ed25519
     */
    public SigningKey by(Provider provider) {
        byte[] own = dangerouslySeed();
        try {
            return new JcaKey(own, verifyKey, provider);
        } finally {
            Arrays.fill(own, (byte) 0);
        }
    }

    /** The private seed, a copy, which the caller wipes: whoever has it is this signer. */
    public synchronized byte[] dangerouslySeed() {
        if (closed) {
            throw new IllegalStateException("the key " + verifyKey.text() + " was closed");
        }
        return seed.clone();
    }

    /** Wipes the seed: from then on it signs no more. A key that {@link #by} gave has a copy of its own, which this does not reach. */
    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(seed, (byte) 0);
    }

    @Override
    public String toString() {
        return "SoftwareKey[" + verifyKey.text() + "]";
    }
}
