package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a log sends to a witness (C2SP tlog-witness, {@code add-checkpoint}): the size that the witness has cosigned last, as the log
 * believes, the proof from there, and a checkpoint that nobody has checked yet.
 *
 * <p>The checkpoint may have extension lines, which a cosignature covers as it stands.
 */
public record WitnessRequest(TreeSize old, List<Hash> proof, SignedNote note, String origin, TreeSize size, Hash root) {
    /** The largest request, in bytes. */
    public static final int BYTES_MAX = 1 << 17;

    private static final int PROOF_MAX = 63;
    private static final String OLD = "old ";

    public WitnessRequest {
        proof = List.copyOf(proof);
    }

    /** The bytes that a log sends. */
    public byte[] bytes() {
        StringBuilder head = new StringBuilder(OLD).append(old).append('\n');
        proof.forEach(hash -> head.append(Base64Text.encode(hash.bytes())).append('\n'));
        byte[] before = head.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
        byte[] checkpoint = note.bytes();
        byte[] all = Arrays.copyOf(before, before.length + checkpoint.length);
        System.arraycopy(checkpoint, 0, all, before.length, checkpoint.length);
        return all;
    }

    /** A request for this checkpoint. */
    public static WitnessRequest of(ConsistencyProof proof, SignedNote note) throws FormatException {
        return read(proof.from(), proof.path(), note);
    }

    /**
     * Reads what {@link #bytes} writes.
     *
     * @throws FormatException {@code witness-request}, {@code checkpoint-syntax}, {@code checkpoint-size}, {@code checkpoint-root}, or the
     *     codes of a note
     */
    public static WitnessRequest parse(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw refused("a request has at most " + BYTES_MAX + " bytes");
        }
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (lines.isEmpty() || !lines.getLast().isEmpty()) {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            if (end == bytes.length || lines.size() > PROOF_MAX + 1) {
                throw refused("a request is the old size, up to 63 hashes, an empty line and a checkpoint");
            }
            lines.add(new String(bytes, at, end - at, StandardCharsets.ISO_8859_1));
            at = end + 1;
        }
        if (!lines.getFirst().startsWith(OLD)) {
            throw refused("the first line is the old size");
        }
        TreeSize old = new TreeSize(Decimal.parse(lines.getFirst().substring(OLD.length()), "witness-request"));
        List<Hash> proof = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            proof.add(hash(line, "witness-request"));
        }
        return read(old, proof, SignedNote.parse(Arrays.copyOfRange(bytes, at, bytes.length)));
    }

    private static WitnessRequest read(TreeSize old, List<Hash> proof, SignedNote note) throws FormatException {
        List<String> lines = note.text().lines().toList();
        if (lines.size() < 3 || lines.contains("")) {
            throw new FormatException("checkpoint-syntax", "a checkpoint is origin, size, root and extension lines");
        }
        TreeSize size = new TreeSize(Decimal.parse(lines.get(1), "checkpoint-size"));
        return new WitnessRequest(old, proof, note, lines.get(0), size, hash(lines.get(2), "checkpoint-root"));
    }

    private static Hash hash(String text, String code) throws FormatException {
        byte[] bytes = Base64Text.decode(text);
        if (bytes.length != Hash.BYTES) {
            throw new FormatException(code, "a hash has " + Hash.BYTES + " bytes");
        }
        return Hash.ofBytes(bytes);
    }

    private static FormatException refused(String why) {
        return new FormatException("witness-request", why);
    }
}
