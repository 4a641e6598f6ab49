package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A statement with its signatures, in the exact bytes that were signed ({@code docs/spec/record.md} §3). Immutable.
 *
 * <p>Reading one checks its form; it does not check a signature. Who needs a checked record asks the lifecycle.
 */
public final class SignedRecord {
    /** The largest leaf of a suite without a hybrid signature, in bytes. */
    public static final int LEAF_BYTES_MAX = 4096;

    private static final Pattern LENGTH = Pattern.compile("[1-9][0-9]{0,3}");
    private static final byte[] PAE_START = ("DSSEv1 " + Statement.PAYLOAD_TYPE.length() + " " + Statement.PAYLOAD_TYPE
                    + " ")
            .getBytes(StandardCharsets.US_ASCII);

    private final byte[] payload;
    private final byte[] preAuthentication;
    private final List<byte[]> signatures;
    private final Statement statement;
    private final RecordId id;

    private SignedRecord(byte[] payload, List<byte[]> signatures, Statement statement) throws FormatException {
        this.payload = payload;
        this.signatures = signatures;
        this.statement = statement;
        this.preAuthentication = Dsse.pae(Statement.PAYLOAD_TYPE, payload);
        this.id = new RecordId(Hash.of(preAuthentication));
        if (leafLength() > LEAF_BYTES_MAX) {
            throw new FormatException("leaf-large", "a leaf has at most " + LEAF_BYTES_MAX + " bytes");
        }
    }

    /** Signs a statement with each key in turn. */
    public static SignedRecord sign(Statement statement, SigningKey... keys) {
        byte[] payload = statement.bytes();
        byte[] message = Dsse.pae(Statement.PAYLOAD_TYPE, payload);
        List<byte[]> signatures = new ArrayList<>();
        for (SigningKey key : keys) {
            signatures.add(key.sign(message));
        }
        try {
            return of(payload, signatures);
        } catch (FormatException e) {
            throw new IllegalArgumentException("a statement that may not be signed: " + e.getMessage(), e);
        }
    }

    /** Takes payload and signatures as they came; codes of {@code docs/spec/record.md} §6. */
    public static SignedRecord of(byte[] payload, List<byte[]> signatures) throws FormatException {
        return ofOwn(payload.clone(), signatures);
    }

    /** The same of a payload that nobody else has. */
    private static SignedRecord ofOwn(byte[] payload, List<byte[]> signatures) throws FormatException {
        Statement statement = Statement.read(payload);
        if (signatures.isEmpty() || signatures.size() > 16) {
            throw new FormatException("signature-count", "a record has 1 to 16 signatures");
        }
        List<byte[]> copies = new ArrayList<>();
        for (byte[] signature : signatures) {
            if (signature.length != 64) {
                throw new FormatException(
                        "signature-length",
                        "a signature of " + statement.header().suite().text() + " has 64 bytes");
            }
            copies.add(signature.clone());
        }
        statement.header().suite().requireAvailable();
        return new SignedRecord(payload, List.copyOf(copies), statement);
    }

    /** Reads a leaf of the tree; {@code leaf-syntax} where its framing is off. */
    public static SignedRecord ofLeaf(byte[] leaf) throws FormatException {
        if (leaf.length > LEAF_BYTES_MAX) {
            throw new FormatException("leaf-large", "a leaf has at most " + LEAF_BYTES_MAX + " bytes");
        }
        int start = PAE_START.length;
        if (leaf.length < start || !Arrays.equals(PAE_START, 0, start, leaf, 0, start)) {
            throw new FormatException("leaf-syntax", "a leaf begins with its pre-authentication bytes");
        }
        int space = start;
        while (space < leaf.length && space < start + 5 && leaf[space] != ' ') {
            space++;
        }
        int length = payloadLength(leaf, start, space);
        int end = space + 1 + length;
        if (end > leaf.length) {
            throw new FormatException("leaf-syntax", "the payload is shorter than it says");
        }
        return ofOwn(
                Arrays.copyOfRange(leaf, space + 1, end), signatures(ByteBuffer.wrap(leaf, end, leaf.length - end)));
    }

    private static int payloadLength(byte[] leaf, int start, int space) throws FormatException {
        String digits = new String(leaf, start, space - start, StandardCharsets.US_ASCII);
        if (space >= leaf.length
                || leaf[space] != ' '
                || !LENGTH.matcher(digits).matches()) {
            throw new FormatException("leaf-syntax", "no length before the payload");
        }
        return Integer.parseInt(digits);
    }

    private static List<byte[]> signatures(ByteBuffer in) throws FormatException {
        List<byte[]> signatures = new ArrayList<>();
        while (in.hasRemaining()) {
            if (in.remaining() < 2) {
                throw new FormatException("leaf-syntax", "a signature has a length of two bytes before it");
            }
            int length = Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                throw new FormatException("leaf-syntax", "a signature is shorter than it says");
            }
            byte[] signature = new byte[length];
            in.get(signature);
            signatures.add(signature);
        }
        return signatures;
    }

    private int leafLength() {
        int length = preAuthentication.length;
        for (byte[] signature : signatures) {
            length += 2 + signature.length;
        }
        return length;
    }

    /** The bytes that are hashed into the tree: the pre-authentication bytes, then each signature behind its length. */
    public byte[] leaf() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(leafLength());
        out.writeBytes(preAuthentication);
        for (byte[] signature : signatures) {
            out.write(signature.length >> 8);
            out.write(signature.length);
            out.writeBytes(signature);
        }
        return out.toByteArray();
    }

    /** Whether these are the bytes of {@link #leaf}. */
    public boolean isLeaf(byte[] bytes) {
        int at = preAuthentication.length;
        boolean same = bytes.length == leafLength() && Arrays.equals(preAuthentication, 0, at, bytes, 0, at);
        for (byte[] signature : signatures) {
            int from = at + 2;
            at = from + signature.length;
            same = same
                    && bytes[from - 2] == (byte) (signature.length >> 8)
                    && bytes[from - 1] == (byte) signature.length
                    && Arrays.equals(signature, 0, signature.length, bytes, from, at);
        }
        return same;
    }

    public RecordId id() {
        return id;
    }

    public Statement statement() {
        return statement;
    }

    public Header header() {
        return statement.header();
    }

    public Kind kind() {
        return statement.kind();
    }

    public byte[] payload() {
        return payload.clone();
    }

    /** What every signature is over. */
    public byte[] preAuthentication() {
        return preAuthentication.clone();
    }

    public List<byte[]> signatures() {
        List<byte[]> copies = new ArrayList<>(signatures.size());
        for (byte[] signature : signatures) {
            copies.add(signature.clone());
        }
        return copies;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedRecord record && Arrays.equals(leaf(), record.leaf());
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return statement.kind().wire() + " " + id.hex();
    }
}
