package dev.jurat.proof.predecessor;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.TreeSize;
import java.util.ArrayList;
import java.util.List;

/** A leaf of the predecessor, with its path to the root that the new log cites. */
public record ShownLeaf(long index, byte[] leaf, List<Hash> path) {
    public ShownLeaf {
        path = List.copyOf(path);
    }

    /** Whether the leaf is under a root; {@code leaf-index-beyond-size}, {@code inclusion-proof-invalid}. */
    void verify(TreeSize size, Hash root) throws FormatException {
        new InclusionProof(new LeafIndex(index), size, path).verify(Rfc6962.leafHash(leaf), root);
    }

    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("index", index)
                .put("leaf", Base64Text.encode(leaf))
                .strings("path", path.stream().map(Hash::hex).toList())
                .build();
    }

    static ShownLeaf read(Fields in) throws FormatException {
        List<Hash> path = new ArrayList<>();
        for (String hex : in.strings("path")) {
            path.add(Hash.tryHex(hex)
                    .orElseThrow(() -> new FormatException(Citation.SYNTAX, "a path is of digests in hexadecimal")));
        }
        ShownLeaf shown =
                new ShownLeaf(in.integer("index", 0, Long.MAX_VALUE), Base64Text.decode(in.string("leaf")), path);
        in.end();
        return shown;
    }
}
