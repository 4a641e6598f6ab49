package dev.jurat.app.client;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One stdio server of a client's configuration: the command, its arguments, and the environment that the client would give it.
 *
 * @param others the spelling of all other members, which stay as they are
 */
record ServerEntry(
        String command, List<String> arguments, Map<String, String> environment, Map<String, String> others) {
    private static final String STDIO = "\"stdio\"";

    ServerEntry {
        arguments = List.copyOf(arguments);
    }

    /** Reads an entry; {@code client-entry} if it is not a stdio server's. */
    static ServerEntry read(ForeignJson value, byte[] text) throws FormatException {
        if (!(value instanceof ForeignJson.Obj entry)) {
            throw new FormatException("client-entry", "the server's entry is not an object");
        }
        Map<String, String> others = new LinkedHashMap<>();
        for (Map.Entry<String, ForeignJson> member : entry.members().entrySet()) {
            if (!List.of("command", "args", "env").contains(member.getKey())) {
                others.put(member.getKey(), new String(member.getValue().span().cut(text), StandardCharsets.UTF_8));
            }
        }
        return new ServerEntry(command(entry), arguments(entry), environment(entry), others);
    }

    /** Refuses what a client would not start as it is written, but reach by its address, say; {@code client-entry}. */
    void requireStartable() throws FormatException {
        String type = others.getOrDefault("type", STDIO);
        if (others.containsKey("url")
                || !(ForeignJson.parse(type.getBytes(StandardCharsets.UTF_8)) instanceof ForeignJson.Str kind
                        && kind.value().equals("stdio"))) {
            throw new FormatException(
                    "client-entry",
                    "the server has a url, or another type than stdio: only stdio servers can be wrapped");
        }
        if (command.indexOf('\0') >= 0 || arguments.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
            throw new FormatException("client-entry", "a zero byte cannot be in a command or an argument");
        }
    }

    private static String command(ForeignJson.Obj entry) throws FormatException {
        if (entry.members().get("command") instanceof ForeignJson.Str command
                && !command.value().isEmpty()) {
            return command.value();
        }
        throw new FormatException("client-entry", "the server has no command: only stdio servers can be wrapped");
    }

    private static List<String> arguments(ForeignJson.Obj entry) throws FormatException {
        List<String> out = new ArrayList<>();
        if (!entry.members().containsKey("args")) {
            return out;
        }
        if (!(entry.members().get("args") instanceof ForeignJson.Arr array)) {
            throw new FormatException("client-entry", "args is not an array");
        }
        for (ForeignJson item : array.items()) {
            if (!(item instanceof ForeignJson.Str argument)) {
                throw new FormatException("client-entry", "an argument is not a string");
            }
            out.add(argument.value());
        }
        return out;
    }

    private static Map<String, String> environment(ForeignJson.Obj entry) throws FormatException {
        Map<String, String> out = new LinkedHashMap<>();
        if (!entry.members().containsKey("env")) {
            return out;
        }
        if (!(entry.members().get("env") instanceof ForeignJson.Obj environment)) {
            throw new FormatException("client-entry", "env is not an object");
        }
        for (Map.Entry<String, ForeignJson> variable : environment.members().entrySet()) {
            if (!(variable.getValue() instanceof ForeignJson.Str value)) {
                throw new FormatException("client-entry", "a variable's value is not a string");
            }
            out.put(variable.getKey(), value.value());
        }
        return out;
    }

    /** Whether the server is a wrapper of ours, from whichever folder. */
    boolean isWrapper(String launcher) {
        boolean ours = command.equals(launcher) || command.equals("jurat") || command.endsWith("/jurat");
        return ours && arguments.size() > 1 && arguments.subList(0, 2).equals(List.of("mcp", "wrap"));
    }

    /** The entry with another command and environment; {@code indent} is the white space before the entry's closing brace. */
    String spelt(String newCommand, List<String> newArguments, Map<String, String> newEnvironment, String indent) {
        StringBuilder out = new StringBuilder("{\n");
        out.append(indent).append("  \"command\": ").append(quoted(newCommand)).append(",\n");
        out.append(indent).append("  \"args\": [");
        out.append(String.join(
                        ", ", newArguments.stream().map(ServerEntry::quoted).toList()))
                .append(']');
        if (!newEnvironment.isEmpty()) {
            List<String> variables = new ArrayList<>();
            newEnvironment.forEach((name, value) -> variables.add(quoted(name) + ": " + quoted(value)));
            out.append(",\n").append(indent).append("  \"env\": {").append(String.join(", ", variables));
            out.append('}');
        }
        others.forEach((name, spelling) -> out.append(",\n")
                .append(indent)
                .append("  ")
                .append(quoted(name))
                .append(": ")
                .append(spelling));
        return out.append('\n').append(indent).append('}').toString();
    }

    private static String quoted(String text) {
        return CanonicalJson.writeString(Json.of(text));
    }
}
