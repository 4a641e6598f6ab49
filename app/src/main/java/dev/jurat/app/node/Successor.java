package dev.jurat.app.node;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.GenesisPlan;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Predecessor;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes the data folder of a log that takes the place of another: new keys, and a genesis that cites the old log and is signed by its
 * administrators. The folder has another name until it is whole, so that no start ever finds half of one.
 */
public final class Successor {
    private static final String MAKING = ".succeeding";

    private final NodeConfig making;
    private final Path data;

    private Successor(Path data) {
        this.data = data.toAbsolutePath().normalize();
        this.making = NodeConfig.of(this.data.resolveSibling(this.data.getFileName() + MAKING));
    }

    /** The log that was made: its key, its first record, and what that cites, as a reader checks it. */
    public record Made(NoteVerifier log, RecordId genesis, Predecessor predecessor) {}

    /**
     * Makes it.
     *
     * @param data a folder that is empty, or not there
     * @param administrators of the old log, who sign; whoever made them closes their keys
     * @throws StartException {@code data-folder-in-use}, {@code data-folder-foreign}, or the codes of the ledger
     * @throws FormatException as {@link Predecessor#check}. Whatever is thrown, nothing is left
     */
    public static Made make(Path data, List<Administrator> administrators, Citation citation)
            throws IOException, FormatException, StartException {
        Successor successor = new Successor(data);
        successor.requireFree();
        PrivateFiles.folder(successor.making.data());
        try (FirstStart first = FirstStart.take(successor.making.data())) {
            successor.clear(first::is);
            Made made = successor.makeOrLeaveNothing(administrators, citation);
            // A crash before this leaves a folder of another name, which the next try makes anew.
            Files.move(successor.making.data(), successor.data, StandardCopyOption.ATOMIC_MOVE);
            // A crash here leaves a log that is whole, or the folder of the other name: the next try says which.
            PrivateFiles.syncNames(Objects.requireNonNull(successor.data.getParent(), "the root is never empty"));
            return made;
        } catch (LedgerException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e);
        }
    }

    /** Refuses a folder that anything is in; before anybody is asked for a passphrase, too. */
    public static void requireFree(Path data) throws IOException, StartException {
        new Successor(data).requireFree();
    }

    private void requireFree() throws IOException, StartException {
        if (!Files.exists(data)) {
            return;
        }
        boolean empty = Files.isDirectory(data);
        if (empty) {
            try (Stream<Path> files = Files.list(data)) {
                empty = files.findAny().isEmpty();
            }
        }
        if (!empty && isSuccessor()) {
            throw new StartException(
                    "data-folder-foreign",
                    data + " has a log already that takes the place of another; nothing was touched",
                    "look whether it is what you want, as after an answer that was lost: jurat log audit " + data
                            + "; or name another folder with --data");
        }
        if (!empty) {
            throw new StartException(
                    "data-folder-foreign",
                    data + " is not empty: a new log is made in a folder of its own; nothing was touched",
                    "move the old folder away, or name another one with --data");
        }
    }

    private boolean isSuccessor() {
        return FirstLeaf.read(NodeConfig.of(data).log())
                .flatMap(LedgerFacts.Genesis::predecessor)
                .isPresent();
    }

    /** What an earlier try left, which was cut off; but for the folder and what is kept in it. */
    private void clear(Predicate<Path> kept) throws IOException {
        try (Stream<Path> left = Files.walk(making.data())) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(making.data()) && !kept.test(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Made makeOrLeaveNothing(List<Administrator> administrators, Citation citation)
            throws IOException, FormatException, LedgerException {
        try {
            return make(administrators, citation);
        } catch (FormatException | LedgerException | IOException e) {
            clear(file -> false);
            Files.delete(making.data());
            throw e;
        }
    }

    private Made make(List<Administrator> administrators, Citation citation)
            throws IOException, FormatException, LedgerException {
        LedgerPorts ports = LedgerPorts.standard();
        NodeKeys keys = NodeKeys.make(making.keys(), RandomSource.secure(), false);
        List<Registered> principals = new ArrayList<>(keys.services());
        administrators.forEach(a -> principals.add(a.registered()));
        GenesisPlan plan = new GenesisPlan(
                Base32.encode(RandomSource.secure().bytes(10)) + ".jurat.internal",
                principals,
                Shipped.artefacts(),
                administrators.stream().<SigningKey>map(Administrator::key).toList(),
                Optional.of(citation));
        PrivateFiles.folder(making.log());
        try (Ledger ledger = Ledger.create(
                making.log(), making.ledger(), keys.ledger(ports.signatures().signing()), ports, plan)) {
            return made(ledger, citation);
        }
    }

    /** As every reader will: what does not pass is not handed over. */
    private static Made made(Ledger ledger, Citation citation) throws FormatException, LedgerException {
        SignedRecord first = ledger.record(new LeafIndex(0)).orElseThrow().record();
        if (!(first.statement().facts() instanceof LedgerFacts.Genesis genesis)) {
            throw new IllegalStateException("leaf 0 is no genesis");
        }
        Predecessor predecessor = Predecessor.check(genesis, citation.bytes(), SignatureChecker.standard());
        return new Made(ledger.logKey(), first.id(), predecessor);
    }
}
