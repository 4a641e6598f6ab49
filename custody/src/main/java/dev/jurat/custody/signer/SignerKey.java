package dev.jurat.custody.signer;

import dev.jurat.custody.CheckedKey;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A key that a signer keeps, as who asks for its signatures sees it. Thread-safe; each signature has a connection of its own.
 *
 * <p>Security property: no private key is in this process. The public half is what the caller expects and not what the signer says, and each
 * signature is verified under it.
 */
public final class SignerKey extends CheckedKey {
    private final SignerSocket socket;
    private final String name;

    private SignerKey(SignerSocket socket, String name, VerifyKey key) {
        super(key);
        this.socket = socket;
        this.name = name;
    }

    /**
     * What a signer says of one of its keys.
     *
     * @param custody the word of a custody's class, on the signer's word
     * @param next the name of the key that its rule lets follow it, if the signer has that for this user
     * @param user as whom the signer runs, as the kernel says: whoever can put a socket at that place answers as themselves
     */
    public record About(String principal, VerifyKey key, String custody, Optional<String> next, String user) {}

    /** Asks a signer about a key. */
    public static About about(Path socket, String name, Duration timeout) {
        SignerSocket.Answer answer = new SignerSocket(socket, timeout)
                .ask(JsonBuilder.object().put("ask", "key").put("key", name).build());
        try {
            Fields in = Fields.of(answer.said(), "answer");
            About about = new About(
                    in.string("principal"),
                    VerifyKey.parse(Suite.parse(in.string("suite")), in.string("key")),
                    in.string("custody"),
                    in.optionalString("next"),
                    answer.user());
            in.end();
            return about;
        } catch (FormatException e) {
            throw malformed(e);
        }
    }

    /** The key of that name, which is to be this one. Asks nobody yet. */
    public static SignerKey of(Path socket, String name, VerifyKey key, Duration timeout) {
        return new SignerKey(new SignerSocket(socket, timeout), name, key);
    }

    @Override
    protected byte[] signed(byte[] message) {
        SignerSocket.Answer answer = socket.ask(JsonBuilder.object()
                .put("ask", "sign")
                .put("key", name)
                .put("message", Base64Text.encode(message))
                .build());
        try {
            Fields in = Fields.of(answer.said(), "answer");
            byte[] signature = Base64Text.decode(in.string("signature"));
            in.end();
            return signature;
        } catch (FormatException e) {
            throw malformed(e);
        }
    }

    static CustodyException malformed(FormatException e) {
        return CustodyException.of(CustodyCode.DAMAGED, "the signer's answer is out of form: " + e.code());
    }

    @Override
    protected void release() {
        // Nothing of the key is here.
    }
}
