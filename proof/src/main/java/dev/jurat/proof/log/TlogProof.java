package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A {@code .tlog-proof} file: where a leaf is, the path from it to the root, and the signed checkpoint; the leaf itself is elsewhere.
 *
 * <p>Not yet checked: {@link #verify} does that. The unauthenticated {@code extra} line of the C2SP format is refused.
 */
public record TlogProof(LeafIndex index, List<Hash> path, SignedNote checkpoint) {
    /** A path of a tree of fewer than 2^63 leaves is no longer. */
    public static final int PATH_MAX = 63;

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String INDEX = "index ";

    public TlogProof {
        path = List.copyOf(path);
    }

    /** Makes the proof of a leaf from the tree that the checkpoint signs. */
    public static TlogProof make(HashReader reader, LeafIndex index, VerifiedCheckpoint checkpoint) {
        TreeSize size = checkpoint.checkpoint().size();
        return new TlogProof(index, InclusionProof.make(reader, index, size).path(), checkpoint.note());
    }

    /**
     * Reads a proof file.
     *
     * @throws FormatException {@code tlog-proof-header}, {@code tlog-proof-extra}, {@code tlog-proof-index}, {@code tlog-proof-path},
     *     {@code tlog-proof-syntax}, or what {@link SignedNote#parse} refuses
     */
    public static TlogProof parse(byte[] bytes) throws FormatException {
        int head = headEnd(bytes);
        String[] lines = ascii(bytes, head).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            throw new FormatException("tlog-proof-header", "the first line is not " + HEADER);
        }
        if (lines.length > 1 && lines[1].startsWith("extra ")) {
            throw new FormatException("tlog-proof-extra", "the unauthenticated extra line is not used");
        }
        if (lines.length < 2 || !lines[1].startsWith(INDEX)) {
            throw new FormatException("tlog-proof-index", "the index line is missing");
        }
        LeafIndex index = new LeafIndex(Decimal.parse(lines[1].substring(INDEX.length()), "tlog-proof-index"));
        List<Hash> path = path(Arrays.asList(lines).subList(2, lines.length));
        return new TlogProof(index, path, SignedNote.parse(Arrays.copyOfRange(bytes, head + 2, bytes.length)));
    }

    /** The file's bytes. */
    public byte[] bytes() {
        StringBuilder head = new StringBuilder(HEADER)
                .append('\n')
                .append(INDEX)
                .append(index)
                .append('\n');
        path.forEach(hash -> head.append(Base64Text.encode(hash.bytes())).append('\n'));
        byte[] first = head.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
        byte[] note = checkpoint.bytes();
        return ByteBuffer.allocate(first.length + note.length)
                .put(first)
                .put(note)
                .array();
    }

    /**
     * Checks the checkpoint under the log's key, and that the leaf is in its tree at the index.
     *
     * @throws FormatException as {@link VerifiedCheckpoint#open(SignedNote, NoteVerifier, List)} and {@link InclusionProof#verify}
     */
    public VerifiedCheckpoint verify(Hash leafHash, NoteVerifier log, List<NoteVerifier> cosigners)
            throws FormatException {
        VerifiedCheckpoint verified = VerifiedCheckpoint.open(checkpoint, log, cosigners);
        Checkpoint stated = verified.checkpoint();
        new InclusionProof(index, stated.size(), path).verify(leafHash, stated.root());
        return verified;
    }

    private static int headEnd(byte[] bytes) throws FormatException {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        throw new FormatException("tlog-proof-syntax", "no empty line before the checkpoint");
    }

    private static String ascii(byte[] bytes, int end) throws FormatException {
        try {
            return StandardCharsets.US_ASCII
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, end))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("tlog-proof-syntax", "not ASCII before the checkpoint");
        }
    }

    private static List<Hash> path(List<String> lines) throws FormatException {
        if (lines.size() > PATH_MAX) {
            throw new FormatException("tlog-proof-path", "more than " + PATH_MAX + " hashes");
        }
        List<Hash> path = new ArrayList<>();
        for (String line : lines) {
            path.add(hash(line));
        }
        return path;
    }

    private static Hash hash(String line) throws FormatException {
        byte[] bytes;
        try {
            bytes = Base64Text.decode(line);
        } catch (FormatException e) {
            throw new FormatException("tlog-proof-path", "a hash that is not base64");
        }
        if (bytes.length != Hash.BYTES) {
            throw new FormatException("tlog-proof-path", "a hash that has not 32 bytes");
        }
        return Hash.ofBytes(bytes);
    }
}
