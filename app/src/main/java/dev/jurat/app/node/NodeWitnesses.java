package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.Halt;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.ledger.witness.Witnesses;
import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** The witnesses of one node, if it asks any: asked once before it signs, and then by themselves until it is closed. */
final class NodeWitnesses implements AutoCloseable {
    private final Optional<Witnesses> asked;
    private final CompletableFuture<Void> before;

    private NodeWitnesses(Optional<Witnesses> asked, CompletableFuture<Void> before) {
        this.asked = asked;
        this.before = before;
    }

    /** Settles whom the node asks, and begins to ask about the ledger, which is open and held. */
    static NodeWitnesses open(NodeConfig config, Ledger ledger) throws StartException, IOException, LedgerException {
        try {
            Optional<WitnessConfig> chosen = chosen(config, ledger);
            if (chosen.isEmpty()) {
                if (config.witnesses() instanceof WitnessChoice.Nobody) {
                    // Whoever asks nobody any more has decided against the witnesses that stopped the ledger. That
                    // their file is gone says
                    // nothing: it may have been lost with what they saw.
                    ledger.lift(halt -> true);
                }
                return new NodeWitnesses(Optional.empty(), CompletableFuture.completedFuture(null));
            }
            Witnesses witnesses = Witnesses.of(ledger, chosen.get(), System::currentTimeMillis);
            return new NodeWitnesses(Optional.of(witnesses), ask(witnesses));
        } catch (FormatException e) {
            throw new StartException(
                    e.code(),
                    "the node's witnesses: " + e.getMessage(),
                    "mend the policy and give it again, or ask nobody (--no-witnesses): jurat up --witness-policy FILE",
                    e);
        }
    }

    private static CompletableFuture<Void> ask(Witnesses witnesses) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        witnesses.askBeforeSigning();
                    } catch (LedgerException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Thread.ofVirtual().name("jurat-witnesses-first").start(task));
    }

    private static Optional<WitnessConfig> chosen(NodeConfig config, Ledger ledger)
            throws IOException, FormatException {
        Path file = config.witnessFile();
        return switch (config.witnesses()) {
            case WitnessChoice.Kept ignored -> {
                if (!Files.exists(file)) {
                    yield Optional.empty();
                }
                yield Optional.of(WitnessConfig.read(PrivateFiles.read(file, WitnessConfig.BYTES_MAX)));
            }
            case WitnessChoice.Given given -> {
                given.config().requireFor(ledger.logKey());
                // A crash before this leaves the witnesses of the start before, after it these: either is whole.
                PrivateFiles.write(file, given.config().bytes());
                yield Optional.of(given.config());
            }
            case WitnessChoice.Nobody ignored -> {
                // A crash before this leaves the witnesses of the start before, after it none, and what halted: nothing
                // is signed yet.
                if (Files.deleteIfExists(file)) {
                    PrivateFiles.syncNames(config.data());
                }
                yield Optional.empty();
            }
        };
    }

    /** Waits until they have answered, or the time for that is up; then the ledger may sign, or is halted. */
    void await() throws LedgerException {
        try {
            before.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerException cause) {
                throw cause;
            }
            throw e;
        }
    }

    void begin() {
        asked.ifPresent(Witnesses::begin);
    }

    Optional<Witnesses> asked() {
        return asked;
    }

    /** What a halted ledger is told of, and what its operator can do. */
    static String text(List<Halt> halts) {
        boolean one = halts.size() == 1;
        return halts.stream().map(NodeWitnesses::seen).collect(Collectors.joining(", and "))
                + ": this folder is an old copy, or another node signs for the same log. Nothing is taken in or signed; all can be read."
                + " Stop the node and put the newest copy of its folder back. If this is the newest, "
                + (one
                        ? "the witness is wrong: a policy without it"
                        : "these witnesses are wrong: a policy without them")
                + ", with --witness-policy, or --no-witnesses, ends this";
    }

    private static String seen(Halt halt) {
        return "the witness " + halt.by().name()
                + (halt.code().equals(Halt.AHEAD)
                        ? " has cosigned " + halt.size() + " leaves of this log, more than it ever signed here"
                        : " has cosigned other leaves of this log, below size " + halt.size());
    }

    @Override
    public void close() {
        asked.ifPresent(Witnesses::close);
    }
}
