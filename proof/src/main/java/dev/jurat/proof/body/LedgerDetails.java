package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of {@code refused} and {@code conflict}: the records that did not enter, byte for byte, in the order of the facts.
 *
 * @param records each with the body that came with it
 */
public record LedgerDetails(List<Kept> records) implements Details {
    /** One record that did not enter. */
    public record Kept(byte[] payload, List<byte[]> signatures, Optional<byte[]> body) {
        public static Kept of(SignedRecord record, Optional<byte[]> body) {
            return new Kept(record.payload(), record.signatures(), body);
        }
    }

    public static LedgerDetails read(Body body) throws FormatException {
        Fields in = Details.fields(body);
        List<Kept> records = new ArrayList<>();
        for (Json item : in.array("records")) {
            Fields kept = Fields.of(item, "body.records");
            List<byte[]> signatures = new ArrayList<>();
            for (String text : kept.strings("signatures")) {
                signatures.add(Details.bytes(text, "body.records.signatures"));
            }
            records.add(new Kept(
                    Details.bytes(kept, "payload"), List.copyOf(signatures), Details.optionalBytes(kept, "body")));
            kept.end();
        }
        in.end();
        return new LedgerDetails(List.copyOf(records));
    }

    @Override
    public Json.Obj toJson() {
        List<Json> items = new ArrayList<>();
        for (Kept kept : records) {
            items.add(JsonBuilder.object()
                    .put("body", kept.body().map(Details::base64))
                    .put("payload", Details.base64(kept.payload()))
                    .strings(
                            "signatures",
                            kept.signatures().stream()
                                    .map(s -> Details.base64(s).value())
                                    .toList())
                    .build());
        }
        return JsonBuilder.object().put("records", new Json.Arr(items)).build();
    }
}
