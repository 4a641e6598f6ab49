package dev.jurat.custody;

import dev.jurat.proof.crypto.Suite;
import java.util.List;
import java.util.Set;

/**
 * Where private keys are kept, each under a name: files under a passphrase, a token, a TPM, a service. Thread-safe.
 *
 * <p>Security property: no private key leaves it by this interface, and {@link KeptKey#sign} hands on no signature that does not verify.
 * What the custody says of a key is {@link #evidence}; the mistake that looks right but is not is to take it for proof: unless
 * {@link KeyEvidence#attested}, it is the word of the software that was asked.
 *
 * <p>Every failure is a {@link CustodyException} with one of its codes, the same from each kind. Nothing falls back to a weaker custody.
 */
public interface Custody extends AutoCloseable {
    CustodyClass kind();

    /** The suites whose keys it can hold. */
    Set<Suite> suites();

    /**
     * Makes a key and opens it. When this returns, the key is kept; of a failure it may be left, and then has its name.
     *
     * @param name letters, digits, dot, hyphen and underscore, as {@link KeyName} has it
     */
    KeptKey make(String name, Suite suite);

    /** Opens a key that is kept. Several may be open of one name. */
    KeptKey open(String name);

    /** The names of all keys, sorted. */
    List<String> list();

    /** Destroys a key for good, or has the service do so as soon as it does. */
    void destroy(String name);

    /** Where the key is and what the custody says of it. */
    KeyEvidence evidence(String name);

    /** Gives up what it holds; the keys that it opened sign no more. */
    @Override
    void close();
}
