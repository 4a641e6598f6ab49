package dev.jurat.governance.policy;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that a policy may see of one request, the same for every engine. Spec: {@code docs/spec/policy.md}, section 1.
 *
 * @param roots the folders that the server was given
 * @param base the one of them that relative names start from, where that is certain
 * @param arguments the call's arguments as one object; an engine is shown only those that the policy declares
 * @param approvals how many different people have approved this call so far
 * @param unknowns how many calls like this one ended without a known outcome and were never reconciled
 * @param observe whether the enforcement point only observes
 * @param timeMillis the last clock leaf's earliest time, in milliseconds since 1970
 */
public record PolicyInput(
        Principal principal,
        Session session,
        Action action,
        List<String> roots,
        Optional<String> base,
        List<Resource> resources,
        Json.Obj arguments,
        int approvals,
        long unknowns,
        boolean observe,
        long timeMillis) {
    public static final String TYPE = "https://jurat.dev/policy-input/v1";

    /** The methods that a policy can be asked about. */
    public static final List<String> METHODS = List.of(
            "completion/complete",
            "elicitation/create",
            "prompts/get",
            "resources/read",
            "resources/subscribe",
            "resources/unsubscribe",
            "sampling/createMessage",
            "subscriptions/listen",
            "tasks/cancel",
            "tasks/get",
            "tasks/result",
            "tasks/update",
            "tools/call");

    /** The most approvals that anything can want. */
    public static final int APPROVALS_MAX = 9;

    /**
     * Who asks.
     *
     * @param id the registry id, {@code namespace/…}
     * @param enrolled {@code administrator}, {@code claim} or {@code self}
     */
    public record Principal(String id, String namespace, String enrolled) {}

    /**
     * What the session says of itself.
     *
     * @param isolation {@code same-user}, {@code other-user}, {@code remote} or {@code hardware}
     * @param shared whether agent and enforcement point share a process, so that their signatures are not independent
     */
    public record Session(String isolation, boolean shared) {}

    /**
     * What is asked for.
     *
     * @param method the protocol's method, such as {@code tools/call}
     * @param tool the tool's name, or {@code sha256:…} of a name that no profile knows
     * @param known whether the profile maps the tool and its definition is the accepted one
     */
    public record Action(String method, String tool, Effect effect, boolean idempotent, boolean known) {}

    /**
     * What would be touched.
     *
     * @param kind how the name is to be read, such as {@code path}
     * @param name the normalised name
     * @param resolved the name after symbolic links, where the enforcement point could resolve it
     * @param inside whether name and resolved name are both inside a root of the enforcement point
     * @param root the root that it is inside of
     */
    public record Resource(String kind, String name, Optional<String> resolved, boolean inside, Optional<String> root) {
        /** What stands in for a call that touches no mapped resource. */
        public static final Resource NONE = new Resource("none", "none", Optional.empty(), false, Optional.empty());
    }

    public PolicyInput {
        roots = List.copyOf(roots);
        resources = List.copyOf(resources);
    }

    /** The same request with another number of approvals. */
    public PolicyInput withApprovals(int count) {
        return new PolicyInput(
                principal, session, action, roots, base, resources, arguments, count, unknowns, observe, timeMillis);
    }

    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("type", TYPE)
                .put("principal", principalJson())
                .put("session", sessionJson())
                .put("action", actionJson())
                .strings("roots", roots)
                .put("base", base.map(Json.Str::new))
                .put(
                        "resources",
                        new Json.Arr(resources.stream()
                                .<Json>map(PolicyInput::resourceJson)
                                .toList()))
                .put("arguments", arguments)
                .put("approvals", approvals)
                .put("unknowns", unknowns)
                .put("observe", observe)
                .put("time", timeMillis)
                .build();
    }

    /** Reads what {@link #toJson} writes; unknown members are refused. */
    public static PolicyInput read(Json.Obj json) throws FormatException {
        Fields fields = Fields.of(json, "input");
        if (!fields.string("type").equals(TYPE)) {
            throw new FormatException("type-unknown", "input.type is not " + TYPE);
        }
        PolicyInput input = new PolicyInput(
                readPrincipal(fields.object("principal")),
                readSession(fields.object("session")),
                readAction(fields.object("action")),
                fields.strings("roots"),
                fields.optionalString("base"),
                readResources(fields.array("resources")),
                fields.rawObject("arguments"),
                (int) fields.integer("approvals", 0, APPROVALS_MAX),
                fields.integer("unknowns", 0, Json.INTEGER_MAX),
                fields.bool("observe"),
                fields.integer("time", 0, Json.INTEGER_MAX));
        fields.end();
        return input;
    }

    /** One resource as it stands in the input. */
    public static Json.Obj resourceJson(Resource resource) {
        return JsonBuilder.object()
                .put("kind", resource.kind())
                .put("name", resource.name())
                .put("resolved", resource.resolved().map(Json.Str::new))
                .put("inside", resource.inside())
                .put("root", resource.root().map(Json.Str::new))
                .build();
    }

    /** Reads the member {@code resources}. */
    public static List<Resource> readResources(List<Json> items) throws FormatException {
        List<Resource> out = new ArrayList<>();
        for (Json item : items) {
            Fields fields = Fields.of(item, "input.resources");
            out.add(new Resource(
                    fields.string("kind"),
                    fields.string("name"),
                    fields.optionalString("resolved"),
                    fields.bool("inside"),
                    fields.optionalString("root")));
            fields.end();
        }
        return List.copyOf(out);
    }

    private Json.Obj principalJson() {
        return JsonBuilder.object()
                .put("id", principal.id())
                .put("namespace", principal.namespace())
                .put("enrolled", principal.enrolled())
                .build();
    }

    private Json.Obj sessionJson() {
        return JsonBuilder.object()
                .put("isolation", session.isolation())
                .put("shared", session.shared())
                .build();
    }

    private Json.Obj actionJson() {
        return JsonBuilder.object()
                .put("method", action.method())
                .put("tool", action.tool())
                .put("effect", action.effect().text())
                .put("idempotent", action.idempotent())
                .put("known", action.known())
                .build();
    }

    private static Principal readPrincipal(Fields fields) throws FormatException {
        Principal principal = new Principal(fields.string("id"), fields.string("namespace"), fields.string("enrolled"));
        fields.end();
        return principal;
    }

    private static Session readSession(Fields fields) throws FormatException {
        Session session = new Session(fields.string("isolation"), fields.bool("shared"));
        fields.end();
        return session;
    }

    private static Action readAction(Fields fields) throws FormatException {
        Action action = new Action(
                fields.string("method"),
                fields.string("tool"),
                Effect.read(fields.string("effect")),
                fields.bool("idempotent"),
                fields.bool("known"));
        fields.end();
        return action;
    }
}
