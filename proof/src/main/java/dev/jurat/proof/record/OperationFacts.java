package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Locale;
import java.util.Optional;

/** The facts of what people do with a node beside giving and taking authority: what they carry out of it, and how they have it set up. */
public sealed interface OperationFacts extends Facts {
    /** What a bundle is asked of. */
    enum Extent {
        ALL,
        SESSION,
        ACTION;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Somebody asks for a bundle: signed before it is made.
     *
     * @param stream of a session, exactly where the extent is one
     * @param record any of an action's, exactly where the extent is one
     */
    record Export(Extent extent, Optional<Stream> stream, Optional<RecordId> record) implements OperationFacts {
        public Export {
            if (stream.isPresent() != (extent == Extent.SESSION) || record.isPresent() != (extent == Extent.ACTION)) {
                throw new IllegalArgumentException("a session has a stream, an action a record");
            }
        }

        /** Everything. */
        public static Export all() {
            return new Export(Extent.ALL, Optional.empty(), Optional.empty());
        }

        public static Export session(Stream stream) {
            return new Export(Extent.SESSION, Optional.of(stream), Optional.empty());
        }

        public static Export action(RecordId record) {
            return new Export(Extent.ACTION, Optional.empty(), Optional.of(record));
        }

        @Override
        public Kind kind() {
            return Kind.EXPORT;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("extent", extent.wire())
                    .put("record", record.map(id -> new Json.Str(id.hex())))
                    .put("stream", stream.map(s -> new Json.Str(s.toString())))
                    .build();
        }

        static Export read(Fields in) throws FormatException {
            return switch (Wire.parse(Extent.class, in.string("extent"), Extent::wire, "extent")) {
                case ALL -> all();
                case SESSION -> session(Stream.parse(in.string("stream")));
                case ACTION -> action(RecordId.parse(in.string("record")));
            };
        }
    }

    /**
     * An administrator answers for how the node is set up.
     *
     * @param digest of the settings, which stand in the body
     */
    record Configuration(Hash digest) implements OperationFacts {
        @Override
        public Kind kind() {
            return Kind.CONFIGURATION;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("digest", digest.hex()).build();
        }

        static Configuration read(Fields in) throws FormatException {
            return new Configuration(Wire.hash(in.string("digest")));
        }
    }
}
