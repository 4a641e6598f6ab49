package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.Details;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import dev.jurat.sdk.StreamHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Somebody at the terminal whose key is unlocked.
 *
 * <p>Security property: made only by a passphrase typed at a terminal, so a process of the same user that has the key file cannot sign.
 */
final class Person {
    private final String principal;
    private final SoftwareKey key;

    Person(String principal, SoftwareKey key) {
        this.principal = principal;
        this.key = key;
    }

    /** Unlocks the key of this name, or the only one there is that the node knows; {@code --as} is the option that names it. */
    static Person unlock(JuratHome home, JuratClient node, Optional<String> name)
            throws IOException, NodeException, FormatException {
        return unlock(choose(new Operators(home).list(), node, name, "--as"));
    }

    /** The same for somebody other than {@code newcomer}, named by {@code --by}. */
    static Person unlockOther(JuratHome home, JuratClient node, Optional<String> name, String newcomer)
            throws IOException, NodeException, FormatException {
        List<SealedKey> others = new Operators(home)
                .list().stream().filter(k -> !k.name().equals(newcomer)).toList();
        return unlock(choose(others, node, name, "--by"));
    }

    static Person unlock(SealedKey sealed) {
        char[] passphrase = Terminal.passphrase("Passphrase of " + sealed.name() + ": ");
        try {
            SoftwareKey key = sealed.open(passphrase)
                    .orElseThrow(() -> Failure.terminal(
                            "passphrase-wrong",
                            "this passphrase does not open the key of " + sealed.name(),
                            Next.SAME));
            return new Person(sealed.principal(), key);
        } finally {
            Arrays.fill(passphrase, ' ');
        }
    }

    private static SealedKey choose(List<SealedKey> all, JuratClient node, Optional<String> name, String option)
            throws NodeException {
        if (name.isPresent()) {
            return all.stream()
                    .filter(k -> k.name().equals(name.get()))
                    .findFirst()
                    .orElseThrow(() -> Failure.input(
                            "no-such-operator", "there is no key of " + name.get(), "jurat operator list"));
        }
        List<SealedKey> keys = all.size() > 1 ? known(all, node) : all;
        return switch (keys.size()) {
            case 0 ->
                throw Failure.input(
                        "no-operator", "no administrator's key is in this folder", "jurat operator enroll --name YOU");
            case 1 -> keys.getFirst();
            default ->
                throw Failure.input(
                        "several-operators",
                        "there are keys of several people here: "
                                + String.join(
                                        ", ", keys.stream().map(SealedKey::name).toList()),
                        Next.SAME + " " + option + " "
                                + Next.quoted(keys.getFirst().name()));
        };
    }

    /** Those that the node has, if it has any: a key that was never enrolled here is nobody to choose. */
    private static List<SealedKey> known(List<SealedKey> keys, JuratClient node) throws NodeException {
        List<String> principals = View.list(node.get("/v1/principals"), "principals").stream()
                .map(p -> View.text(p, "principal"))
                .toList();
        List<SealedKey> known =
                keys.stream().filter(k -> principals.contains(k.principal())).toList();
        return known.isEmpty() ? keys : known;
    }

    String principal() {
        return principal;
    }

    SoftwareKey key() {
        return key;
    }

    Stream stream() {
        return new Stream(principal, Stream.sessionId(key.verifyKey()));
    }

    /** The next record of this person's stream, signed; {@code also} sign after the person. */
    Entry sign(JuratClient node, Facts facts, References references, Details details, SoftwareKey... also)
            throws NodeException {
        return sign(node, facts, references, Optional.of(details), also);
    }

    /** The next record of this person's stream, of a kind that has no body. */
    Entry signBare(JuratClient node, Facts facts, References references) throws NodeException {
        return sign(node, facts, references, Optional.empty());
    }

    private Entry sign(
            JuratClient node, Facts facts, References references, Optional<Details> details, SoftwareKey... also)
            throws NodeException {
        NodeHead head = node.head();
        StreamHead next = node.stream(stream()).orElseGet(() -> new StreamHead(0, head.genesis(), "new"));
        Header header = new Header(
                facts.kind(),
                stream(),
                SignerType.HUMAN,
                next.next(),
                next.previous(),
                head.clock(),
                references,
                Suite.ED25519_2026);
        Optional<Body> body =
                details.map(d -> d.body(RandomSource.secure().bytes(Body.SALT_BYTES), stream(), next.next()));
        Statement statement = new Statement(
                header, facts, body.map(Body::digest).orElse(head.genesis().hash()));
        List<SoftwareKey> keys = new ArrayList<>(List.of(key));
        keys.addAll(List.of(also));
        return new Entry(SignedRecord.sign(statement, keys.toArray(SoftwareKey[]::new)), body);
    }
}
