package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The bodies that an enforcement point writes, other than a use's. */
public sealed interface ExecutionDetails extends Details {
    /**
     * An outcome. The body's own salt is that of the commitment {@code output}.
     *
     * @param durationMillis from sending the call to its answer; 0 where nothing was sent
     * @param answer the answer's bytes, where the profile says that results are kept
     * @param note why, in words, where there was no answer
     */
    record Outcome(long durationMillis, Optional<byte[]> answer, Optional<String> note) implements ExecutionDetails {
        private static final byte[] DOMAIN = "jurat/output/v1\0".getBytes(StandardCharsets.US_ASCII);

        public static Outcome read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Outcome details = new Outcome(
                    in.integer("durationMillis", 0, Json.INTEGER_MAX),
                    Details.optionalBytes(in, "answer"),
                    in.optionalString("note"));
            in.end();
            return details;
        }

        /** What {@code output} is for these bytes, under the salt of the outcome's body. */
        public static Hash commitment(byte[] salt, byte[] answer) {
            return Hash.of(beforeAnswer(salt), answer);
        }

        /** What is hashed before the answer's bytes, for whoever has them in no array of their own. */
        public static byte[] beforeAnswer(byte[] salt) {
            byte[] before = Arrays.copyOf(DOMAIN, DOMAIN.length + salt.length);
            System.arraycopy(salt, 0, before, DOMAIN.length, salt.length);
            return before;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("answer", answer.map(Details::base64))
                    .put("durationMillis", durationMillis)
                    .put("note", note.map(Json.Str::new))
                    .build();
        }
    }

    /**
     * A refusal at the boundary.
     *
     * @param name what was called, as it was sent; empty where it could not be read
     * @param resources what it would have touched, in their normalised form
     * @param help what the model was told
     */
    record Refusal(Optional<String> name, List<String> resources, String help) implements ExecutionDetails {
        public static Refusal read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Refusal details = new Refusal(in.optionalString("name"), in.strings("resources"), in.string("help"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("help", help)
                    .put("name", name.map(Json.Str::new))
                    .strings("resources", resources)
                    .build();
        }
    }

    /** A violation: what was seen, and where. */
    record Violation(String seen, List<String> resources) implements ExecutionDetails {
        public static Violation read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Violation details = new Violation(in.string("seen"), in.strings("resources"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .strings("resources", resources)
                    .put("seen", seen)
                    .build();
        }
    }

    /** An observation: the number of bytes seen, and the names that a list had. */
    record Observation(long bytes, List<String> names) implements ExecutionDetails {
        public static Observation read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Observation details = new Observation(in.integer("bytes", 0, Json.INTEGER_MAX), in.strings("names"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("bytes", bytes)
                    .strings("names", names)
                    .build();
        }
    }
}
