package dev.jurat.proof.predecessor;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a new log cites of the log whose place it takes: an artefact that the {@code predecessor} of its genesis names by digest. Nothing in it is
 * checked yet; {@link Predecessor#check} does that. Spec: {@code docs/spec/predecessor.md}.
 *
 * @param checkpoint the checkpoint that the old log counts up to, with every line that was on it
 * @param shown leaf 0 of the old log, and what shows who its administrators are, by index
 * @param earlier what the old log itself cites, where it took the place of another
 */
public record Citation(SignedNote checkpoint, Reason reason, List<ShownLeaf> shown, Optional<Citation> earlier) {
    public static final String VERSION = "https://jurat.dev/predecessor/v1";
    /** As much as an artefact of a ledger may have, in bytes. */
    public static final int BYTES_MAX = 4 << 20;

    static final String SYNTAX = "predecessor-syntax";

    public Citation {
        shown = List.copyOf(shown);
    }

    /** The artefact: canonical JSON. */
    public byte[] bytes() {
        return CanonicalJson.write(toJson());
    }

    /** What a genesis has as its {@code predecessor}. */
    public Hash digest() {
        return Hash.of(bytes());
    }

    private Json.Obj toJson() {
        return JsonBuilder.object()
                .put("checkpoint", new String(checkpoint.bytes(), StandardCharsets.UTF_8))
                .put("earlier", earlier.map(Citation::toJson))
                .put(
                        "leaves",
                        new Json.Arr(shown.stream().<Json>map(ShownLeaf::toJson).toList()))
                .put("reason", reason.wire())
                .put("version", VERSION)
                .build();
    }

    /**
     * Reads the artefact.
     *
     * @throws FormatException {@code predecessor-syntax}, or the codes of canonical JSON, members and notes
     */
    public static Citation read(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw new FormatException(SYNTAX, "what is cited of a predecessor has at most " + BYTES_MAX + " bytes");
        }
        return read(Fields.of(CanonicalJson.readObject(bytes), "predecessor"));
    }

    private static Citation read(Fields in) throws FormatException {
        if (!in.string("version").equals(VERSION)) {
            throw new FormatException(SYNTAX, "the version is not " + VERSION);
        }
        SignedNote note = SignedNote.parse(in.string("checkpoint").getBytes(StandardCharsets.UTF_8));
        List<ShownLeaf> shown = new ArrayList<>();
        for (Json leaf : in.array("leaves")) {
            shown.add(ShownLeaf.read(Fields.of(leaf, in.path() + ".leaves")));
        }
        requireOrder(shown);
        Reason reason = Reason.parse(in.string("reason"));
        Optional<Citation> earlier = in.has("earlier") ? Optional.of(read(in.object("earlier"))) : Optional.empty();
        in.end();
        return new Citation(note, reason, shown, earlier);
    }

    private static void requireOrder(List<ShownLeaf> shown) throws FormatException {
        if (shown.isEmpty() || shown.getFirst().index() != 0) {
            throw new FormatException(SYNTAX, "leaf 0 of the predecessor is not shown");
        }
        for (int i = 1; i < shown.size(); i++) {
            if (shown.get(i).index() <= shown.get(i - 1).index()) {
                throw new FormatException(SYNTAX, "the leaves are not in order");
            }
        }
    }
}
