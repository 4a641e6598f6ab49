package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The facts of the kinds that say which bodies are destroyed, and which must be kept. */
public sealed interface CustodyFacts extends Facts {
    /** Why bodies are erased. */
    enum ErasureGround {
        SUBJECT_REQUEST,
        CONSENT_WITHDRAWN,
        RETENTION,
        MISTAKE,
        COURT_ORDER,
        LEGAL_DUTY,
        OTHER_LAW;

        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static ErasureGround parse(String wire) throws FormatException {
            return Wire.parse(ErasureGround.class, wire, ErasureGround::wire, "ground");
        }
    }

    /** Why bodies must be kept. */
    enum HoldGround {
        LITIGATION,
        INVESTIGATION,
        REGULATOR,
        AUDIT,
        LEGAL_DUTY,
        OTHER_LAW;

        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static HoldGround parse(String wire) throws FormatException {
            return Wire.parse(HoldGround.class, wire, HoldGround::wire, "ground");
        }
    }

    /**
     * A record whose body an erasure takes.
     *
     * @param leaf where the record stands in the log
     */
    record Erased(RecordId id, long leaf) {
        Json.Obj toJson() {
            return JsonBuilder.object().put("id", id.hex()).put("leaf", leaf).build();
        }

        static Erased read(Fields in) throws FormatException {
            Erased erased = new Erased(RecordId.parse(in.string("id")), in.integer("leaf", 1, Json.INTEGER_MAX));
            in.end();
            return erased;
        }
    }

    /**
     * Destroys the bodies of records of one stream.
     *
     * @param records at least one, sorted by leaf; as many as the size of a leaf allows
     */
    record Erasure(ErasureGround ground, Stream stream, List<Erased> records) implements CustodyFacts {
        @Override
        public Kind kind() {
            return Kind.ERASURE;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("ground", ground.wire())
                    .put(
                            "records",
                            Wire.array(records.stream().map(Erased::toJson).toList()))
                    .put("stream", stream.toString())
                    .build();
        }

        static Erasure read(Fields in) throws FormatException {
            List<Erased> records = new ArrayList<>();
            for (Json item : in.array("records")) {
                records.add(Erased.read(Fields.of(item, in.path() + ".records")));
            }
            if (records.isEmpty()) {
                throw new FormatException("records-empty", "an erasure names what it erases");
            }
            return new Erasure(
                    ErasureGround.parse(in.string("ground")),
                    Stream.parse(in.string("stream")),
                    Wire.sortedUnique(records, r -> "%016d".formatted(r.leaf()), "erased records"));
        }
    }

    /** What a hold keeps. */
    enum Scope {
        EVERYTHING,
        PRINCIPAL,
        RECORDS;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Keeps bodies from erasure until it is lifted. */
    sealed interface Hold extends CustodyFacts {
        @Override
        default Kind kind() {
            return Kind.HOLD;
        }

        static Hold read(Fields in) throws FormatException {
            String action = in.string("action");
            return switch (action) {
                case "place" -> Place.read(in);
                case "lift" -> new Lift();
                default -> throw new FormatException("value-unknown", "action is place or lift");
            };
        }
    }

    /**
     * Keeps every body; or those of one principal's streams, to come too; or those of the records named.
     *
     * @param principal there exactly with that scope
     * @param records sorted ids; empty with any other scope
     */
    record Place(HoldGround ground, Scope scope, Optional<String> principal, List<RecordId> records) implements Hold {
        @Override
        public Json.Obj toJson() {
            JsonBuilder out = JsonBuilder.object()
                    .put("action", "place")
                    .put("ground", ground.wire())
                    .put("principal", principal.map(Json.Str::new))
                    .put("scope", scope.wire());
            if (scope == Scope.RECORDS) {
                out.strings("records", records.stream().map(RecordId::hex).toList());
            }
            return out.build();
        }

        static Place read(Fields in) throws FormatException {
            Scope scope = Wire.parse(Scope.class, in.string("scope"), Scope::wire, "scope");
            Place place = new Place(
                    HoldGround.parse(in.string("ground")),
                    scope,
                    in.has("principal") ? Optional.of(Wire.principal(in.string("principal"))) : Optional.empty(),
                    in.has("records") ? ids(in) : List.of());
            if (place.principal.isPresent() != (scope == Scope.PRINCIPAL)
                    || place.records.isEmpty() != (scope != Scope.RECORDS)) {
                throw new FormatException("member-unknown", "what a hold keeps is exactly what its scope says");
            }
            return place;
        }

        private static List<RecordId> ids(Fields in) throws FormatException {
            List<RecordId> ids = new ArrayList<>();
            for (String hex : in.strings("records")) {
                ids.add(RecordId.parse(hex));
            }
            if (ids.isEmpty()) {
                throw new FormatException("records-empty", "a hold of records names them");
            }
            return Wire.sortedUnique(ids, RecordId::hex, "held records");
        }
    }

    /** Ends the hold that the reference names. */
    record Lift() implements Hold {
        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("action", "lift").build();
        }
    }
}
