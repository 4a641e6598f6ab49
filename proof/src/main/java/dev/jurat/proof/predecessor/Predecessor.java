package dev.jurat.proof.predecessor;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignerType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A log whose place another one has taken, on the word of its administrators. Only {@link #check} makes one.
 *
 * <p>Security property: whoever signed the new genesis were administrators of the old log in good standing at the size that is cited, by
 * signatures that lead back to the old genesis; the old log's own key, which may be in other hands, cannot bring that about. The mistake that
 * looks right but is not: taking the old log to be the one that you know. Compare {@link #log} and {@link #genesis} with what you have of it.
 *
 * <p>What was left out of a citation, such as the suspension of an administrator, cannot be seen in it; whoever has the old log sees it.
 */
public final class Predecessor {
    private final Citation citation;
    private final VerifiedCheckpoint cited;
    private final NoteVerifier log;
    private final RecordId genesis;
    private final List<String> signers;
    private final List<Registered> administrators;
    private final boolean claimedLater;
    private final Optional<Predecessor> earlier;

    private Predecessor(
            Citation citation,
            VerifiedCheckpoint cited,
            NoteVerifier log,
            Shown shown,
            List<String> signers,
            Optional<Predecessor> earlier) {
        this.citation = citation;
        this.cited = cited;
        this.log = log;
        this.genesis = shown.genesis().id();
        this.signers = signers;
        this.administrators = Administrators.standing(shown.log());
        this.claimedLater = shown.claimedLater();
        this.earlier = earlier;
    }

    /**
     * Checks what a genesis cites.
     *
     * @param artefact the one that its {@code predecessor} names
     * @throws FormatException {@code predecessor-mismatch} for other bytes, {@code predecessor-syntax}, {@code predecessor-log},
     *     {@code predecessor-leaf}, {@code predecessor-record}, {@code predecessor-earlier}, {@code successor-same}, {@code successor-foreign},
     *     {@code successor-four-eyes}, or the codes of what it is made of
     */
    public static Predecessor check(LedgerFacts.Genesis successor, byte[] artefact, SignatureChecker checker)
            throws FormatException {
        if (successor.predecessor().filter(Hash.of(artefact)::equals).isEmpty()) {
            throw new FormatException("predecessor-mismatch", "genesis names other bytes than these");
        }
        return check(successor, Citation.read(artefact), checker);
    }

    private static Predecessor check(LedgerFacts.Genesis successor, Citation citation, SignatureChecker checker)
            throws FormatException {
        Shown shown =
                Shown.judge(citation, Checkpoint.parse(citation.checkpoint().text()), checker);
        NoteVerifier log = named(shown.first());
        VerifiedCheckpoint cited = opened(citation.checkpoint(), log);
        requireOther(successor, shown.first());
        List<String> signers = signers(successor, shown.log());
        return new Predecessor(citation, cited, log, shown, signers, earlier(citation, shown, checker));
    }

    /** The log that a genesis names. */
    public static NoteVerifier named(LedgerFacts.Genesis genesis) throws FormatException {
        try {
            return NoteVerifier.log(genesis.origin(), VerifyKey.parse(Suite.ED25519_2026, genesis.checkpointKey()));
        } catch (IllegalArgumentException e) {
            throw new FormatException("predecessor-log", "an origin that no log can have");
        }
    }

    private static VerifiedCheckpoint opened(SignedNote note, NoteVerifier log) throws FormatException {
        try {
            return VerifiedCheckpoint.open(note, log);
        } catch (FormatException e) {
            throw new FormatException(
                    "predecessor-log", "the checkpoint is not of the log whose leaf 0 is shown: " + e.getMessage());
        }
    }

    /** Neither name nor any key but those of people goes on: a key that is lost or stolen must not sign for the new log. */
    private static void requireOther(LedgerFacts.Genesis successor, LedgerFacts.Genesis old) throws FormatException {
        Set<String> before = new HashSet<>(services(old).toList());
        if (successor.origin().equals(old.origin()) || services(successor).anyMatch(before::contains)) {
            throw new FormatException(
                    "successor-same", "the new log has the name of the old one, or a key of the old one's services");
        }
    }

    private static Stream<String> services(LedgerFacts.Genesis genesis) {
        return Stream.concat(
                Stream.of(genesis.checkpointKey()),
                genesis.principals().stream()
                        .filter(p -> p.type() != SignerType.HUMAN)
                        .map(Registered::key));
    }

    /** The people of the new genesis, who signed it: each an administrator of the old log as they stood there, and two where there were two. */
    private static List<String> signers(LedgerFacts.Genesis successor, Lifecycle old) throws FormatException {
        List<Registered> people = successor.principals().stream()
                .filter(p -> p.type() == SignerType.HUMAN)
                .toList();
        if (people.isEmpty() || !Administrators.standing(old).containsAll(people)) {
            throw new FormatException(
                    "successor-foreign",
                    "not everybody whom the new genesis names was an administrator of the old log in good standing");
        }
        requireEnough(people.size(), Administrators.everyone(old).size());
        return people.stream().map(Registered::principal).toList();
    }

    /**
     * Whoever steals one key and suspends the others does not carry the log over alone.
     *
     * @throws FormatException {@code successor-four-eyes} where one alone signed of a log that ever had more
     */
    public static void requireEnough(int signed, int ever) throws FormatException {
        if (signed < Math.min(2, ever)) {
            throw new FormatException("successor-four-eyes", "one administrator signed, and the old log had " + ever);
        }
    }

    private static Optional<Predecessor> earlier(Citation citation, Shown shown, SignatureChecker checker)
            throws FormatException {
        boolean same =
                citation.earlier().map(Citation::digest).equals(shown.first().predecessor());
        if (!same) {
            throw new FormatException(
                    "predecessor-earlier", "what the old log itself cites is not what its genesis names");
        }
        return citation.earlier().isPresent()
                ? Optional.of(check(shown.first(), citation.earlier().get(), checker))
                : Optional.empty();
    }

    // ---- what it shows

    /** The old log: its name and the key that its genesis names. */
    public NoteVerifier log() {
        return log;
    }

    /** The id of the old log's leaf 0. */
    public RecordId genesis() {
        return genesis;
    }

    /** How far the old log counts. */
    public Checkpoint cited() {
        return cited.checkpoint();
    }

    /** The same with every line that was on it. */
    public SignedNote note() {
        return cited.note();
    }

    public Reason reason() {
        return citation.reason();
    }

    /** Who signed the new genesis, by principal. */
    public List<String> signers() {
        return signers;
    }

    /** The old log's administrators in good standing, as far as the citation shows. */
    public List<Registered> administrators() {
        return administrators;
    }

    /** Whether one of them claimed the node, so that the place of that in the log, and no signature, made them administrator. */
    public boolean claimedLater() {
        return claimedLater;
    }

    /** The log before the old one. */
    public Optional<Predecessor> earlier() {
        return earlier;
    }
}
