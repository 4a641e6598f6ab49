package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Locale;
import java.util.Optional;

/**
 * What an administrator says of a principal that is there ({@code docs/spec/lifecycle.md} §5): a {@code key} record in the administrator's
 * own stream. What may be personal of it stands in its body.
 */
public sealed interface PrincipalFacts extends Facts {
    /** The principal that it is about. */
    String principal();

    @Override
    default Kind kind() {
        return Kind.KEY;
    }

    /**
     * What an agent is for.
     *
     * @param environment where it acts, as in {@code production}; said once, it stays
     * @param owner the person who answers for it
     */
    record Description(String principal, Optional<String> environment, Optional<String> owner)
            implements PrincipalFacts {
        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("action", DESCRIBE)
                    .put("environment", environment.map(Json.Str::new))
                    .put("owner", owner.map(Json.Str::new))
                    .put("principal", principal)
                    .build();
        }

        static Description read(Fields in) throws FormatException {
            return new Description(
                    Wire.principal(in.string("principal")),
                    in.has("environment") ? Optional.of(Wire.word(in.string("environment"))) : Optional.empty(),
                    in.has("owner") ? Optional.of(Wire.principal(in.string("owner"))) : Optional.empty());
        }
    }

    /** Where a private key is kept. */
    enum KeptIn {
        SOFTWARE,
        PKCS11,
        TPM,
        KMS;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Where the private key of a principal is.
     *
     * @param key the newest one of the principal: canonical base64
     * @param attestationKey the name, 68 hexadecimal digits, of the attestation key that certified it by the evidence in the body; empty where
     *     there is nothing but the administrator's word
     */
    record Custody(String principal, String key, KeptIn keptIn, Optional<String> attestationKey)
            implements PrincipalFacts {
        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("action", CUSTODY)
                    .put("attestationKey", attestationKey.map(Json.Str::new))
                    .put("custody", keptIn.wire())
                    .put("key", key)
                    .put("principal", principal)
                    .build();
        }

        static Custody read(Fields in) throws FormatException {
            Custody facts = new Custody(
                    Wire.principal(in.string("principal")),
                    RegistryFacts.keyText(in.string("key")),
                    Wire.parse(KeptIn.class, in.string("custody"), KeptIn::wire, "custody"),
                    in.has("attestationKey") ? Optional.of(nameOfTpm(in.string("attestationKey"))) : Optional.empty());
            if (facts.attestationKey.isPresent() && facts.keptIn != KeptIn.TPM) {
                throw new FormatException("member-unknown", "an attestation key certifies what is in a TPM");
            }
            return facts;
        }

        private static String nameOfTpm(String text) throws FormatException {
            if (!text.matches("[0-9a-f]{68}")) {
                throw new FormatException("digest-syntax", "the name of a TPM's key has 68 hexadecimal digits");
            }
            return text;
        }
    }

    /**
     * Binds a name that others know a principal by, or takes it back.
     *
     * @param subject digest of the name, which stands in the body
     */
    record Binding(String principal, boolean bound, Hash subject) implements PrincipalFacts {
        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("action", bound ? BIND : UNBIND)
                    .put("principal", principal)
                    .put("subject", subject.hex())
                    .build();
        }

        static Binding read(Fields in, boolean bound) throws FormatException {
            return new Binding(Wire.principal(in.string("principal")), bound, Wire.hash(in.string("subject")));
        }
    }

    /** Ends a principal for good. */
    record Retirement(String principal) implements PrincipalFacts {
        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("action", RETIRE)
                    .put("principal", principal)
                    .build();
        }

        static Retirement read(Fields in) throws FormatException {
            return new Retirement(Wire.principal(in.string("principal")));
        }
    }

    String DESCRIBE = "describe";
    String CUSTODY = "custody";
    String BIND = "bind";
    String UNBIND = "unbind";
    String RETIRE = "retire";
}
