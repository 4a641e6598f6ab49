package dev.jurat.app.witness;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.NoteSignature;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.WitnessRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Cosigns checkpoints (C2SP tlog-witness): of each log the newest, and after it only what extends it.
 *
 * <p>Security property: no two checkpoints of one log are cosigned of which neither extends the other, at any crash: what is cosigned is on
 * disk before anybody hears of it, and a write of which nobody knows how it ended stops that log until the next start. The folder belongs to
 * one witness; whoever puts back an old copy of it makes it sign a fork. Thread-safe.
 */
public final class Witness {
    private final Path folder;
    private final NoteSigner cosigner;
    private final LongSupplier seconds;
    private final Map<String, Log> logs = new HashMap<>();

    /** One log, and what was cosigned of it last; its lock is held from the comparison to the disk. */
    private static final class Log {
        private final String origin;
        private final List<NoteVerifier> keys;
        private Optional<SignedNote> last;
        private TreeSize size;
        private Hash root;
        private boolean stopped;

        Log(String origin, List<NoteVerifier> keys, Optional<SignedNote> last, TreeSize size, Hash root) {
            this.origin = origin;
            this.keys = keys;
            this.last = last;
            this.size = size;
            this.root = root;
        }
    }

    /** What becomes of a request. */
    public sealed interface Answer {
        /** The cosignature. */
        record Cosigned(NoteSignature signature) implements Answer {}

        /** The old size of the request is not what was cosigned last. */
        record Stale(TreeSize size) implements Answer {}

        /** Not cosigned. */
        record Refused(Reason reason, String code, String text) implements Answer {}
    }

    /** Why a checkpoint is not cosigned. */
    public enum Reason {
        MALFORMED,
        UNKNOWN,
        UNSIGNED,
        INCONSISTENT,
        STOPPED
    }

    private Witness(Path folder, NoteSigner cosigner, LongSupplier seconds) {
        this.folder = folder;
        this.cosigner = cosigner;
        this.seconds = seconds;
    }

    /**
     * Takes up where the folder says that these logs stand. The caller holds the folder for itself.
     *
     * @param seconds POSIX seconds
     * @throws FormatException {@code witness-state} if the note of one cannot be read, is not by its keys, or is not cosigned by this witness
     */
    public static Witness open(Path folder, NoteSigner cosigner, WitnessLogs known, LongSupplier seconds)
            throws IOException, FormatException {
        Witness witness = new Witness(folder, cosigner, seconds);
        for (Map.Entry<String, List<NoteVerifier>> log : known.byOrigin().entrySet()) {
            witness.logs.put(name(log.getKey()), witness.read(log.getKey(), log.getValue()));
        }
        return witness;
    }

    /** The name under which a log's newest checkpoint is served and kept: the SHA-256 of its origin, in hexadecimal. */
    public static String name(String origin) {
        return Hash.of(origin.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private Log read(String origin, List<NoteVerifier> keys) throws IOException, FormatException {
        Path file = folder.resolve(name(origin));
        if (!Files.exists(file)) {
            return new Log(origin, keys, Optional.empty(), new TreeSize(0), Rfc6962.EMPTY_ROOT);
        }
        try {
            SignedNote note = SignedNote.parse(PrivateFiles.read(file, SignedNote.BYTES_MAX));
            note.verify(List.of(cosigner.verifier()));
            WitnessRequest newest =
                    WitnessRequest.of(new ConsistencyProof(new TreeSize(0), new TreeSize(0), List.of()), note);
            if (newest.origin().equals(origin)) {
                return new Log(origin, keys, Optional.of(note), newest.size(), newest.root());
            }
        } catch (FormatException e) {
            throw new FormatException(
                    "witness-state", file + " cannot be read as what was cosigned last: " + e.getMessage());
        }
        throw new FormatException("witness-state", file + " is of another log than its name says");
    }

    /** The newest checkpoint that was cosigned, by the {@link #name} of its log; empty if there is none. */
    public Optional<SignedNote> newest(String name) {
        Log log = logs.get(name);
        if (log == null) {
            return Optional.empty();
        }
        synchronized (log) {
            return log.last;
        }
    }

    /** Looks at one request, and cosigns or not. */
    public Answer add(byte[] request) {
        WitnessRequest asked;
        try {
            asked = WitnessRequest.parse(request);
        } catch (FormatException e) {
            return refused(Reason.MALFORMED, e);
        }
        Log log = logs.get(name(asked.origin()));
        if (log == null) {
            return new Answer.Refused(Reason.UNKNOWN, "witness-log-unknown", "this witness does not cosign that log");
        }
        List<NoteVerifier> signers;
        try {
            signers = asked.note().verify(log.keys);
        } catch (FormatException e) {
            return refused(Reason.UNSIGNED, e);
        }
        if (asked.old().compareTo(asked.size()) > 0) {
            return new Answer.Refused(Reason.MALFORMED, "consistency-sizes", "the old size is above the checkpoint's");
        }
        synchronized (log) {
            return add(log, asked, signers);
        }
    }

    private Answer add(Log log, WitnessRequest asked, List<NoteVerifier> signers) {
        if (log.stopped) {
            return new Answer.Refused(
                    Reason.STOPPED, "witness-stopped", "nobody knows whether what was cosigned last is on the disk");
        }
        if (!asked.old().equals(log.size)) {
            return new Answer.Stale(log.size);
        }
        try {
            if (asked.size().value() == 0 && !asked.root().equals(Rfc6962.EMPTY_ROOT)) {
                throw new FormatException("checkpoint-root", "a tree of no leaves has another root");
            }
            new ConsistencyProof(asked.old(), asked.size(), asked.proof()).verify(log.root, asked.root());
        } catch (FormatException e) {
            return refused(Reason.INCONSISTENT, e);
        }
        NoteSignature signature = cosigner.cosign(asked.note().text(), seconds.getAsLong());
        // One line of each key: a note has no room for every repetition.
        List<NoteSignature> checked = signers.stream()
                .flatMap(key ->
                        asked.note().signatures().stream().filter(key::matches).limit(1))
                .toList();
        SignedNote kept = new SignedNote(asked.note().text(), checked).with(signature);
        if (kept.signatures().size() > SignedNote.SIGNATURES_MAX || kept.bytes().length > SignedNote.BYTES_MAX) {
            return new Answer.Refused(
                    Reason.MALFORMED, "note-signature-count", "with the cosignature it would be no note any more");
        }
        try {
            // A crash before this leaves what was cosigned before; after it, the new one, of which nobody has heard:
            // the log is told its size, and asks again.
            PrivateFiles.write(folder.resolve(name(log.origin)), kept.bytes());
        } catch (IOException e) {
            log.stopped = true;
            return new Answer.Refused(
                    Reason.STOPPED, "witness-stopped", "nobody knows whether what was cosigned last is on the disk");
        }
        log.last = Optional.of(kept);
        log.size = asked.size();
        log.root = asked.root();
        return new Answer.Cosigned(signature);
    }

    private static Answer refused(Reason reason, FormatException e) {
        return new Answer.Refused(reason, e.code(), String.valueOf(e.getMessage()));
    }
}
