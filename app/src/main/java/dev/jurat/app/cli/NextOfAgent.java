package dev.jurat.app.cli;

import dev.jurat.app.signer.SignerFolder;
import dev.jurat.custody.signer.SignerKey;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.SignerFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Which key an agent has next: one with a signer that was named, or that its own signer offers, what an earlier try left, or a new one in a file.
 *
 * <p>Security property: where the key before it is with a signer, the next one is never in a file, unless somebody changes the signer's own rules.
 */
final class NextOfAgent {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    @Option(
            names = "--to",
            paramLabel = "KEY",
            description =
                    "An agent's next key is this one, which a signer has (default: the one that its own signer offers; after a key in a file, a new"
                            + " one in a file).")
    Optional<String> to = Optional.empty();

    @Option(
            names = "--signer",
            paramLabel = "SOCKET",
            description =
                    "With --to: the signer's socket (default: the agent's own signer's, else signer/signer.sock in Jurat's folder).")
    Optional<Path> signer = Optional.empty();

    /**
     * Chooses it.
     *
     * @param held what an earlier try left, and the ledger may have
     * @param now what the agent has at present, if it is here
     */
    Identity choose(NodeCommand command, JuratClient node, Owner owner, Optional<Identity> held, Optional<Identity> now)
            throws NodeException {
        if (held.isPresent() && landed(node, held.get())) {
            return held.get();
        }
        Optional<SignerFile> current = now.filter(SignerFile.class::isInstance).map(SignerFile.class::cast);
        Optional<Identity> offered = offered(command.home(), owner, current).map(key -> key);
        if (held.isPresent() && held.get() instanceof KeyFile && (offered.isPresent() || current.isPresent())) {
            throw Failure.input(
                    "key-held",
                    "an earlier try left a next key of " + owner.name() + " in a file, which the ledger does not have: "
                            + owner.next(),
                    "remove that file, and then: " + Next.SAME);
        }
        Optional<Identity> chosen = offered.or(() -> held);
        if (chosen.isEmpty() && current.isPresent()) {
            throw Failure.input(
                    "no-next-key",
                    "the signer has no key that may follow the one of " + owner.name(),
                    "have whoever runs it make one, and start it anew: jurat signer make NEXT --after "
                            + current.get().name() + " --user USER");
        }
        return chosen.orElseGet(
                () -> new KeyFile(owner.principal(), owner.type(), SoftwareKey.generate(RandomSource.secure())));
    }

    /** Whose key it is, and where the next one waits. */
    record Owner(String name, String principal, SignerType type, Path next) {}

    private static boolean landed(JuratClient node, Identity key) throws NodeException {
        return node.stream(
                        new Stream(key.principal(), Stream.sessionId(key.key().verifyKey())))
                .isPresent();
    }

    private Optional<SignerFile> offered(JuratHome home, Owner owner, Optional<SignerFile> current) {
        if (to.isEmpty() && signer.isPresent()) {
            throw Failure.input(
                    "signer-choice",
                    "--signer is for --to",
                    "name the key with the signer: " + Next.SAME + " --to KEY");
        }
        if (to.isEmpty()) {
            return current.flatMap(key -> SignerKey.about(key.socket(), key.name(), TIMEOUT)
                    .next()
                    .map(name -> kept(owner, key.socket(), name)));
        }
        if (owner.type() != SignerType.AGENT) {
            throw Failure.input("signer-choice", "a signer keeps the keys of agents alone", "the same without --to");
        }
        Path socket = signer.map(path -> path.toAbsolutePath().normalize())
                .or(() -> current.map(SignerFile::socket))
                .orElseGet(() -> new SignerFolder(home.folder().resolve("signer")).socket());
        return Optional.of(kept(owner, socket, to.get()));
    }

    private static SignerFile kept(Owner owner, Path socket, String name) {
        SignerKey.About about = SignerKey.about(socket, name, TIMEOUT);
        if (!about.principal().equals(owner.principal())) {
            throw Failure.input(
                    "key-of-another",
                    "the signer's key " + name + " is for " + about.principal() + ", and not for " + owner.principal(),
                    "have whoever runs it make one that follows: jurat signer make --help");
        }
        return new SignerFile(owner.principal(), owner.type(), about.key(), socket, name);
    }
}
