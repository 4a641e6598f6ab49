package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How far a follower has read: what it needs to go on, as a small file of its own.
 *
 * <p>Security property: whoever can write it can have leaves passed over, or a fork overlooked.
 *
 * @param read how many leaves were handed on
 * @param newest the newest checkpoint that was good, which is also the evidence against a log that contradicts it
 */
public record Followed(TreeSize read, Optional<SignedNote> newest) {
    /** Names this version of the file. */
    public static final String FORMAT = "https://jurat.dev/followed/v1";
    /** The largest file, in bytes. */
    public static final int BYTES_MAX = 8 << 20;

    /** From this leaf on; of what is before it, nothing is read. */
    public static Followed from(TreeSize read) {
        return new Followed(read, Optional.empty());
    }

    /** The file: canonical JSON. */
    public byte[] bytes() {
        JsonBuilder out = JsonBuilder.object();
        newest.ifPresent(note -> out.put("newest", new String(note.bytes(), StandardCharsets.UTF_8)));
        return CanonicalJson.write(
                out.put("read", read.value()).put("version", FORMAT).build());
    }

    /**
     * Reads what {@link #bytes} writes.
     *
     * @throws FormatException {@code follow-state}, or the codes of JSON, members and notes
     */
    public static Followed read(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw refused();
        }
        Fields in = Fields.of(CanonicalJson.readLoose(bytes), "followed");
        Optional<String> newest = in.optionalString("newest");
        TreeSize read = new TreeSize(in.integer("read", 0, Long.MAX_VALUE));
        boolean known = in.string("version").equals(FORMAT);
        in.end();
        if (!known) {
            throw refused();
        }
        return new Followed(
                read,
                newest.isEmpty()
                        ? Optional.empty()
                        : Optional.of(SignedNote.parse(newest.get().getBytes(StandardCharsets.UTF_8))));
    }

    private static FormatException refused() {
        return new FormatException("follow-state", "not how far a follower has read");
    }
}
