package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A governed message as it is decided on: {@code docs/spec/mcp.md} §5.
 *
 * @param target the tool's or prompt's name, the resource's URI, or what else the method names
 * @param arguments the exact bytes of the arguments, or of what stands in their place; empty where there are none
 * @param parsed the same, read
 * @param others the exact bytes of what goes out beside them, {@code _meta} aside, as one object; empty where there is nothing
 * @param meta the exact bytes of {@code _meta}, which no commitment covers
 */
record GovernedCall(
        Message message,
        Revision revision,
        String target,
        Optional<byte[]> arguments,
        Optional<ForeignJson> parsed,
        Optional<byte[]> others,
        Optional<byte[]> meta) {
    private static final Set<String> BY_MEMBER = Set.of("tools/call", "prompts/get");
    private static final Set<String> ANSWERS = Set.of("inputResponses", "requestState");

    /** Reads what is decided on; codes of {@link ForeignJson} for arguments beyond its bounds. */
    static GovernedCall of(Message message, Revision revision) throws FormatException {
        Map<String, Wire> members = message.params().map(Wire::members).orElse(Map.of());
        boolean byMember = BY_MEMBER.contains(message.method());
        Optional<byte[]> arguments = byMember
                ? message.param("arguments").map(Wire::exact)
                : object(members, without(members, Set.of("_meta", "uri", "taskId")));
        Optional<ForeignJson> parsed =
                arguments.isPresent() ? Optional.of(ForeignJson.parseObject(arguments.get())) : Optional.empty();
        return new GovernedCall(
                message,
                revision,
                target(message),
                arguments,
                parsed,
                byMember
                        ? object(members, new TreeSet<>(without(members, Set.of("_meta", "name", "arguments"))))
                        : Optional.empty(),
                message.param("_meta").map(Wire::exact));
    }

    String method() {
        return message.method();
    }

    boolean isTool() {
        return method().equals("tools/call");
    }

    private static String target(Message message) {
        return switch (message.method()) {
            case "tools/call", "prompts/get" -> message.paramText("name").orElse("");
            case "resources/read", "resources/subscribe" ->
                message.paramText("uri").orElse("");
            case "tasks/update" -> message.paramText("taskId").orElse("");
            case "completion/complete" -> referred(message).orElse("");
            default -> message.method();
        };
    }

    /** The one name that the reference of a completion has for its type. */
    static Optional<String> referred(Message message) {
        Optional<Wire> ref = message.param("ref");
        Optional<String> name = ref.flatMap(r -> r.text("name"));
        Optional<String> uri = ref.flatMap(r -> r.text("uri"));
        Set<String> members = ref.map(r -> r.members().keySet()).orElse(Set.of());
        return switch (ref.flatMap(r -> r.text("type")).orElse("")) {
            case "ref/prompt" -> members.contains("uri") ? Optional.empty() : name;
            case "ref/resource" -> members.contains("name") ? Optional.empty() : uri;
            default -> Optional.empty();
        };
    }

    /** Whether the target is a URI, or a template for some. */
    boolean namesUri() {
        boolean refers = method().equals("completion/complete")
                && message.param("ref").filter(r -> r.member("uri").isPresent()).isPresent();
        return refers || method().startsWith("resources/");
    }

    /** Whether it answers what the server asked, or says with the server's own words where it was: no profile says what that means. */
    boolean answers() {
        return message.params().map(Wire::members).orElse(Map.of()).keySet().stream()
                .anyMatch(ANSWERS::contains);
    }

    private static List<String> without(Map<String, Wire> members, Set<String> names) {
        return members.keySet().stream().filter(k -> !names.contains(k)).toList();
    }

    /** These members, each in its exact bytes, as one object. */
    private static Optional<byte[]> object(Map<String, Wire> members, Collection<String> kept) {
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String separator = "{";
        for (String key : kept) {
            out.writeBytes((separator + "\"" + key + "\":").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(java.util.Objects.requireNonNull(members.get(key)).exact());
            separator = ",";
        }
        out.write('}');
        return Optional.of(out.toByteArray());
    }

    /** The same call with these bytes in place of its arguments, and the line that says so. */
    GovernedCall withArguments(byte[] approved) throws FormatException {
        Wire own = message.param("arguments")
                .orElseThrow(() -> new FormatException(
                        "arguments-missing", "there are no arguments to put the approved ones in place of"));
        byte[] line = own.replacedBy(approved);
        Wire root = Wire.parse(line);
        Message replaced =
                new Message(line, message.form(), message.id(), message.method(), root, root.member("params"));
        return of(replaced, revision);
    }

    /** The token under which the client takes progress, as it stands in the bytes. */
    Optional<String> progressToken() {
        return message.meta("progressToken").map(Wire::lexeme);
    }
}
