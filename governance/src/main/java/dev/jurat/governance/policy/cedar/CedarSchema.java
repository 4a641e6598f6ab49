package dev.jurat.governance.policy.cedar;

import dev.jurat.governance.policy.DeclaredArguments;
import dev.jurat.governance.policy.PolicyInput;
import java.util.stream.Collectors;

/** The Cedar schema that every policy is validated against, and every request. */
final class CedarSchema {
    private static final String TEXT = """
            entity Agent = { namespace: String, enrolled: String };
            entity Target = { kind: String, name: String, resolved?: String, inside: Bool, root?: String };
            action %s appliesTo {
              principal: [Agent],
              resource: [Target],
              context: {
                tool: { name: String, effect: String, idempotent: Bool, known: Bool },
                session: { isolation: String, shared: Bool },
                arguments: { %s },
                roots: Set<String>,
                resources: Long,
                approvals: Long,
                unknowns: Long,
                observe: Bool,
                time: Long
              }
            };
            """;

    private CedarSchema() {}

    static String text(DeclaredArguments declared) {
        String methods =
                PolicyInput.METHODS.stream().map(method -> '"' + method + '"').collect(Collectors.joining(", "));
        String arguments = declared.types().entrySet().stream()
                .map(one -> '"' + one.getKey() + "\"?: " + type(one.getValue()))
                .collect(Collectors.joining(", "));
        return TEXT.formatted(methods, arguments);
    }

    private static String type(DeclaredArguments.Type type) {
        return switch (type) {
            case STRING -> "String";
            case INTEGER -> "Long";
            case BOOLEAN -> "Bool";
            case STRINGS -> "Set<String>";
        };
    }
}
