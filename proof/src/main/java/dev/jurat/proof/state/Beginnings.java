package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import java.util.List;

/** What a record begins: which streams it opens, whom it registers, whose keys it brings ({@code docs/spec/state.md} §5). */
public final class Beginnings {
    private Beginnings() {}

    /** Whether a record opened a stream. */
    public static boolean opens(SignedRecord record, Stream stream) {
        Facts facts = record.statement().facts();
        boolean own = record.header().stream().equals(stream) && record.header().sequence() == 0;
        return switch (facts) {
            case LedgerFacts.Genesis genesis -> genesis.principals().stream().anyMatch(p -> opens(p, stream));
            case RegistryFacts.Session s -> own;
            case RegistryFacts.Key key -> own && enrols(key);
            default -> false;
        };
    }

    /** Whether genesis opens this stream of a principal that it names. */
    static boolean opens(Registered registered, Stream stream) {
        return registered.principal().equals(stream.principal())
                && opensStream(registered)
                && session(registered).equals(stream.session());
    }

    /** Whether genesis opens a stream of a principal that it names: the ledger's and those of people. */
    static boolean opensStream(Registered registered) {
        return isLedger(registered) || registered.type() == SignerType.HUMAN;
    }

    private static boolean isLedger(Registered registered) {
        return registered.principal().equals(Stream.LEDGER.principal());
    }

    /** The session of the stream that genesis opens of a principal. */
    static String session(Registered registered) {
        try {
            return isLedger(registered) ? Stream.LEDGER.session() : Stream.sessionId(VerifyKey.parse(registered.key()));
        } catch (FormatException e) {
            // A key that is no point of the curve opens nothing.
            return "";
        }
    }

    /** Whether a record registered a principal. */
    public static boolean registers(SignedRecord record, String principal) {
        return registered(record.statement().facts()).stream()
                .anyMatch(r -> r.principal().equals(principal));
    }

    /** Whether a record brought a key: of a principal, of a session, or of the checkpoints. */
    public static boolean brings(SignedRecord record, String key) {
        Facts facts = record.statement().facts();
        boolean own = switch (facts) {
            case LedgerFacts.Genesis genesis -> genesis.checkpointKey().equals(key);
            case RegistryFacts.Session session -> session.key().equals(key);
            default -> false;
        };
        return own || registered(facts).stream().anyMatch(r -> r.key().equals(key));
    }

    /** The principals that a record registers. */
    static List<Registered> registered(Facts facts) {
        return switch (facts) {
            case LedgerFacts.Genesis genesis -> genesis.principals();
            case RegistryFacts.Key key when enrols(key) -> List.of(key.registered());
            default -> List.of();
        };
    }

    static boolean enrols(RegistryFacts.Key key) {
        return key.action() == RegistryFacts.KeyAction.ENROLL;
    }
}
