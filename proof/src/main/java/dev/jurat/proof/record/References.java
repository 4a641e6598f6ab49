package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The earlier records that a statement names, by role. Records name earlier ones only. */
public record References(Map<String, List<RecordId>> byRole) {
    public static final References NONE = new References(Map.of());

    public References {
        byRole = Map.copyOf(byRole);
    }

    /** References with one record each: role, id, role, id. */
    public static References of(String role, RecordId id, Object... more) {
        Map<String, List<RecordId>> map = new HashMap<>();
        map.put(role, List.of(id));
        for (int i = 0; i < more.length; i += 2) {
            map.put((String) more[i], List.of((RecordId) more[i + 1]));
        }
        return new References(map);
    }

    /** These references and one more role with several records, sorted. */
    public References withMany(String role, List<RecordId> ids) {
        Map<String, List<RecordId>> map = new HashMap<>(byRole);
        map.put(role, ids.stream().sorted().toList());
        return new References(map);
    }

    /** The record in a required role. Format checks have made sure that it is there. */
    public RecordId one(String role) {
        return optional(role).orElseThrow(() -> new IllegalStateException("no reference in the role " + role));
    }

    public Optional<RecordId> optional(String role) {
        return many(role).stream().findFirst();
    }

    public List<RecordId> many(String role) {
        return byRole.getOrDefault(role, List.of());
    }

    /** Every record named, whatever its role. */
    public List<RecordId> all() {
        return byRole.values().stream().flatMap(List::stream).sorted().toList();
    }

    Json.Obj toJson(Kind kind) {
        JsonBuilder out = JsonBuilder.object();
        byRole.forEach((role, ids) -> {
            if (kind.optionalReferences().contains(role + "*")) {
                out.strings(role, ids.stream().map(RecordId::hex).toList());
            } else {
                out.put(role, ids.getFirst().hex());
            }
        });
        return out.build();
    }

    static References read(Fields fields, Kind kind) throws FormatException {
        Map<String, List<RecordId>> map = new HashMap<>();
        for (String role : kind.requiredReferences()) {
            map.put(role, List.of(RecordId.parse(fields.string(role))));
        }
        for (String spec : kind.optionalReferences()) {
            String role = spec.replace("*", "");
            if (!fields.has(role)) {
                continue;
            }
            map.put(role, spec.endsWith("*") ? many(fields, role) : List.of(RecordId.parse(fields.string(role))));
        }
        fields.end();
        return new References(map);
    }

    private static List<RecordId> many(Fields fields, String role) throws FormatException {
        List<RecordId> ids = new ArrayList<>();
        for (String hex : fields.strings(role)) {
            ids.add(RecordId.parse(hex));
        }
        if (ids.isEmpty()) {
            throw new FormatException("reference-empty", "an empty list of references is left out");
        }
        return Wire.sortedUnique(ids, RecordId::hex, "references");
    }
}
