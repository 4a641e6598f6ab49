package dev.jurat.app.cli;

import dev.jurat.app.demo.Demo;
import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.Details;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
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
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import dev.jurat.sdk.StreamHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private final SigningKey key;

    Person(String principal, SigningKey key) {
        this.principal = principal;
        this.key = key;
    }

    /** Unlocks the key of this name, or the only one there is that the node knows; {@code --as} is the option that names it. */
    static Person unlock(NodeCommand command, JuratClient node, Optional<String> name)
            throws IOException, NodeException, FormatException {
        List<SealedKey> here = new Operators(command.home()).list();
        return unlock(choose(command, here, node, name, "--as"));
    }

    /** The same for somebody other than {@code newcomer}, named by {@code --by}. */
    static Person unlockOther(NodeCommand command, JuratClient node, Optional<String> name, String newcomer)
            throws IOException, NodeException, FormatException {
        List<SealedKey> others = new Operators(command.home())
                .list().stream().filter(k -> !k.name().equals(newcomer)).toList();
        return unlock(choose(command, others, node, name, "--by"));
    }

    /** Whether the command's home has the key of anybody whom the node knows. */
    static boolean isHere(NodeCommand command, JuratClient node) throws IOException, NodeException, FormatException {
        return !known(new Operators(command.home()).list(), node).isEmpty();
    }

    static Person unlock(SealedKey sealed) {
        char[] passphrase = Terminal.passphrase("Passphrase of " + sealed.name() + ": ");
        try {
            SigningKey key = sealed.open(passphrase)
                    .orElseThrow(() -> Failure.terminal(
                            "passphrase-wrong",
                            "this passphrase does not open the key of " + sealed.name(),
                            Next.SAME));
            return new Person(sealed.principal(), key);
        } finally {
            Arrays.fill(passphrase, ' ');
        }
    }

    private static SealedKey choose(
            NodeCommand command, List<SealedKey> all, JuratClient node, Optional<String> name, String option)
            throws IOException, NodeException, FormatException {
        List<SealedKey> meant = all.stream()
                .filter(k -> name.map(k.name()::equals).orElse(true))
                .toList();
        if (meant.isEmpty() && name.isPresent()) {
            throw Failure.input("no-such-operator", "there is no key of " + name.get(), "jurat operator list");
        }
        List<SealedKey> keys = known(meant, node);
        return switch (keys.size()) {
            case 0 -> throw nobody(command, meant, node, option);
            case 1 -> keys.getFirst();
            default ->
                throw Failure.input(
                        "several-operators",
                        "there are keys of several people here: " + names(keys),
                        Next.SAME + " " + option + " "
                                + Next.quoted(keys.getFirst().name()));
        };
    }

    private static String names(List<SealedKey> keys) {
        return String.join(", ", keys.stream().map(SealedKey::name).toList());
    }

    /** Those that the node has: a key that was never enrolled here signs nothing that is taken. */
    private static List<SealedKey> known(List<SealedKey> keys, JuratClient node) throws NodeException {
        if (keys.isEmpty()) {
            return keys;
        }
        List<String> principals = View.list(node.get("/v1/principals"), "principals").stream()
                .map(p -> View.text(p, "principal"))
                .toList();
        return keys.stream().filter(k -> principals.contains(k.principal())).toList();
    }

    private static Failure nobody(NodeCommand command, List<SealedKey> strangers, JuratClient node, String option)
            throws IOException, NodeException, FormatException {
        String home = Next.quoted(command.home().folder().toString());
        String next = elsewhere(command, strangers, node, option);
        return strangers.isEmpty()
                ? Failure.input("no-operator", "no key of a person is in " + home, next)
                : Failure.input(
                        "operator-unknown",
                        "this node does not know " + names(strangers) + ", whose key is in " + home
                                + ": it was never enrolled here",
                        next);
    }

    /** Where a key is that this node knows, or how there comes to be one. */
    private static String elsewhere(NodeCommand command, List<SealedKey> strangers, JuratClient node, String option)
            throws IOException, NodeException, FormatException {
        if (!node.head().claimed()) {
            return "jurat operator enroll --name "
                    + (strangers.size() == 1 ? strangers.getFirst().name() : "YOU");
        }
        Optional<Path> beside = command.homeBeside();
        if (beside.isPresent()) {
            Path words = beside.get().resolveSibling(Demo.PASSPHRASES);
            return Next.ELSEWHERE + " --home " + Next.quoted(beside.get().toString())
                    + (Files.exists(words) ? "   (the passphrase is in " + words + ")" : "");
        }
        return option.equals("--by")
                ? "have an administrator run it from the folder that has their key, where you type a passphrase of your own: "
                        + Next.ELSEWHERE + " --home DIR"
                : "name the folder that has the key of somebody whom this node knows: " + Next.ELSEWHERE
                        + " --home DIR; to be one of them, have an administrator enrol you from theirs: jurat operator enroll --home DIR"
                        + " --name YOU";
    }

    String principal() {
        return principal;
    }

    SigningKey key() {
        return key;
    }

    Stream stream() {
        return new Stream(principal, Stream.sessionId(key.verifyKey()));
    }

    /** The next record of this person's stream, signed; {@code also} sign after the person. */
    Entry sign(JuratClient node, Facts facts, References references, Details details, SigningKey... also)
            throws NodeException {
        return sign(node, facts, references, Optional.of(details), also);
    }

    /** The next record of this person's stream, of a kind that has no body. */
    Entry signBare(JuratClient node, Facts facts, References references, SigningKey... also) throws NodeException {
        return sign(node, facts, references, Optional.empty(), also);
    }

    /** The next records of this person's stream, of kinds that have no body and name no other, in order. */
    List<Entry> signBare(JuratClient node, List<? extends Facts> all) throws NodeException {
        NodeHead head = node.head();
        StreamHead at = node.stream(stream()).orElseGet(() -> new StreamHead(0, head.genesis(), "new"));
        List<Entry> entries = new ArrayList<>();
        for (Facts facts : all) {
            Entry entry = signed(head, at, facts, References.NONE, Optional.empty());
            entries.add(entry);
            at = new StreamHead(at.next() + 1, entry.record().id(), at.state());
        }
        return entries;
    }

    private Entry sign(
            JuratClient node, Facts facts, References references, Optional<Details> details, SigningKey... also)
            throws NodeException {
        NodeHead head = node.head();
        StreamHead next = node.stream(stream()).orElseGet(() -> new StreamHead(0, head.genesis(), "new"));
        return signed(head, next, facts, references, details, also);
    }

    private Entry signed(
            NodeHead head,
            StreamHead next,
            Facts facts,
            References references,
            Optional<Details> details,
            SigningKey... also) {
        Header header = new Header(
                facts.kind(),
                stream(),
                SignerType.HUMAN,
                next.next(),
                next.previous(),
                head.clock(),
                references,
                key.verifyKey().suite());
        Optional<Body> body =
                details.map(d -> d.body(RandomSource.secure().bytes(Body.SALT_BYTES), stream(), next.next()));
        Statement statement = new Statement(
                header, facts, body.map(Body::digest).orElse(head.genesis().hash()));
        List<SigningKey> keys = new ArrayList<>(List.of(key));
        keys.addAll(List.of(also));
        return new Entry(SignedRecord.sign(statement, keys.toArray(SigningKey[]::new)), body);
    }
}
