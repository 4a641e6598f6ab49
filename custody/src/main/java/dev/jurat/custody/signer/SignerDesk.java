package dev.jurat.custody.signer;

import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Optional;
import java.util.Set;

/** One key of a signer with its rule. Thread-safe. */
final class SignerDesk implements AutoCloseable {
    private final SignerRule rule;
    private final KeptKey key;
    private final CustodyClass custody;
    private final Pace pace;

    SignerDesk(SignerRule rule, KeptKey key, CustodyClass custody) {
        this.rule = rule;
        this.key = key;
        this.custody = custody;
        this.pace = new Pace(rule.perMinute(), System.nanoTime());
    }

    /** The users whom its rule names. */
    Set<String> users() {
        return rule.users();
    }

    boolean admits(String user) {
        return rule.users().contains(user);
    }

    /** Whether it signs with this key. */
    boolean has(VerifyKey wanted) {
        return key.verifyKey().equals(wanted);
    }

    /** The key that may follow this one. */
    Optional<VerifyKey> next() {
        return rule.succession().next();
    }

    /**
     * What is said of the key.
     *
     * @param next the name of the key that may follow it, where this signer has it for who asks
     */
    Json.Obj about(Optional<String> next) {
        return JsonBuilder.object()
                .put("custody", custody.word())
                .put("key", key.verifyKey().text())
                .put("next", next.map(Json::of))
                .put("principal", rule.principal())
                .put("suite", key.verifyKey().suite().text())
                .build();
    }

    /** Signs what the rule allows. */
    byte[] sign(AskedRecord asked, byte[] message) {
        asked.require(rule, key.verifyKey(), System.currentTimeMillis());
        if (!pace.take(System.nanoTime())) {
            throw CustodyException.of(
                    CustodyCode.BUSY,
                    "more than " + rule.perMinute() + " signatures a minute with the key " + rule.key());
        }
        return key.sign(message);
    }

    @Override
    public void close() {
        key.close();
    }
}
