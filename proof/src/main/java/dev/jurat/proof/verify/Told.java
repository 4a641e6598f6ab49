package dev.jurat.proof.verify;

import dev.jurat.proof.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One action of a recomputed summary, in words. */
final class Told {
    private static final int RESOURCES_MAX = 5;

    private final Json action;

    private Told(Json action) {
        this.action = action;
    }

    /** The action at this place of the summary. */
    static Told of(Json.Obj summary, int index) {
        Json actions = summary.members().get("actions");
        return new Told(
                actions instanceof Json.Arr list && index < list.items().size()
                        ? list.items().get(index)
                        : new Json.Null());
    }

    /** The agent's name where a body gives it, its principal, and the session. */
    String who() {
        return person(action);
    }

    private static String person(Json of) {
        String principal = text(of, "who", "principal").orElse("unknown");
        return text(of, "who", "name")
                .map(name -> name + " (" + principal + ")")
                .orElse(principal);
    }

    /** What was called, and on what, where a body tells. */
    Optional<String> what() {
        Optional<String> purpose = text(action, "what", "purpose");
        List<String> resources = resources();
        String more = resources.size() > RESOURCES_MAX ? " and " + (resources.size() - RESOURCES_MAX) + " more" : "";
        String on = resources.isEmpty()
                ? ""
                : " on " + String.join(", ", resources.subList(0, Math.min(RESOURCES_MAX, resources.size()))) + more;
        return text(action, "what", "name")
                .map(name -> name + on + purpose.map(p -> ", for: " + p).orElse(""));
    }

    private List<String> resources() {
        List<String> names = new ArrayList<>();
        if (member(member(action, "what"), "resources") instanceof Json.Arr list) {
            list.items().forEach(name -> text(name).ifPresent(names::add));
        }
        return names;
    }

    /** The clock that governs the intent. */
    String when() {
        return text(action, "when", "text")
                .map(t -> "at " + t + " by the log's clock")
                .orElse("before any clock");
    }

    /** The policy that decided, and what it answered. */
    Optional<String> rules() {
        return text(action, "decision", "outcome").map(outcome -> {
            String policy = text(action, "decision", "policy").orElse("a policy not shown");
            String engine = text(action, "decision", "engine").orElse("");
            String reason = text(action, "decision", "reason").orElse("");
            return policy + " on " + engine + " answered " + outcome + " (" + reason + ")";
        });
    }

    /** Who approved or rejected, and when. */
    List<String> approvals() {
        return each("approvals", approval -> text(approval, "verdict").orElse("") + " by " + person(approval));
    }

    /** Why the enforcement point let it not through, and when. */
    List<String> refusals() {
        return each("refusals", refusal -> text(refusal, "code").orElse(""));
    }

    /** What it rests on that was revoked, by whom and when. */
    List<String> revocations() {
        return each("revocations", revocation -> {
            String of = text(revocation, "session")
                    .or(() -> text(revocation, "principal"))
                    .map(name -> " " + name)
                    .orElse("");
            return "the " + text(revocation, "target").orElse("") + of + ", for: "
                    + text(revocation, "reason").orElse("") + ", by " + person(revocation);
        });
    }

    private List<String> each(String name, Function<Json, String> words) {
        List<String> told = new ArrayList<>();
        if (member(action, name) instanceof Json.Arr list) {
            for (Json one : list.items()) {
                told.add(words.apply(one)
                        + text(one, "when", "text").map(t -> " at " + t).orElse(""));
            }
        }
        return told;
    }

    private static Optional<String> text(Json in, String... path) {
        Json at = in;
        for (String name : path) {
            at = member(at, name);
        }
        return at instanceof Json.Str text ? Optional.of(text.value()) : Optional.empty();
    }

    private static Json member(Json in, String name) {
        return in instanceof Json.Obj object ? object.members().getOrDefault(name, new Json.Null()) : new Json.Null();
    }
}
