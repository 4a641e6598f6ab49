package dev.jurat.gateway.mcp;

import dev.jurat.proof.contract.Call;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A governed call as the tool profile reads it.
 *
 * @param definition the digest of the tool's definition in the server's list
 * @param roots the folders as they were when the call was read
 * @param touched what the call acts on
 * @param secret arguments that bodies keep a salted digest of alone
 * @param unmapped how the arguments differ from what the profile has, where it knows the tool and they do
 * @param keepsAnswer whether the outcome's body keeps what came back
 */
record Plan(
        GovernedCall call,
        Tool tool,
        Optional<Hash> definition,
        GivenRoots roots,
        List<Touched> touched,
        List<String> secret,
        Optional<Unmapped> unmapped,
        boolean keepsAnswer) {
    Plan {
        touched = List.copyOf(touched);
        secret = List.copyOf(secret);
    }

    Call committed() {
        return new Call(tool.profile(), call.method(), call.target(), call.arguments(), call.others());
    }

    /** What the call acts on, as it is named; nothing where nobody has read what it does. */
    List<Resource> resources() {
        return tool.effect() == Effect.UNKNOWN
                ? List.of()
                : touched.stream().flatMap(t -> t.resource().stream()).toList();
    }

    /** What the call acts on, as it is named and as links lead to it. */
    List<Resource> resourcesFollowed() {
        return tool.effect() == Effect.UNKNOWN
                ? List.of()
                : touched.stream().flatMap(t -> t.both().stream()).distinct().toList();
    }

    /** What the call touches, as the node is told it. */
    Json.Arr touchedJson() {
        return new Json.Arr(touched.stream().<Json>map(Touched::toJson).toList());
    }

    /** Whether no file that the call touches lies outside the roots; so where it is not known to touch one. */
    boolean isInside() {
        return touched.stream().allMatch(t -> t.inside() || !t.kind().equals(Resource.Path.TYPE));
    }

    /** Whether links lead elsewhere than when the call was read. */
    boolean moved() {
        return touched.stream().anyMatch(t -> t.moved(roots));
    }

    /** Whether it matters which folder the server takes relative paths from: one is named so, or nobody has read what is named. */
    boolean startsFromBase() {
        boolean read = tool.effect() != Effect.UNKNOWN && touched.stream().allMatch(Touched::sentWhole);
        return roots.base().isPresent() && !read;
    }

    /** Whether links lead from one of the paths to where nobody can say. */
    boolean isUnresolved() {
        return touched.stream()
                .anyMatch(
                        t -> t.kind().equals(Resource.Path.TYPE) && t.resolved().isEmpty());
    }

    List<String> names() {
        return touched.stream().map(Touched::name).toList();
    }
}
