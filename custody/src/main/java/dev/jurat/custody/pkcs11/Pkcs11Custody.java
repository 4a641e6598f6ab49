package dev.jurat.custody.pkcs11;

import dev.jurat.custody.CheckedKey;
import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.KeyEvidence;
import dev.jurat.custody.KeyName;
import dev.jurat.custody.Secret;
import dev.jurat.custody.SecretSource;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keys in a PKCS#11 token, under their labels. Thread-safe.
 *
 * <p>Security property: a key is made in the token as sensitive and not extractable, and one that is not both is never used. That the token keeps
 * to it is its maker's word: {@link #evidence} shows attributes, not an attestation. Logins of one process to one token are shared, as the
 * interface has it: whoever can run code in this process can sign while the custody is open.
 */
public final class Pkcs11Custody implements Custody {
    private final Token token;
    private final RandomSource random;
    private final Set<Suite> suites;

    private Pkcs11Custody(Token token, RandomSource random, Set<Suite> suites) {
        this.token = token;
        this.random = random;
        this.suites = suites;
    }

    /** Loads the module, finds the token and logs in. */
    public static Pkcs11Custody open(Pkcs11Config config, SecretSource pin, RandomSource random) {
        return open(Module.load(config.module()), config, pin, random);
    }

    static Pkcs11Custody open(Functions functions, Pkcs11Config config, SecretSource pin, RandomSource random) {
        Token token = new Token(functions, config, Secret.of(pin));
        try {
            Slots slots = new Slots(functions);
            Set<Suite> suites = token.with(session -> Arrays.stream(Curve.values())
                    .filter(curve -> slots.can(token.token().slot(), curve))
                    .map(Curve::suite)
                    .collect(Collectors.toUnmodifiableSet()));
            return new Pkcs11Custody(token, random, suites);
        } catch (RuntimeException e) {
            token.close();
            throw e;
        }
    }

    @Override
    public CustodyClass kind() {
        return CustodyClass.PKCS11;
    }

    @Override
    public Set<Suite> suites() {
        return suites;
    }

    @Override
    public synchronized KeptKey make(String name, Suite suite) {
        KeyName.require(name);
        Curve curve = Curve.of(suite)
                .filter(c -> suites.contains(suite))
                .orElseThrow(() ->
                        CustodyException.of(CustodyCode.SUITE, "the token makes no key of the suite " + suite.text()));
        byte[] id = random.bytes(16);
        return kept(token.with(session -> {
            TokenKey.refuseTaken(session, name);
            return TokenKey.make(session, name, id, curve);
        }));
    }

    @Override
    public KeptKey open(String name) {
        KeyName.require(name);
        return kept(token.with(session -> TokenKey.find(session, name)));
    }

    private KeptKey kept(TokenKey found) {
        return new Kept(token, found);
    }

    @Override
    public List<String> list() {
        return token.with(TokenKey::names);
    }

    @Override
    public void destroy(String name) {
        KeyName.require(name);
        token.with(session -> TokenKey.destroy(session, name));
    }

    @Override
    public KeyEvidence evidence(String name) {
        KeyName.require(name);
        return token.with(session -> {
            TokenKey found = TokenKey.find(session, name);
            return new KeyEvidence(CustodyClass.PKCS11, found.key(), false, found.facts(session, token.token()));
        });
    }

    @Override
    public void close() {
        token.close();
    }

    /** A key by its label; its handle is looked for again where the token was lost. */
    private static final class Kept extends CheckedKey {
        private final Token token;
        private volatile TokenKey found;

        Kept(Token token, TokenKey found) {
            super(found.key());
            this.token = token;
            this.found = found;
        }

        @Override
        protected byte[] signed(byte[] message) {
            return token.quickly(session -> {
                TokenKey now = found;
                if (now.generation() != session.generation()) {
                    now = TokenKey.find(session, now.name());
                    found = now;
                }
                return now.sign(session, message);
            });
        }

        @Override
        protected void release() {
            // The token keeps it; sessions are the custody's.
        }
    }
}
