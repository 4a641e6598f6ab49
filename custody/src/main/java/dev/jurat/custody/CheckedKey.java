package dev.jurat.custody;

import dev.jurat.proof.crypto.VerifyKey;
import java.util.Optional;

/**
 * A key whose signatures are verified before anybody has them.
 *
 * <p>Security property: a token that signs with another key, a service that answers for another message, and a fault in the arithmetic all end
 * here, and not on a log that never forgets.
 */
public abstract class CheckedKey implements KeptKey {
    private final VerifyKey verifyKey;
    private volatile boolean closed;

    protected CheckedKey(VerifyKey verifyKey) {
        this.verifyKey = verifyKey;
    }

    /** What the custody answers, in the form of the suite: 64 bytes. */
    protected abstract byte[] signed(byte[] message);

    /** Gives up what is held of the key; called once. */
    protected abstract void release();

    @Override
    public final VerifyKey verifyKey() {
        return verifyKey;
    }

    @Override
    public final byte[] sign(byte[] message) {
        if (closed) {
            throw CustodyException.of(CustodyCode.LOCKED, "this key was closed", Optional.empty());
        }
        byte[] signature = signed(message);
        if (!verifyKey.verifies(message, signature)) {
            throw CustodyException.of(
                    CustodyCode.FAILED,
                    "the signature that came back does not verify under " + verifyKey.text(),
                    Optional.empty());
        }
        return signature;
    }

    @Override
    public final synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    /** The public half alone. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + verifyKey.text() + "]";
    }
}
