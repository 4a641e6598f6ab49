package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The bodies of {@code key} records by which an administrator says something of a principal. */
public sealed interface PrincipalDetails extends Details {
    /** The characters of a text, at most. */
    int TEXT_MAX = 4096;

    /** What an agent runs on. */
    record Model(String name, Optional<String> version) {
        Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("name", name)
                    .put("version", version.map(Json.Str::new))
                    .build();
        }

        static Model read(Fields in) throws FormatException {
            Model model = new Model(checked(in.string("name")), text(in, "version"));
            in.end();
            return model;
        }
    }

    /** What an agent is for, whom to ask about it, and what it runs on. */
    record Description(Optional<String> purpose, Optional<String> contact, Optional<Model> model)
            implements PrincipalDetails {
        public static Description read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Description details = new Description(
                    text(in, "purpose"),
                    text(in, "contact"),
                    in.has("model") ? Optional.of(Model.read(in.object("model"))) : Optional.empty());
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("contact", contact.map(Json.Str::new))
                    .put("model", model.map(Model::toJson))
                    .put("purpose", purpose.map(Json.Str::new))
                    .build();
        }
    }

    /** Why it is said where a key is, and the evidence of a TPM ({@code docs/spec/tpm.md}), if that certified it. */
    record Custody(String reason, Optional<byte[]> evidence) implements PrincipalDetails {
        public static Custody read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Custody details = new Custody(checked(in.string("reason")), Details.optionalBytes(in, "evidence"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("evidence", evidence.map(Details::base64))
                    .put("reason", reason)
                    .build();
        }

        /**
         * What the TPM is given to sign: 32 bytes. It needs no chance in it, since a key that was ever certified as bound to a TPM is for
         * ever.
         */
        public static byte[] challenge(String principal, String key) {
            return Hash.of(
                            "jurat/custody/v1\0".getBytes(StandardCharsets.US_ASCII),
                            (principal + "\0").getBytes(StandardCharsets.US_ASCII),
                            Base64.getDecoder().decode(key))
                    .bytes();
        }
    }

    /** The name that is bound, or taken back. */
    record Binding(OutsideName name) implements PrincipalDetails {
        public static Binding read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Binding details = new Binding(OutsideName.read(in.object("outside")));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("outside", name.toJson()).build();
        }
    }

    private static Optional<String> text(Fields in, String name) throws FormatException {
        Optional<String> text = in.optionalString(name);
        if (text.isPresent()) {
            checked(text.get());
        }
        return text;
    }

    private static String checked(String text) throws FormatException {
        if (text.length() > TEXT_MAX) {
            throw new FormatException("member-range", "a text has " + TEXT_MAX + " characters at most");
        }
        return text;
    }
}
