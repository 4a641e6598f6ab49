package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Decimal;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The facts of the kinds that an enforcement point writes. */
public sealed interface ExecutionFacts extends Facts {
    /**
     * The use of an identity, recorded before the call goes out.
     *
     * @param ordinal which use of the contract this is, from 1, strictly rising
     * @param nonce the point's own, 32 lower-case hexadecimal digits, never the same twice under one identity
     * @param proof the use proof: the session key's signature over call, identity, nonce and point
     * @param goByMillis how long after signing the call may still go out
     * @param outcomeByMillis how long after signing the outcome is due
     * @param amounts what this use adds to the contract's running totals, each a decimal in its one form
     */
    record Use(
            Hash call,
            long ordinal,
            String nonce,
            String proof,
            long goByMillis,
            long outcomeByMillis,
            Map<String, String> amounts)
            implements ExecutionFacts {
        public Use {
            amounts = Map.copyOf(amounts);
        }

        @Override
        public Kind kind() {
            return Kind.USE;
        }

        public BigDecimal amount(String total) {
            return new BigDecimal(amounts.getOrDefault(total, "0"));
        }

        @Override
        public Json.Obj toJson() {
            TreeMap<String, Json> amountsJson = new TreeMap<>();
            amounts.forEach((name, value) -> amountsJson.put(name, new Json.Str(value)));
            return JsonBuilder.object()
                    .put("amounts", new Json.Obj(amountsJson))
                    .put("call", call.hex())
                    .put("goByMillis", goByMillis)
                    .put("nonce", nonce)
                    .put("ordinal", ordinal)
                    .put("outcomeByMillis", outcomeByMillis)
                    .put("proof", proof)
                    .build();
        }

        static Use read(Fields in) throws FormatException {
            return new Use(
                    Wire.hash(in.string("call")),
                    in.integer("ordinal", 1, Json.INTEGER_MAX),
                    nonce(in.string("nonce")),
                    Wire.base64(in.string("proof"), 64),
                    in.integer("goByMillis", 1, 600_000),
                    in.integer("outcomeByMillis", 1, 86_400_000),
                    amounts(in.rawObject("amounts")));
        }

        private static String nonce(String text) throws FormatException {
            if (!Salt.isHex(text)) {
                throw new FormatException("nonce-syntax", "a nonce is 32 lower-case hexadecimal digits");
            }
            return text;
        }

        private static Map<String, String> amounts(Json.Obj object) throws FormatException {
            Map<String, String> out = new TreeMap<>();
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                if (!(member.getValue() instanceof Json.Str s) || !isAmount(s.value())) {
                    throw new FormatException(
                            "amount-syntax", "an amount is a decimal in its one form that is not negative");
                }
                out.put(Wire.word(member.getKey()), s.value());
            }
            return out;
        }

        private static boolean isAmount(String text) {
            try {
                return !Decimal.read(text).isNegative();
            } catch (FormatException e) {
                return false;
            }
        }
    }

    /** How a call ended. */
    enum Result {
        SUCCESS,
        TOOL_ERROR,
        NOT_SENT,
        UNKNOWN,
        ROLLED_BACK;

        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How the use named ended; {@code output} is a salted commitment to the answer's bytes, {@code bytes} their number. */
    record Outcome(Result result, Optional<Hash> output, long bytes) implements ExecutionFacts {
        @Override
        public Kind kind() {
            return Kind.OUTCOME;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("bytes", bytes)
                    .put("output", output.map(Wire::hex))
                    .put("result", result.wire())
                    .build();
        }

        static Outcome read(Fields in) throws FormatException {
            return new Outcome(
                    Wire.parse(Result.class, in.string("result"), Result::wire, "result"),
                    in.has("output") ? Optional.of(Wire.hash(in.string("output"))) : Optional.empty(),
                    in.integer("bytes", 0, Json.INTEGER_MAX));
        }
    }

    /** A call that the enforcement point did not let through. */
    record Refusal(String code, Optional<Hash> call, Optional<Tool> tool) implements ExecutionFacts {
        @Override
        public Kind kind() {
            return Kind.REFUSAL;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("call", call.map(Wire::hex))
                    .put("code", code)
                    .put("tool", tool.map(Tool::toJson))
                    .build();
        }

        static Refusal read(Fields in) throws FormatException {
            return new Refusal(
                    Wire.word(in.string("code")),
                    in.has("call") ? Optional.of(Wire.hash(in.string("call"))) : Optional.empty(),
                    in.has("tool") ? Optional.of(Tool.read(in.object("tool"))) : Optional.empty());
        }
    }

    /** Something that the contract forbids and that was noticed after it had happened. */
    record Violation(String code) implements ExecutionFacts {
        @Override
        public Kind kind() {
            return Kind.VIOLATION;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("code", code).build();
        }

        static Violation read(Fields in) throws FormatException {
            return new Violation(Wire.word(in.string("code")));
        }
    }

    /** A message that passed without needing authority; {@code matter} is a salted commitment to it, or an artefact's digest. */
    record Observation(String method, Hash matter) implements ExecutionFacts {
        @Override
        public Kind kind() {
            return Kind.OBSERVATION;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("matter", matter.hex())
                    .put("method", method)
                    .build();
        }

        static Observation read(Fields in) throws FormatException {
            return new Observation(Wire.name(in.string("method")), Wire.hash(in.string("matter")));
        }
    }
}
