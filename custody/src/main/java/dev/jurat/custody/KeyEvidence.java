package dev.jurat.custody;

import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a key is, and what its custody says of it.
 *
 * @param attested whether somebody other than the software that was asked signs for it; where not, it is that software's word
 * @param facts what it says, by name, such as {@code extractable}
 */
public record KeyEvidence(CustodyClass custody, VerifyKey key, boolean attested, Map<String, String> facts) {
    public KeyEvidence {
        facts = Map.copyOf(facts);
    }

    public Json.Obj toJson() {
        JsonBuilder said = JsonBuilder.object();
        new TreeMap<>(facts).forEach(said::put);
        return JsonBuilder.object()
                .put("attested", attested)
                .put("custody", custody.word())
                .put("facts", said.build())
                .put("key", key.text())
                .put("suite", key.suite().text())
                .build();
    }
}
