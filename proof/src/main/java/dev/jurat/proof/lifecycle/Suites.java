package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Role;
import java.util.Set;

/**
 * The suites that principals' keys may have in a log: Ed25519, and what its genesis names beside it ({@code docs/spec/lifecycle.md} §5).
 *
 * <p>A log from before another suite does not name it, so that whoever reads it with this version says what was said of it then.
 */
record Suites(Set<String> named) {
    static final Suites NONE = new Suites(Set.of());

    static Suites of(LedgerFacts.Genesis genesis) {
        return new Suites(Set.copyOf(genesis.suites()));
    }

    boolean take(VerifyKey key) {
        return key.suite() == Suite.ED25519_2026 || named.contains(key.suite().text());
    }

    /**
     * The key of a principal of genesis, where the ledger's and the broker's are Ed25519.
     *
     * @throws FormatException as for {@link VerifyKey#parse(String)}, or {@code genesis-invalid} for a key of a suite that it cannot have
     */
    VerifyKey key(Registered principal) throws FormatException {
        VerifyKey key = VerifyKey.parse(principal.key());
        boolean held =
                principal.roles().contains(Role.LEDGER) || principal.roles().contains(Role.BROKER);
        if (!take(key) || held && key.suite() != Suite.ED25519_2026) {
            throw new FormatException("genesis-invalid", "a principal's key is of a suite that it cannot have");
        }
        return key;
    }
}
