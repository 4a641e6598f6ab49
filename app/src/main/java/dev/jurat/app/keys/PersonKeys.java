package dev.jurat.app.keys;

import dev.jurat.proof.crypto.P256Key;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import java.util.Arrays;
import java.util.Set;

/** Keys of people, which are 32 secret bytes whatever their suite: an Ed25519 seed, a P-256 number. */
public final class PersonKeys {
    /** The suites that a person's key can have. */
    public static final Set<Suite> SUITES = Set.of(Suite.ED25519_2026, Suite.P256_2026);

    static final int SECRET_BYTES = 32;

    private PersonKeys() {}

    /** A new key, of one of {@link #SUITES}. */
    public static SigningKey generate(Suite suite, RandomSource random) {
        return switch (suite) {
            case ED25519_2026 -> SoftwareKey.generate(random);
            case P256_2026 -> P256Key.generate(random);
            case WEBAUTHN_2026, HYBRID_2026 -> throw none(suite);
        };
    }

    /**
     * The key of these bytes, which are wiped.
     *
     * @throws IllegalArgumentException if they are no secret of the suite
     */
    static SigningKey of(Suite suite, byte[] secret) {
        try {
            return switch (suite) {
                case ED25519_2026 -> SoftwareKey.ofSeed(secret);
                case P256_2026 -> P256Key.ofSecret(secret);
                case WEBAUTHN_2026, HYBRID_2026 -> throw none(suite);
            };
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static IllegalArgumentException none(Suite suite) {
        return new IllegalArgumentException("a person has no key of the suite " + suite.text());
    }

    /** The secret bytes, a copy, which the caller wipes: whoever has them is this person. */
    public static byte[] dangerouslySecret(SigningKey key) {
        return switch (key) {
            case SoftwareKey ed25519 -> ed25519.dangerouslySeed();
            case P256Key p256 -> p256.dangerouslySecret();
            default -> throw new IllegalArgumentException("a key whose secret is elsewhere is not a person's");
        };
    }

    /** Wipes what can be: a seed. The number of a P-256 key is the JVM's until it is collected. */
    public static void wipe(SigningKey key) {
        if (key instanceof SoftwareKey seed) {
            seed.close();
        }
    }
}
