package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogProof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A state proof as it was read: its parts taken apart, nothing checked but their form ({@code docs/spec/state.md} §5).
 *
 * @param state the index of the {@code state} leaf
 * @param leaves by their index
 * @param chunks by their number
 */
record ProofFile(
        SignedNote checkpoint,
        Subject subject,
        long state,
        NavigableMap<Long, Part> leaves,
        NavigableMap<Long, Part> chunks) {
    static final String TYPE = "https://jurat.dev/state-proof/v1";

    ProofFile {
        leaves = Collections.unmodifiableNavigableMap(new TreeMap<>(leaves));
        chunks = Collections.unmodifiableNavigableMap(new TreeMap<>(chunks));
    }

    /** The bytes of a leaf or a chunk, and their path to the root. */
    record Part(byte[] bytes, List<Hash> path) {
        Part {
            path = List.copyOf(path);
        }
    }

    byte[] bytes() {
        return CanonicalJson.write(JsonBuilder.object()
                .put("checkpoint", new String(checkpoint.bytes(), StandardCharsets.UTF_8))
                .put("chunks", parts(chunks, "number"))
                .put("leaves", parts(leaves, "index"))
                .put("state", state)
                .put("subject", subject.toJson())
                .put("type", TYPE)
                .build());
    }

    private static Json.Arr parts(NavigableMap<Long, Part> parts, String place) {
        List<Json> items = new ArrayList<>();
        parts.forEach((at, part) -> items.add(JsonBuilder.object()
                .put("bytes", Base64Text.encode(part.bytes()))
                .put(place, at)
                .strings("path", part.path().stream().map(Hash::hex).toList())
                .build()));
        return new Json.Arr(items);
    }

    /** Takes a file apart; {@code state-proof-type}, {@code state-proof-order}, and the codes of JSON, members, notes and names. */
    static ProofFile read(byte[] bytes) throws FormatException {
        Fields in = Fields.of(CanonicalJson.readObject(bytes), "proof");
        if (!in.string("type").equals(TYPE)) {
            throw new FormatException("state-proof-type", "proof.type is not " + TYPE);
        }
        ProofFile file = new ProofFile(
                SignedNote.parse(in.string("checkpoint").getBytes(StandardCharsets.UTF_8)),
                Subject.read(in.object("subject")),
                in.integer("state", 0, Json.INTEGER_MAX),
                parts(in, "leaves", "index"),
                parts(in, "chunks", "number"));
        in.end();
        return file;
    }

    private static NavigableMap<Long, Part> parts(Fields in, String member, String place) throws FormatException {
        TreeMap<Long, Part> parts = new TreeMap<>();
        for (Json item : in.array(member)) {
            Fields part = Fields.of(item, "proof." + member);
            long at = part.integer(place, 0, Json.INTEGER_MAX);
            if (!parts.isEmpty() && parts.lastKey() >= at) {
                throw new FormatException("state-proof-order", "proof." + member + " are not in their order");
            }
            parts.put(at, new Part(Base64Text.decode(part.string("bytes")), path(part)));
            part.end();
        }
        return parts;
    }

    private static List<Hash> path(Fields part) throws FormatException {
        List<Hash> path = new ArrayList<>();
        for (String hex : part.strings("path")) {
            path.add(Hash.tryHex(hex)
                    .orElseThrow(() ->
                            new FormatException("digest-syntax", "a digest is 64 lower-case hexadecimal digits")));
        }
        if (path.size() > TlogProof.PATH_MAX) {
            throw new FormatException("inclusion-proof-invalid", "a path of more than " + TlogProof.PATH_MAX);
        }
        return path;
    }
}
