package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Locale;
import java.util.Optional;

/** The facts of the kinds that lead from an intent to an execution identity. */
public sealed interface AuthorityFacts extends Facts {
    /** Where an intent comes from: the agent signed a purpose, or the wrapper made it from the call. */
    enum Origin {
        DECLARED,
        DERIVED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What an agent means to do.
     *
     * @param call the salted commitment to server, tool name and the bytes of {@code arguments}
     * @param point the enforcement point that is to let the call through
     */
    record Intent(Origin origin, Tool tool, Hash call, String point) implements AuthorityFacts {
        @Override
        public Kind kind() {
            return Kind.INTENT;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("call", call.hex())
                    .put("origin", origin.wire())
                    .put("point", point)
                    .put("tool", tool.toJson())
                    .build();
        }

        static Intent read(Fields in) throws FormatException {
            return new Intent(
                    Wire.parse(Origin.class, in.string("origin"), Origin::wire, "origin"),
                    Tool.read(in.object("tool")),
                    Wire.hash(in.string("call")),
                    Wire.principal(in.string("point")));
        }
    }

    /**
     * What the governor knew when it asked the policy.
     *
     * @param profile the tool profile's artefact, where one covers the server
     * @param definition the tool's definition as the server listed it
     * @param launch how the enforcement point started the server, as a salted digest; empty where it did not say
     * @param known whether the profile maps the tool and its definition is accepted
     * @param unknowns how many like calls by this agent ended unknown and stand unreconciled
     */
    record Context(
            Optional<Hash> profile, Optional<Hash> definition, Optional<Hash> launch, boolean known, long unknowns)
            implements AuthorityFacts {
        @Override
        public Kind kind() {
            return Kind.CONTEXT;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("definition", definition.map(Wire::hex))
                    .put("known", known)
                    .put("launch", launch.map(Wire::hex))
                    .put("profile", profile.map(Wire::hex))
                    .put("unknowns", unknowns)
                    .build();
        }

        static Context read(Fields in) throws FormatException {
            return new Context(
                    in.has("profile") ? Optional.of(Wire.hash(in.string("profile"))) : Optional.empty(),
                    in.has("definition") ? Optional.of(Wire.hash(in.string("definition"))) : Optional.empty(),
                    in.has("launch") ? Optional.of(Wire.hash(in.string("launch"))) : Optional.empty(),
                    in.bool("known"),
                    in.integer("unknowns", 0, Json.INTEGER_MAX));
        }
    }

    /** What a policy answered. */
    enum Outcome {
        ALLOW,
        DENY,
        PENDING,
        OBSERVED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A policy's answer to an intent.
     *
     * @param policy the policy artefact's digest
     * @param engine the engine and its version, such as {@code cedar-4.10.0}
     * @param wanted how many approvals the policy asks for
     * @param grant what is proposed; there unless the outcome is deny
     */
    record Decision(Outcome outcome, String reason, Hash policy, String engine, long wanted, Optional<Grant> grant)
            implements AuthorityFacts {
        @Override
        public Kind kind() {
            return Kind.DECISION;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("engine", engine)
                    .put("grant", grant.map(Grant::toJson))
                    .put("outcome", outcome.wire())
                    .put("policy", policy.hex())
                    .put("reason", reason)
                    .put("wanted", wanted)
                    .build();
        }

        static Decision read(Fields in) throws FormatException {
            Decision facts = new Decision(
                    Wire.parse(Outcome.class, in.string("outcome"), Outcome::wire, "outcome"),
                    Wire.word(in.string("reason")),
                    Wire.hash(in.string("policy")),
                    Wire.name(in.string("engine")),
                    in.integer("wanted", 0, RegistryFacts.APPROVALS_MAX),
                    in.has("grant") ? Optional.of(Grant.read(in.object("grant"))) : Optional.empty());
            if (facts.grant.isPresent() == (facts.outcome == Outcome.DENY)) {
                throw new FormatException(
                        "grant-presence", "a denial proposes nothing; every other outcome has a grant");
            }
            return facts;
        }
    }

    /** What an approver says. */
    enum Verdict {
        APPROVE,
        REJECT;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A person's word on exactly the terms of a pending decision. */
    record Approval(Verdict verdict, Hash terms) implements AuthorityFacts {
        @Override
        public Kind kind() {
            return Kind.APPROVAL;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("terms", terms.hex())
                    .put("verdict", verdict.wire())
                    .build();
        }

        static Approval read(Fields in) throws FormatException {
            return new Approval(
                    Wire.parse(Verdict.class, in.string("verdict"), Verdict::wire, "verdict"),
                    Wire.hash(in.string("terms")));
        }
    }

    /** What is allowed: byte for byte the grant of its decision. */
    record Contract(Grant grant) implements AuthorityFacts {
        @Override
        public Kind kind() {
            return Kind.CONTRACT;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("grant", grant.toJson()).build();
        }

        static Contract read(Fields in) throws FormatException {
            return new Contract(Grant.read(in.object("grant")));
        }
    }

    /**
     * An execution identity: authority under one contract, for one session, bound to its key.
     *
     * @param key the session key that the identity is bound to
     * @param eid SHA-256 of the token's text
     * @param notAfter milliseconds since 1970
     */
    record Identity(Grant grant, String session, String key, Hash eid, long notAfter) implements AuthorityFacts {
        @Override
        public Kind kind() {
            return Kind.IDENTITY;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("eid", eid.hex())
                    .put("grant", grant.toJson())
                    .put("key", key)
                    .put("notAfter", notAfter)
                    .put("session", session)
                    .build();
        }

        static Identity read(Fields in) throws FormatException {
            return new Identity(
                    Grant.read(in.object("grant")),
                    Wire.session(in.string("session")),
                    RegistryFacts.keyText(in.string("key")),
                    Wire.hash(in.string("eid")),
                    in.integer("notAfter", 0, Json.INTEGER_MAX));
        }
    }
}
