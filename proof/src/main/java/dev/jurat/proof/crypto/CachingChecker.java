package dev.jurat.proof.crypto;

import java.util.concurrent.ConcurrentHashMap;

/** Checks with one verifier and keeps decoded keys; a full cache is emptied, which costs decoding again and nothing else. */
final class CachingChecker implements SignatureChecker {
    private final SuiteVerifier verifier;
    private final int keysMax;
    private final ConcurrentHashMap<VerifyKey, SuiteVerifier.ForKey> keys = new ConcurrentHashMap<>();

    CachingChecker(SuiteVerifier verifier, int keysMax) {
        if (keysMax < 1) {
            throw new IllegalArgumentException("keysMax is below 1");
        }
        this.verifier = verifier;
        this.keysMax = keysMax;
    }

    @Override
    public boolean verifies(VerifyKey key, byte[] message, byte[] signature) {
        SuiteVerifier.ForKey ready = keys.get(key);
        if (ready == null) {
            ready = remember(key);
        }
        return ready.verifies(message, signature);
    }

    private SuiteVerifier.ForKey remember(VerifyKey key) {
        SuiteVerifier.ForKey ready = verifier.forKey(key);
        if (keys.size() >= keysMax) {
            keys.clear();
        }
        keys.put(key, ready);
        return ready;
    }
}
