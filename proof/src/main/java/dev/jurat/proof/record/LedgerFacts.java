package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The facts of the kinds that only the ledger writes. */
public sealed interface LedgerFacts extends Facts {
    /** A principal as genesis or a {@code key} record states it. Roles are sorted. */
    record Registered(String principal, SignerType type, List<Role> roles, String key) {
        public Registered {
            roles = roles.stream().sorted(Comparator.comparing(Role::wire)).toList();
        }

        Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("class", type.wire())
                    .put("key", key)
                    .put("principal", principal)
                    .strings("roles", roles.stream().map(Role::wire).toList())
                    .build();
        }

        static Registered read(Fields in) throws FormatException {
            Registered registered = new Registered(
                    Wire.principal(in.string("principal")),
                    SignerType.parse(in.string("class")),
                    roles(in),
                    RegistryFacts.keyText(in.string("key")));
            in.end();
            return registered;
        }

        static List<Role> roles(Fields in) throws FormatException {
            List<Role> roles = new ArrayList<>();
            for (String word : in.strings("roles")) {
                roles.add(Role.parse(word));
            }
            return Wire.sortedUnique(roles, Role::wire, "roles");
        }
    }

    /**
     * Leaf 0: what the log is, and whom it starts with.
     *
     * @param rules the version of the admission rules in force from here on
     * @param origin one bare host name
     * @param checkpointKey the Ed25519 key that signs checkpoints; not the key of the ledger's records
     * @param principals the ledger itself, the governor, the broker and the first administrators, sorted by principal
     * @param artefacts digests of policies and profiles that the governor may publish
     */
    record Genesis(
            String spec,
            long rules,
            String origin,
            List<String> suites,
            String checkpointKey,
            List<Registered> principals,
            List<Hash> artefacts,
            List<String> replicas,
            Optional<Hash> predecessor)
            implements LedgerFacts {
        public static final String SPEC = "jurat/v1";

        @Override
        public Kind kind() {
            return Kind.GENESIS;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .strings("artefacts", artefacts.stream().map(Hash::hex).toList())
                    .put("checkpointKey", checkpointKey)
                    .put("origin", origin)
                    .put("predecessor", predecessor.map(Wire::hex))
                    .put(
                            "principals",
                            Wire.array(
                                    principals.stream().map(Registered::toJson).toList()))
                    .strings("replicas", replicas)
                    .put("rules", rules)
                    .put("spec", spec)
                    .strings("suites", suites)
                    .build();
        }

        static Genesis read(Fields in) throws FormatException {
            List<Registered> principals = new ArrayList<>();
            for (Json item : in.array("principals")) {
                principals.add(Registered.read(Fields.of(item, in.path() + ".principals")));
            }
            List<Hash> artefacts = new ArrayList<>();
            for (String digest : in.strings("artefacts")) {
                artefacts.add(Wire.hash(digest));
            }
            return new Genesis(
                    spec(in.string("spec")),
                    in.integer("rules", 1, 1),
                    Wire.name(in.string("origin")),
                    in.strings("suites"),
                    RegistryFacts.keyText(in.string("checkpointKey")),
                    Wire.sortedUnique(principals, Registered::principal, "principals"),
                    Wire.sortedUnique(artefacts, Hash::hex, "artefacts"),
                    in.strings("replicas"),
                    in.has("predecessor") ? Optional.of(Wire.hash(in.string("predecessor"))) : Optional.empty());
        }

        private static String spec(String text) throws FormatException {
            if (!text.equals(SPEC)) {
                throw new FormatException("spec-unknown", "not " + SPEC);
            }
            return text;
        }
    }

    /** Time in the log: the ledger's clock lies within this interval, in milliseconds since 1970, both ends included. */
    record Clock(long earliest, long latest, String source) implements LedgerFacts {
        @Override
        public Kind kind() {
            return Kind.CLOCK;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("earliest", earliest)
                    .put("latest", latest)
                    .put("source", source)
                    .build();
        }

        static Clock read(Fields in) throws FormatException {
            return new Clock(
                    in.integer("earliest", 0, Json.INTEGER_MAX),
                    in.integer("latest", 0, Json.INTEGER_MAX),
                    Wire.word(in.string("source")));
        }
    }

    /**
     * One refused record: where it stood, its id, and the rule that it broke.
     *
     * @param identity for a use that names a known identity, that identity; its ordinal is spent
     */
    record RefusedRecord(
            Stream stream,
            long sequence,
            RecordId id,
            String rule,
            Optional<RecordId> identity,
            Optional<Long> ordinal) {
        Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("id", id.hex())
                    .put("identity", identity.map(i -> new Json.Str(i.hex())))
                    .put("ordinal", ordinal.map(Json.Int::new))
                    .put("rule", rule)
                    .put("sequence", sequence)
                    .put("stream", stream.toString())
                    .build();
        }

        static RefusedRecord read(Fields in) throws FormatException {
            RefusedRecord record = new RefusedRecord(
                    Stream.parse(in.string("stream")),
                    in.integer("sequence", 0, Json.INTEGER_MAX),
                    RecordId.parse(in.string("id")),
                    Wire.word(in.string("rule")),
                    in.has("identity") ? Optional.of(RecordId.parse(in.string("identity"))) : Optional.empty(),
                    in.has("ordinal") ? Optional.of(in.integer("ordinal", 1, Json.INTEGER_MAX)) : Optional.empty());
            in.end();
            return record;
        }
    }

    /** Records of one group that were refused, the cause first. It advances the heads of their streams; their bytes are its body. */
    record Refused(List<RefusedRecord> records) implements LedgerFacts {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put(
                            "records",
                            Wire.array(
                                    records.stream().map(RefusedRecord::toJson).toList()))
                    .build();
        }

        static Refused read(Fields in) throws FormatException {
            List<RefusedRecord> records = new ArrayList<>();
            for (Json item : in.array("records")) {
                records.add(RefusedRecord.read(Fields.of(item, in.path() + ".records")));
            }
            if (records.isEmpty()) {
                throw new FormatException("records-empty", "a refusal names what it refuses");
            }
            return new Refused(List.copyOf(records));
        }
    }

    /**
     * Records of one stream that were refused by one rule, one after the other, told of as one: numbers {@code first} to {@code last}, the
     * last of which has this id. It advances the head of the stream; the ids of all are its body.
     */
    record RefusedFold(Stream stream, String rule, long first, long last, RecordId id) implements LedgerFacts {
        /** As many as one fold may tell of. */
        public static final int RECORDS_MAX = 4096;

        @Override
        public Kind kind() {
            return Kind.REFUSED_FOLD;
        }

        /** How many records it tells of. */
        public long count() {
            return last - first + 1;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("first", first)
                    .put("id", id.hex())
                    .put("last", last)
                    .put("rule", rule)
                    .put("stream", stream.toString())
                    .build();
        }

        static RefusedFold read(Fields in) throws FormatException {
            RefusedFold fold = new RefusedFold(
                    Stream.parse(in.string("stream")),
                    Wire.word(in.string("rule")),
                    in.integer("first", 0, Json.INTEGER_MAX),
                    in.integer("last", 0, Json.INTEGER_MAX),
                    RecordId.parse(in.string("id")));
            if (fold.count() < 1 || fold.count() > RECORDS_MAX) {
                throw new FormatException("fold-range", "a fold tells of 1 to " + RECORDS_MAX + " records");
            }
            return fold;
        }
    }

    /** A second, different signed record for a used number: {@code id} beside {@code admitted}. Its bytes are the body. */
    record Conflict(Stream stream, long sequence, RecordId id, RecordId admitted) implements LedgerFacts {
        @Override
        public Kind kind() {
            return Kind.CONFLICT;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("admitted", admitted.hex())
                    .put("id", id.hex())
                    .put("sequence", sequence)
                    .put("stream", stream.toString())
                    .build();
        }

        static Conflict read(Fields in) throws FormatException {
            return new Conflict(
                    Stream.parse(in.string("stream")),
                    in.integer("sequence", 0, Json.INTEGER_MAX),
                    RecordId.parse(in.string("id")),
                    RecordId.parse(in.string("admitted")));
        }
    }

    /** No outcome of the use named came by its deadline. */
    record Incomplete() implements LedgerFacts {
        @Override
        public Kind kind() {
            return Kind.INCOMPLETE;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().build();
        }
    }

    /** The contract named ended with uses unspent. */
    record Expiry(long spent, long uses) implements LedgerFacts {
        @Override
        public Kind kind() {
            return Kind.EXPIRY;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("spent", spent).put("uses", uses).build();
        }

        static Expiry read(Fields in) throws FormatException {
            return new Expiry(in.integer("spent", 0, Json.INTEGER_MAX), in.integer("uses", 1, Json.INTEGER_MAX));
        }
    }

    /**
     * What all records before leaf {@code size} have come to, as one root over their standings ({@code docs/spec/state.md}).
     *
     * @param size the index of the {@code state} leaf before this one, and one; 0 where this is the first
     */
    record State(long size, Hash root) implements LedgerFacts {
        @Override
        public Kind kind() {
            return Kind.STATE;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("root", root.hex())
                    .put("size", size)
                    .build();
        }

        static State read(Fields in) throws FormatException {
            return new State(in.integer("size", 0, Json.INTEGER_MAX), Wire.hash(in.string("root")));
        }
    }
}
