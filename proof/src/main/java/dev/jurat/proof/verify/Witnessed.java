package dev.jurat.proof.verify;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;

/**
 * Which of the witnesses that a trust policy knows have cosigned a bundle's checkpoint.
 *
 * @param asked how many the policy knows
 * @param signed the names of those whose cosignatures are there and good
 * @param enough whether they are a quorum by the policy
 */
public record Witnessed(int asked, List<String> signed, boolean enough) {
    public Witnessed {
        signed = List.copyOf(signed);
    }

    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("asked", asked)
                .put("enough", enough)
                .strings("signed", signed)
                .build();
    }
}
