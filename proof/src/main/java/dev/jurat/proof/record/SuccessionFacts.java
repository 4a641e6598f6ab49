package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The facts that say which key of a principal follows which, and that a key is in other hands ({@code docs/spec/lifecycle.md} §5). */
public sealed interface SuccessionFacts extends Facts {
    /** The principal whose keys it is about. */
    String principal();

    /** The key that it brings, or reports: canonical base64. */
    String key();

    /** A {@code key} record that brings the next key of a principal, and is number 0 of that key's stream. */
    sealed interface Successor extends SuccessionFacts {
        /** The newest key of the principal before it: canonical base64. */
        String follows();

        @Override
        default Kind kind() {
            return Kind.KEY;
        }
    }

    /**
     * Signed by the new key, then by the one that it follows.
     *
     * @param until milliseconds since 1970; before it the followed key opens sessions, and signs what people sign, beside the new one
     */
    record Rotation(String principal, String key, String follows, long until) implements Successor {
        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("action", ROTATE)
                    .put("follows", follows)
                    .put("key", key)
                    .put("principal", principal)
                    .put("until", until)
                    .build();
        }

        static Rotation read(Fields in) throws FormatException {
            return new Rotation(
                    Wire.principal(in.string("principal")),
                    RegistryFacts.keyText(in.string("key")),
                    RegistryFacts.keyText(in.string("follows")),
                    in.integer("until", 0, Json.INTEGER_MAX));
        }
    }

    /**
     * Signed by the new key, then by two administrators: the key that it follows is lost, or in other hands.
     *
     * @param by the administrators, sorted
     */
    record Recovery(String principal, String key, String follows, List<String> by) implements Successor {
        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("action", RECOVER)
                    .strings("by", by)
                    .put("follows", follows)
                    .put("key", key)
                    .put("principal", principal)
                    .build();
        }

        static Recovery read(Fields in) throws FormatException {
            List<String> by = new ArrayList<>();
            for (String administrator : in.strings("by")) {
                by.add(Wire.principal(administrator));
            }
            if (by.size() != 2) {
                throw new FormatException("four-eyes", "two administrators recover a principal");
            }
            return new Recovery(
                    Wire.principal(in.string("principal")),
                    RegistryFacts.keyText(in.string("key")),
                    RegistryFacts.keyText(in.string("follows")),
                    Wire.sortedUnique(by, b -> b, "administrators"));
        }
    }

    /**
     * Reports that a key of a principal is in other hands.
     *
     * @param since the first leaf that the key may have been misused at; empty: the report's own
     * @param with the administrator whose signature is the second one; there exactly with {@code since}
     */
    record Compromise(String principal, String key, String reason, Optional<Long> since, Optional<String> with)
            implements SuccessionFacts {
        @Override
        public Kind kind() {
            return Kind.COMPROMISE;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("key", key)
                    .put("principal", principal)
                    .put("reason", reason)
                    .put("since", since.map(Json.Int::new))
                    .put("with", with.map(Json.Str::new))
                    .build();
        }

        static Compromise read(Fields in) throws FormatException {
            Compromise facts = new Compromise(
                    Wire.principal(in.string("principal")),
                    RegistryFacts.keyText(in.string("key")),
                    Wire.word(in.string("reason")),
                    in.has("since") ? Optional.of(in.integer("since", 1, Json.INTEGER_MAX)) : Optional.empty(),
                    in.has("with") ? Optional.of(Wire.principal(in.string("with"))) : Optional.empty());
            if (facts.since.isPresent() != facts.with.isPresent()) {
                throw new FormatException("four-eyes", "two administrators set a boundary before the report");
            }
            return facts;
        }
    }

    String ROTATE = "rotate";
    String RECOVER = "recover";

    /** The facts of a {@code key} record, by its action. */
    static Facts readKey(Fields in) throws FormatException {
        return switch (in.string("action")) {
            case ROTATE -> Rotation.read(in);
            case RECOVER -> Recovery.read(in);
            case PrincipalFacts.DESCRIBE -> PrincipalFacts.Description.read(in);
            case PrincipalFacts.CUSTODY -> PrincipalFacts.Custody.read(in);
            case PrincipalFacts.BIND -> PrincipalFacts.Binding.read(in, true);
            case PrincipalFacts.UNBIND -> PrincipalFacts.Binding.read(in, false);
            case PrincipalFacts.RETIRE -> PrincipalFacts.Retirement.read(in);
            default -> RegistryFacts.Key.read(in);
        };
    }

    /** The administrators who sign it too, in the order of their signatures, which stand last; of most records none. */
    static List<String> cosigners(Facts facts) {
        return switch (facts) {
            case RegistryFacts.Key key ->
                Stream.concat(key.by().stream(), key.with().stream()).toList();
            case RegistryFacts.Policy policy -> policy.with().map(List::of).orElse(List.of());
            case RegistryFacts.Profile profile -> profile.with().map(List::of).orElse(List.of());
            case Recovery recovery -> recovery.by();
            case Compromise compromise -> compromise.with().map(List::of).orElse(List.of());
            default -> List.of();
        };
    }
}
