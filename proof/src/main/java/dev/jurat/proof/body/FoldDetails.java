package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import java.util.ArrayList;
import java.util.List;

/** The body of {@code refused-fold}: the ids of the records that it tells of, in the order of their numbers. */
public record FoldDetails(List<RecordId> ids) implements Details {
    public FoldDetails {
        ids = List.copyOf(ids);
    }

    public static FoldDetails read(Body body) throws FormatException {
        Fields in = Details.fields(body);
        List<RecordId> ids = new ArrayList<>();
        for (String text : in.strings("ids")) {
            ids.add(RecordId.parse(text));
        }
        in.end();
        return new FoldDetails(ids);
    }

    @Override
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .strings("ids", ids.stream().map(RecordId::hex).toList())
                .build();
    }
}
