package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is known of one version of a server: per tool its effect, its arguments, and what they act on. An artefact: its bytes are canonical
 * JSON, its name on the ledger is their digest. Immutable.
 *
 * <p>Security property: a tool that is not listed, or whose definition is not one that the entry was written for, is unknown. What the
 * server says of itself, such as its annotations, is not believed.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Tool profiles.
 */
public final class ToolProfile {
    public static final String TYPE = "https://jurat.dev/profile/v1";
    /** The one method whose names a profile lists. */
    public static final String METHOD = "tools/call";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}@[A-Za-z0-9.+-]{1,64}");

    /**
     * Which server a profile was written for, for people to compare.
     *
     * @param name as the server calls itself when it is initialised
     * @param version the same
     * @param source where the server comes from, such as {@code npm:@modelcontextprotocol/server-filesystem@2026.8.31}
     */
    public record Server(String name, String version, String source) {}

    private final String name;
    private final Server server;
    private final RootRule roots;
    private final NavigableMap<String, ProfiledTool> tools;
    private final byte[] bytes;
    private final Hash digest;

    private ToolProfile(String name, Server server, RootRule roots, NavigableMap<String, ProfiledTool> tools) {
        this.name = name;
        this.server = server;
        this.roots = roots;
        this.tools = java.util.Collections.unmodifiableNavigableMap(tools);
        this.bytes = CanonicalJson.write(json());
        this.digest = Hash.of(bytes);
    }

    /**
     * Reads an artefact.
     *
     * @throws FormatException the codes of {@link CanonicalJson#read}, {@link Fields} and {@link Limits}; {@code profile-type},
     *     {@code profile-name}, {@code profile-roots}, {@code profile-tool}, {@code profile-definition}, {@code profile-resource},
     *     {@code profile-secret}, {@code profile-result}, {@code contract-effect}, {@code contract-reach}
     */
    public static ToolProfile read(byte[] artefact) throws FormatException {
        Fields fields = Fields.of(CanonicalJson.readObject(artefact), "profile");
        if (!fields.string("type").equals(TYPE)) {
            throw new FormatException("profile-type", "not a tool profile of this version");
        }
        String name = fields.string("name");
        if (!NAME.matcher(name).matches()) {
            throw new FormatException("profile-name", "profile.name is not a name and a version");
        }
        Server server = readServer(fields.object("server"));
        RootRule roots = RootRule.read(fields.object("roots"));
        TreeMap<String, ProfiledTool> tools = new TreeMap<>();
        for (Map.Entry<String, Json> tool : fields.rawObject("tools").members().entrySet()) {
            if (!Tool.isIdentifier(tool.getKey())) {
                throw new FormatException("profile-tool", "a tool's name is not an identifier");
            }
            String path = "profile.tools." + tool.getKey();
            tools.put(tool.getKey(), ProfiledTool.read(Fields.of(tool.getValue(), path)));
        }
        fields.end();
        return new ToolProfile(name, server, roots, tools);
    }

    /**
     * What a call of {@code tools/call} is, by what the server's list says now.
     *
     * @param called the name that was called
     * @param definition the digest of the tool's object in the server's last list; empty where the list does not have it
     * @param accepted definitions that an administrator has accepted for this tool beyond the profile's own
     */
    public Tool classify(String called, Optional<Hash> definition, Set<Hash> accepted) {
        String recorded = Tool.isIdentifier(called) ? called : Tool.digestName(called);
        ProfiledTool tool = tools.get(called);
        if (tool == null || definition.isEmpty()) {
            boolean listed = tool != null || definition.isPresent();
            return unknown(listed ? recorded : Tool.digestName(called));
        }
        Hash found = definition.get();
        return tool.definitions().contains(found) || accepted.contains(found)
                ? new Tool(Optional.of(digest), METHOD, recorded, tool.effect(), tool.idempotent())
                : unknown(recorded);
    }

    /** The entry of a tool, by the name that is called. */
    public Optional<ProfiledTool> tool(String called) {
        return Optional.ofNullable(tools.get(called));
    }

    public NavigableMap<String, ProfiledTool> tools() {
        return tools;
    }

    /** Name and version, such as {@code filesystem@2026.8.31}. */
    public String name() {
        return name;
    }

    public Server server() {
        return server;
    }

    /** Whether a command starts the server that this profile is for. */
    public boolean matches(List<String> command) {
        return roots.matches(command);
    }

    /** The folders that the command gives the server; codes of {@link RootRule}. */
    public Roots roots(List<String> command, LexicalPath workingDirectory) throws FormatException {
        return roots.find(command, workingDirectory);
    }

    /** The artefact. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The name of the artefact on the ledger. */
    public Hash digest() {
        return digest;
    }

    private Tool unknown(String recorded) {
        return new Tool(Optional.of(digest), METHOD, recorded, Effect.UNKNOWN, false);
    }

    private static Server readServer(Fields fields) throws FormatException {
        Server server = new Server(fields.string("name"), fields.string("version"), fields.string("source"));
        fields.end();
        return server;
    }

    private Json.Obj json() {
        TreeMap<String, Json> listed = new TreeMap<>();
        tools.forEach((called, tool) -> listed.put(called, tool.toJson()));
        return JsonBuilder.object()
                .put("name", name)
                .put("roots", roots.toJson())
                .put(
                        "server",
                        JsonBuilder.object()
                                .put("name", server.name())
                                .put("source", server.source())
                                .put("version", server.version())
                                .build())
                .put("tools", new Json.Obj(listed))
                .put("type", TYPE)
                .build();
    }
}
