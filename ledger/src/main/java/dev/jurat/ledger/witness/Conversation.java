package dev.jurat.ledger.witness;

import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.witness.WitnessDoor.Reply;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.NoteSignature;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.WitnessRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Asks one witness to cosign one checkpoint: a request, and a second one where the first learns which size the witness has.
 *
 * <p>Security property: only a line counts that verifies under the key that the policy names, over this checkpoint, with a time near this
 * host's. The mistake that looks right but is not: taking the size of a 409 for evidence; it is the witness's word, believed against this
 * ledger alone.
 */
final class Conversation {
    private static final String SIZE_TYPE = "text/x.tlog.size";
    private static final int TOLD_MAX = 200;

    private final Ledger ledger;
    private final WitnessDoor door;
    private final URI address;
    private final NoteVerifier key;
    private final long clockMillisMax;
    private final LongSupplier millis;
    private Optional<TreeSize> known;
    private Optional<TreeSize> beganAt = Optional.empty();

    /** @param known what the witness has cosigned last, where that is known */
    Conversation(
            Ledger ledger,
            WitnessDoor door,
            URI address,
            NoteVerifier key,
            WitnessConfig config,
            LongSupplier millis,
            Optional<TreeSize> known) {
        this.ledger = ledger;
        this.door = door;
        this.address = address;
        this.key = key;
        this.clockMillisMax = config.clockMillisMax();
        this.millis = millis;
        this.known = known;
    }

    /** What the witness has cosigned last, by its own word. */
    Optional<TreeSize> known() {
        return known;
    }

    /** The size that it said it was at, where it was another one than we asked from. */
    Optional<TreeSize> beganAt() {
        return beganAt;
    }

    /** Asks about a checkpoint of this ledger. Where nothing is known, it claims that the witness has this very size, to be told. */
    Heard ask(SignedNote note, TreeSize size) throws InterruptedException {
        try {
            TreeSize old = known.filter(seen -> seen.compareTo(size) <= 0).orElse(size);
            Reply first = send(old, note, size);
            if (first.status() != 409) {
                return heard(first, note, old, size);
            }
            TreeSize told = size(first);
            Optional<Heard> contradiction = contradiction(told, old, size);
            if (contradiction.isPresent()) {
                return contradiction.get();
            }
            beganAt = Optional.of(told);
            known = beganAt;
            Reply second = send(told, note, size);
            return second.status() == 409 ? changedItsMind() : heard(second, note, told, size);
        } catch (IOException e) {
            return new Heard.Fault(
                    "witness-unreachable", "it cannot be asked: " + brief(String.valueOf(e.getMessage())));
        } catch (FormatException e) {
            return new Heard.Fault("witness-answer", "it does not answer as a witness does: " + e.getMessage());
        } catch (LedgerException e) {
            return new Heard.Fault(e.code(), "the ledger cannot prove what it asks: " + e.getMessage());
        }
    }

    private Reply send(TreeSize old, SignedNote note, TreeSize size)
            throws IOException, FormatException, LedgerException, InterruptedException {
        ConsistencyProof proof =
                old.value() == 0 ? new ConsistencyProof(old, size, List.of()) : ledger.consistency(old, size);
        return door.post(address, WitnessRequest.of(proof, note).bytes());
    }

    /** The size of a 409: one decimal and a line feed, under its own media type, which no other server sends by chance. */
    private static TreeSize size(Reply reply) throws FormatException {
        String text = new String(reply.body(), StandardCharsets.US_ASCII);
        if (!reply.mediaType().equals(SIZE_TYPE) || !text.endsWith("\n") || text.length() > 20) {
            throw new FormatException("witness-answer", "status 409 without a size");
        }
        return TreeSize.parse(text.substring(0, text.length() - 1));
    }

    /** What a size means that is not the one we asked from, where it does not simply tell us where to begin. */
    private Optional<Heard> contradiction(TreeSize told, TreeSize old, TreeSize size) {
        if (told.compareTo(ledger.head().size()) > 0) {
            return Optional.of(new Heard.Ahead(told));
        }
        if (told.compareTo(size) > 0) {
            known = Optional.of(told);
            return Optional.of(new Heard.Overtaken());
        }
        if (told.equals(old)) {
            // Witnesses of the first version of the protocol say so where the sizes are equal and the roots are not.
            return Optional.of(old.equals(size) ? new Heard.Differs(size) : changedItsMind());
        }
        return Optional.empty();
    }

    private static Heard.Fault changedItsMind() {
        return new Heard.Fault("witness-answer", "it says that it has another size, and then that it has not");
    }

    private Heard heard(Reply reply, SignedNote note, TreeSize old, TreeSize size) {
        return switch (reply.status()) {
            case 200 -> cosigned(reply, note, size);
            case 404 -> new Heard.Fault("witness-log-unknown", "it does not know this log");
            case 400, 403, 413 -> refused(reply);
            // Nothing can differ from a log of which it has seen nothing.
            case 422 -> old.value() == 0 ? refused(reply) : new Heard.Differs(old);
            case 429, 500, 502, 503, 504 ->
                new Heard.Fault(
                        "witness-busy", "it has no time, with status " + reply.status(), reply.retryAfterSeconds());
            default -> new Heard.Fault("witness-answer", "it answers with status " + reply.status());
        };
    }

    private static Heard.Fault refused(Reply reply) {
        return new Heard.Fault("witness-refused", "it refuses this log's checkpoint, with status " + reply.status());
    }

    private Heard cosigned(Reply reply, SignedNote note, TreeSize size) {
        try {
            List<NoteSignature> lines =
                    lines(note, reply.body()).stream().filter(key::matches).toList();
            if (lines.isEmpty() || !lines.stream().allMatch(line -> key.verifies(note.text(), line))) {
                return new Heard.Fault(
                        "witness-cosignature", "it sent no cosignature of this checkpoint by the policy's key");
            }
            long seconds = key.cosignedAtSeconds(lines.getFirst()).orElseThrow();
            if (Math.abs(seconds - millis.getAsLong() / 1000) > clockMillisMax / 1000) {
                return new Heard.Fault(
                        "witness-time", "its cosignature's time, " + seconds + ", is far from this host's");
            }
            known = Optional.of(size);
            return new Heard.Cosigned(lines.getFirst(), seconds);
        } catch (FormatException e) {
            return new Heard.Fault("witness-answer", "what it sent is no signature line: " + e.getMessage());
        }
    }

    /** The lines of an answer, read as those of a note with our text: an empty line would make another text. */
    private static List<NoteSignature> lines(SignedNote ours, byte[] body) throws FormatException {
        byte[] text = (ours.text() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(text, text.length + body.length);
        System.arraycopy(body, 0, all, text.length, body.length);
        SignedNote read = SignedNote.parse(all);
        if (!read.text().equals(ours.text())) {
            throw new FormatException("witness-answer", "an empty line among signatures");
        }
        return read.signatures();
    }

    private static String brief(String text) {
        return text.length() > TOLD_MAX ? text.substring(0, TOLD_MAX) + "…" : text;
    }
}
