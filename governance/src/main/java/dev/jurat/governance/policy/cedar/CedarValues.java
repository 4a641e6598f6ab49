package dev.jurat.governance.policy.cedar;

import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.proof.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The input as Cedar's values, after the schema of {@link CedarSchema}. */
final class CedarValues {
    private static final EntityTypeName AGENT = EntityTypeName.parse("Agent").orElseThrow();
    private static final EntityTypeName TARGET = EntityTypeName.parse("Target").orElseThrow();
    private static final EntityTypeName ACTION = EntityTypeName.parse("Action").orElseThrow();

    private CedarValues() {}

    static Entity agent(PolicyInput.Principal principal) {
        Map<String, Value> attributes = Map.of(
                "namespace", new PrimString(principal.namespace()), "enrolled", new PrimString(principal.enrolled()));
        return new Entity(AGENT.of(principal.id()), attributes, Set.of());
    }

    static Entity target(PolicyInput.Resource resource) {
        Map<String, Value> attributes = new HashMap<>();
        attributes.put("kind", new PrimString(resource.kind()));
        attributes.put("name", new PrimString(resource.name()));
        attributes.put("inside", new PrimBool(resource.inside()));
        resource.resolved().ifPresent(name -> attributes.put("resolved", new PrimString(name)));
        resource.root().ifPresent(root -> attributes.put("root", new PrimString(root)));
        return new Entity(TARGET.of(resource.name()), attributes, Set.of());
    }

    static EntityUID action(PolicyInput.Action action) {
        return ACTION.of(action.method());
    }

    static Map<String, Value> context(PolicyInput input, Map<String, Json> arguments) {
        Map<String, Value> declared = new HashMap<>();
        arguments.forEach((name, value) -> declared.put(name, value(value)));
        Map<String, Value> context = new HashMap<>();
        context.put("tool", tool(input.action()));
        context.put("session", session(input.session()));
        context.put("arguments", new CedarMap(declared));
        context.put(
                "roots",
                new CedarList(
                        List.copyOf(input.roots().stream().map(PrimString::new).toList())));
        context.put("resources", new PrimLong((long) input.resources().size()));
        context.put("approvals", new PrimLong((long) input.approvals()));
        context.put("unknowns", new PrimLong(input.unknowns()));
        context.put("observe", new PrimBool(input.observe()));
        context.put("time", new PrimLong(input.timeMillis()));
        return context;
    }

    private static Value tool(PolicyInput.Action action) {
        return new CedarMap(Map.of(
                "name", new PrimString(action.tool()),
                "effect", new PrimString(action.effect().text()),
                "idempotent", new PrimBool(action.idempotent()),
                "known", new PrimBool(action.known())));
    }

    private static Value session(PolicyInput.Session session) {
        return new CedarMap(
                Map.of("isolation", new PrimString(session.isolation()), "shared", new PrimBool(session.shared())));
    }

    /** A value of a declared type; what the declaration let through is one of these. */
    private static Value value(Json json) {
        return switch (json) {
            case Json.Str string -> new PrimString(string.value());
            case Json.Int integer -> new PrimLong(integer.value());
            case Json.Bool bool -> new PrimBool(bool.value());
            case Json.Arr array ->
                new CedarList(List.copyOf(
                        array.items().stream().map(CedarValues::value).toList()));
            case Json.Obj ignored -> throw new IllegalStateException("objects are never declared");
            case Json.Null ignored -> throw new IllegalStateException("null is never declared");
        };
    }
}
