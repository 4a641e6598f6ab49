package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The facts of the kinds that say who is who, in which session, and which rules are published. */
public sealed interface RegistryFacts extends Facts {
    /** The most approvals that anything may want: a policy counts no further. */
    int APPROVALS_MAX = 9;

    /** What a {@code key} record does. */
    enum KeyAction {
        ENROLL,
        CONFIRM,
        SUSPEND,
        RESUME;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** On whose word a principal is there. */
    enum Enrolled {
        SELF,
        ADMINISTRATOR,
        CLAIM;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Enrols, confirms, suspends or resumes a principal and its key.
     *
     * @param by the administrator whose signature is the second one; there exactly when an administrator enrols
     * @param with the administrator whose signature is the last one, where two are wanted; never of what a principal says of itself, and
     *     never of a suspension
     */
    record Key(
            KeyAction action,
            String principal,
            SignerType type,
            List<Role> roles,
            String key,
            Enrolled enrolled,
            Optional<String> by,
            Optional<String> with)
            implements RegistryFacts {
        /** What one administrator, or none, signs beside the stream's key. */
        public Key(
                KeyAction action,
                String principal,
                SignerType type,
                List<Role> roles,
                String key,
                Enrolled enrolled,
                Optional<String> by) {
            this(action, principal, type, roles, key, enrolled, by, Optional.empty());
        }

        /** The same with the signature of another administrator. */
        public Key with(String second) {
            return new Key(action, principal, type, roles, key, enrolled, by, Optional.of(second));
        }

        @Override
        public Kind kind() {
            return Kind.KEY;
        }

        public LedgerFacts.Registered registered() {
            return new LedgerFacts.Registered(principal, type, roles, key);
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("action", action.wire())
                    .put("by", by.map(Json.Str::new))
                    .put("class", type.wire())
                    .put("enrolled", enrolled.wire())
                    .put("key", key)
                    .put("principal", principal)
                    .strings("roles", roles.stream().map(Role::wire).toList())
                    .put("with", with.map(Json.Str::new))
                    .build();
        }

        static Key read(Fields in) throws FormatException {
            Key facts = new Key(
                    Wire.parse(KeyAction.class, in.string("action"), KeyAction::wire, "action"),
                    Wire.principal(in.string("principal")),
                    SignerType.parse(in.string("class")),
                    LedgerFacts.Registered.roles(in),
                    keyText(in.string("key")),
                    Wire.parse(Enrolled.class, in.string("enrolled"), Enrolled::wire, "enrolled"),
                    in.has("by") ? Optional.of(Wire.principal(in.string("by"))) : Optional.empty(),
                    second(in));
            if (facts.by.isPresent()
                    != (facts.action == KeyAction.ENROLL && facts.enrolled == Enrolled.ADMINISTRATOR)) {
                throw new FormatException("member-unknown", "`by` stands exactly where an administrator enrols");
            }
            boolean alone = facts.action == KeyAction.SUSPEND
                    || (facts.action == KeyAction.ENROLL && facts.enrolled != Enrolled.ADMINISTRATOR);
            if (facts.with.isPresent() && alone) {
                throw new FormatException("member-unknown", "no second administrator signs this");
            }
            return facts;
        }
    }

    /** How far an agent's keys are from the agent itself. */
    enum Isolation {
        SAME_USER,
        OTHER_USER,
        REMOTE,
        HARDWARE;

        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Who holds the session key: the agent itself, or the wrapper that signs for it. */
    enum Signs {
        AGENT,
        WRAPPER;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Opens a session: signed by the identity key, then by the session's key.
     *
     * @param notAfter end of the session, milliseconds since 1970
     * @param shared whether agent and enforcement point share a process, so that their signatures are not independent
     * @param claimed whether the node had administrators when the session opened
     */
    record Session(
            String identityKey,
            String key,
            long notAfter,
            Isolation isolation,
            boolean shared,
            Signs signs,
            boolean claimed,
            Optional<Hash> model,
            Optional<Hash> prompt,
            Optional<Hash> tools)
            implements RegistryFacts {
        @Override
        public Kind kind() {
            return Kind.SESSION;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("identityKey", identityKey)
                    .put("isolation", isolation.wire())
                    .put("key", key)
                    .put("model", model.map(Wire::hex))
                    .put("node", claimed ? "claimed" : "unclaimed")
                    .put("notAfter", notAfter)
                    .put("prompt", prompt.map(Wire::hex))
                    .put("shared", shared)
                    .put("signs", signs.wire())
                    .put("tools", tools.map(Wire::hex))
                    .build();
        }

        static Session read(Fields in) throws FormatException {
            return new Session(
                    keyText(in.string("identityKey")),
                    keyText(in.string("key")),
                    in.integer("notAfter", 0, Json.INTEGER_MAX),
                    Wire.parse(Isolation.class, in.string("isolation"), Isolation::wire, "isolation"),
                    in.bool("shared"),
                    Wire.parse(Signs.class, in.string("signs"), Signs::wire, "signs"),
                    claimed(in.string("node")),
                    digest(in, "model"),
                    digest(in, "prompt"),
                    digest(in, "tools"));
        }

        private static boolean claimed(String word) throws FormatException {
            return switch (word) {
                case "claimed" -> true;
                case "unclaimed" -> false;
                default -> throw new FormatException("value-unknown", "node is claimed or unclaimed");
            };
        }
    }

    /** Ends a session; {@code last} is this record's own number. */
    record SessionEnd(long last, String reason) implements RegistryFacts {
        @Override
        public Kind kind() {
            return Kind.SESSION_END;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("last", last).put("reason", reason).build();
        }

        static SessionEnd read(Fields in) throws FormatException {
            return new SessionEnd(in.integer("last", 0, Json.INTEGER_MAX), Wire.word(in.string("reason")));
        }
    }

    /** What publishing does with a policy or profile. */
    enum Publication {
        AVAILABLE,
        DEFAULT,
        WITHDRAWN;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The least number of approvals, by effect class, without which no contract is admitted, whatever the policy says. */
    record Floors(long read, long write, long destroy, long unknown) {
        public static final Floors NONE = new Floors(0, 0, 0, 0);

        public long of(String effect) {
            return switch (effect) {
                case "read" -> read;
                case "write" -> write;
                case "destroy" -> destroy;
                default -> unknown;
            };
        }

        Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("destroy", destroy)
                    .put("read", read)
                    .put("unknown", unknown)
                    .put("write", write)
                    .build();
        }

        static Floors read(Fields in) throws FormatException {
            Floors floors = new Floors(
                    in.integer("read", 0, APPROVALS_MAX),
                    in.integer("write", 0, APPROVALS_MAX),
                    in.integer("destroy", 0, APPROVALS_MAX),
                    in.integer("unknown", 0, APPROVALS_MAX));
            in.end();
            return floors;
        }
    }

    /** Publishes a policy by the digest of its artefact, or withdraws it. */
    record Policy(Hash artefact, String name, Publication publication, Floors floors, Optional<String> with)
            implements RegistryFacts {
        /** What one person, or the governor, publishes or withdraws. */
        public Policy(Hash artefact, String name, Publication publication, Floors floors) {
            this(artefact, name, publication, floors, Optional.empty());
        }

        /** The same with the signature of another administrator. */
        public Policy with(String second) {
            return new Policy(artefact, name, publication, floors, Optional.of(second));
        }

        @Override
        public Kind kind() {
            return Kind.POLICY;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("artefact", artefact.hex())
                    .put("floors", floors.toJson())
                    .put("name", name)
                    .put("use", publication.wire())
                    .put("with", with.map(Json.Str::new))
                    .build();
        }

        static Policy read(Fields in) throws FormatException {
            return new Policy(
                    Wire.hash(in.string("artefact")),
                    Wire.name(in.string("name")),
                    Wire.parse(Publication.class, in.string("use"), Publication::wire, "use"),
                    Floors.read(in.object("floors")),
                    second(in));
        }
    }

    /** A tool's definition, by digest, that an administrator has looked at and accepted. */
    record Accepted(String tool, Hash definition) {
        Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("definition", definition.hex())
                    .put("tool", tool)
                    .build();
        }

        static Accepted read(Fields in) throws FormatException {
            Accepted accepted = new Accepted(Wire.name(in.string("tool")), Wire.hash(in.string("definition")));
            in.end();
            return accepted;
        }
    }

    /** Publishes a tool profile by the digest of its artefact, accepts changed tool definitions under it, or withdraws it. */
    record Profile(Hash artefact, String name, Publication publication, List<Accepted> accepts, Optional<String> with)
            implements RegistryFacts {
        /** What one person, or the governor, publishes or withdraws. */
        public Profile(Hash artefact, String name, Publication publication, List<Accepted> accepts) {
            this(artefact, name, publication, accepts, Optional.empty());
        }

        /** The same with the signature of another administrator. */
        public Profile with(String second) {
            return new Profile(artefact, name, publication, accepts, Optional.of(second));
        }

        @Override
        public Kind kind() {
            return Kind.PROFILE;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put(
                            "accepts",
                            Wire.array(accepts.stream().map(Accepted::toJson).toList()))
                    .put("artefact", artefact.hex())
                    .put("name", name)
                    .put("use", publication.wire())
                    .put("with", with.map(Json.Str::new))
                    .build();
        }

        static Profile read(Fields in) throws FormatException {
            List<Accepted> accepts = new ArrayList<>();
            for (Json item : in.array("accepts")) {
                accepts.add(Accepted.read(Fields.of(item, in.path() + ".accepts")));
            }
            return new Profile(
                    Wire.hash(in.string("artefact")),
                    Wire.name(in.string("name")),
                    Wire.parse(Publication.class, in.string("use"), Publication::wire, "use"),
                    Wire.sortedUnique(
                            accepts, a -> a.tool() + " " + a.definition().hex(), "accepted definitions"),
                    second(in));
        }
    }

    /** What a revocation ends. */
    enum Target {
        CONTRACT,
        IDENTITY,
        SESSION,
        PRINCIPAL,
        POLICY;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Ends authority: a contract, identity or policy by its record in the role {@code target}; a session or principal by its id. */
    record Revocation(Target target, String reason, Optional<Stream> session, Optional<String> principal)
            implements RegistryFacts {
        @Override
        public Kind kind() {
            return Kind.REVOCATION;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("principal", principal.map(Json.Str::new))
                    .put("reason", reason)
                    .put("session", session.map(s -> new Json.Str(s.toString())))
                    .put("target", target.wire())
                    .build();
        }

        static Revocation read(Fields in) throws FormatException {
            Revocation facts = new Revocation(
                    Wire.parse(Target.class, in.string("target"), Target::wire, "target"),
                    Wire.word(in.string("reason")),
                    in.has("session") ? Optional.of(Stream.parse(in.string("session"))) : Optional.empty(),
                    in.has("principal") ? Optional.of(Wire.principal(in.string("principal"))) : Optional.empty());
            if (facts.session.isPresent() != (facts.target == Target.SESSION)
                    || facts.principal.isPresent() != (facts.target == Target.PRINCIPAL)) {
                throw new FormatException("member-unknown", "a revocation names exactly its target");
            }
            return facts;
        }
    }

    /** A public key as facts carry it: canonical standard base64, at most 2,048 bytes. Whether it is a key is the suite's question. */
    static String keyText(String text) throws FormatException {
        byte[] bytes = Wire.decode(text);
        if (bytes.length == 0
                || bytes.length > 2048
                || !Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new FormatException("key-syntax", "not the canonical base64 of a public key");
        }
        return text;
    }

    private static Optional<String> second(Fields in) throws FormatException {
        return in.has("with") ? Optional.of(Wire.principal(in.string("with"))) : Optional.empty();
    }

    private static Optional<Hash> digest(Fields in, String name) throws FormatException {
        return in.has(name) ? Optional.of(Wire.hash(in.string(name))) : Optional.empty();
    }
}
