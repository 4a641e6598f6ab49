package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;

/**
 * How far an auditor has found a log clean: its first leaf, a size, and the root of that size. It goes on from there without checking the
 * signatures below again, and notices a log that has changed there, or has become shorter.
 *
 * <p>Security property: it is the auditor's own note; whoever can write it can have forged signatures below it passed over.
 */
public record AuditMark(RecordId genesis, long size, Hash root) {
    /** Names this version of the file. */
    public static final String FORMAT = "https://jurat.dev/audit/v1";
    /** The largest file, in bytes. */
    public static final int BYTES_MAX = 4096;

    /** The file: canonical JSON. */
    public byte[] bytes() {
        return CanonicalJson.write(JsonBuilder.object()
                .put("genesis", genesis.hex())
                .put("root", Base64Text.encode(root.bytes()))
                .put("size", size)
                .put("version", FORMAT)
                .build());
    }

    /**
     * Reads what {@link #bytes} writes.
     *
     * @throws FormatException {@code audit-mark}, or the codes of JSON, members and base64
     */
    public static AuditMark read(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw refused();
        }
        Fields in = Fields.of(CanonicalJson.readLoose(bytes), "mark");
        RecordId genesis = RecordId.parse(in.string("genesis"));
        byte[] root = Base64Text.decode(in.string("root"));
        long size = in.integer("size");
        boolean known = in.string("version").equals(FORMAT);
        in.end();
        if (!known || size < 1 || root.length != Hash.BYTES) {
            throw refused();
        }
        return new AuditMark(genesis, size, Hash.ofBytes(root));
    }

    private static FormatException refused() {
        return new FormatException("audit-mark", "not the mark of an audit");
    }
}
