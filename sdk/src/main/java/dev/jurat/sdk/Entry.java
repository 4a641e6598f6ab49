package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A signed record and its body, as it is sent for admission. */
public record Entry(SignedRecord record, Optional<Body> body) {
    public Json.Obj toJson() {
        List<Json> signatures = new ArrayList<>();
        record.signatures().forEach(s -> signatures.add(Json.of(Base64Text.encode(s))));
        return JsonBuilder.object()
                .put("body", body.map(b -> Json.of(Base64Text.encode(b.bytes()))))
                .put("payload", Base64Text.encode(record.payload()))
                .put("signatures", new Json.Arr(signatures))
                .build();
    }

    /** About how many bytes {@link #toJson} takes, rounded up. */
    public int space() {
        return 2 * (record.payload().length + body.map(b -> b.bytes().length).orElse(0)) + 1024;
    }

    /** Reads what {@link #toJson} writes; codes of records and bodies. */
    public static Entry read(Json value) throws FormatException {
        Fields fields = Fields.of(value, "record");
        byte[] payload = Base64Text.decode(fields.string("payload"));
        List<byte[]> signatures = new ArrayList<>();
        for (String signature : fields.strings("signatures")) {
            signatures.add(Base64Text.decode(signature));
        }
        Optional<String> body = fields.optionalString("body");
        fields.end();
        return new Entry(
                SignedRecord.of(payload, signatures),
                body.isPresent() ? Optional.of(Body.read(Base64Text.decode(body.get()))) : Optional.empty());
    }
}
