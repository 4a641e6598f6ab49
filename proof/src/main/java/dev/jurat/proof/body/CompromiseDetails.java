package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The body of a {@code compromise}: why, what the key had touched by then, and what witnesses had seen.
 *
 * @param reason the person's own words; may be empty
 * @param touched what the log had of the key when the report was made
 * @param checkpoint the newest signed note that a quorum of witnesses had cosigned by then, where there was one
 */
public record CompromiseDetails(String reason, Touched touched, Optional<String> checkpoint) implements Details {
    /**
     * What rests on a key, from its boundary on: all of it found in the leaves below a size.
     *
     * @param size of the log that was searched
     * @param from the first leaf that was searched
     * @param sessions those that the key opened, or that were open
     * @param contracts bound for intents of these sessions, or on an approval by the key
     * @param identities minted for these sessions, or under these contracts
     * @param uses how many uses these identities had
     * @param resources which those intents and uses name, as far as their bodies are there
     * @param more how many there were of each list beside those listed, and how many of those bodies were gone
     * @param kinds how many records of each kind the key, or a session that it opened, signed there
     * @param administered those by which the key gave or took authority, in its own stream or as another signature
     */
    public record Touched(
            long size,
            long from,
            List<Stream> sessions,
            List<RecordId> contracts,
            List<RecordId> identities,
            long uses,
            List<String> resources,
            SortedMap<String, Long> kinds,
            long more,
            List<RecordId> administered) {
        public Touched {
            sessions = List.copyOf(sessions);
            contracts = List.copyOf(contracts);
            identities = List.copyOf(identities);
            resources = List.copyOf(resources);
            kinds = Collections.unmodifiableSortedMap(new TreeMap<>(kinds));
            administered = List.copyOf(administered);
        }

        public Json.Obj toJson() {
            TreeMap<String, Json> counts = new TreeMap<>();
            kinds.forEach((kind, count) -> counts.put(kind, new Json.Int(count)));
            JsonBuilder out = JsonBuilder.object()
                    .strings("contracts", hex(contracts))
                    .put("from", from)
                    .strings("identities", hex(identities))
                    .put("kinds", new Json.Obj(counts))
                    .put("more", more)
                    .strings("resources", resources)
                    .strings("sessions", sessions.stream().map(Stream::toString).toList())
                    .put("size", size)
                    .put("uses", uses);
            return administered.isEmpty()
                    ? out.build()
                    : out.strings("administered", hex(administered)).build();
        }

        private static List<String> hex(List<RecordId> ids) {
            return ids.stream().map(RecordId::hex).toList();
        }

        public static Touched read(Fields in) throws FormatException {
            List<Stream> sessions = new ArrayList<>();
            for (String text : in.strings("sessions")) {
                sessions.add(Stream.parse(text));
            }
            Touched touched = new Touched(
                    in.integer("size", 1, Json.INTEGER_MAX),
                    in.integer("from", 0, Json.INTEGER_MAX),
                    sessions,
                    ids(in, "contracts"),
                    ids(in, "identities"),
                    in.integer("uses", 0, Json.INTEGER_MAX),
                    in.strings("resources"),
                    kinds(in.rawObject("kinds")),
                    in.integer("more", 0, Json.INTEGER_MAX),
                    in.has("administered") ? ids(in, "administered") : List.of());
            in.end();
            return touched;
        }

        private static SortedMap<String, Long> kinds(Json.Obj object) throws FormatException {
            Fields in = Fields.of(object, "body.touched.kinds");
            TreeMap<String, Long> kinds = new TreeMap<>();
            for (String kind : object.members().keySet()) {
                kinds.put(Kind.parse(kind).wire(), in.integer(kind, 1, Json.INTEGER_MAX));
            }
            return kinds;
        }

        private static List<RecordId> ids(Fields in, String name) throws FormatException {
            List<RecordId> ids = new ArrayList<>();
            for (String hex : in.strings(name)) {
                ids.add(RecordId.parse(hex));
            }
            return ids;
        }
    }

    public static CompromiseDetails read(Body body) throws FormatException {
        Fields in = Details.fields(body);
        CompromiseDetails details = new CompromiseDetails(
                in.string("reason"), Touched.read(in.object("touched")), in.optionalString("checkpoint"));
        in.end();
        return details;
    }

    @Override
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("checkpoint", checkpoint.map(Json.Str::new))
                .put("reason", reason)
                .put("touched", touched.toJson())
                .build();
    }
}
