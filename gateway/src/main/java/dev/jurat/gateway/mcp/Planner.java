package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.ProfiledTool;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.ResourceRule;
import dev.jurat.proof.contract.Roots;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads governed calls by a tool profile: what is called, how bad it can be, what it touches. Thread-safe.
 *
 * <p>Security property: what the profile does not map is unknown, and unknown is never treated as harmless.
 */
final class Planner {
    private final Optional<ToolProfile> profile;
    private final Map<String, Set<Hash>> accepted;
    private final GivenRoots given;
    private final ToolList list;
    private boolean rootsTold;
    private boolean baseCounted;

    /**
     * @param accepted definitions that an administrator accepted beyond the profile's own, by tool
     * @param roots the folders that the server was given; where they lead is fixed now
     */
    Planner(Optional<ToolProfile> profile, Map<String, Set<Hash>> accepted, Roots roots, ToolList list) {
        this.profile = profile;
        this.accepted = Map.copyOf(accepted);
        this.given = GivenRoots.fixed(roots);
        this.list = list;
    }

    /** The folders that the operator gave the server. A client's own never widen them; they only take the base away. */
    synchronized GivenRoots roots() {
        return rootsTold ? given.withoutBase() : given;
    }

    /**
     * The client tells the server folders of its own: which one relative paths start from is no longer known. False, and nothing changes,
     * where a call has gone out that counts on the base: nobody knows when the server reads its path.
     */
    synchronized boolean clientTellsRoots() {
        rootsTold |= !baseCounted;
        return rootsTold;
    }

    /** Whether the folder that the call starts from, if it does, is the one that it was decided with; from then on that stays so. */
    synchronized boolean departs(Plan plan) {
        baseCounted |= plan.startsFromBase() && !rootsTold;
        return stands(plan);
    }

    /** The same, while the call may still be stopped. */
    synchronized boolean stands(Plan plan) {
        return !plan.startsFromBase() || !rootsTold;
    }

    /** The roots as they were named, and as links led to them when they were given. */
    List<String> rootTexts() {
        return given.names().paths().stream().map(LexicalPath::text).toList();
    }

    Optional<Hash> profileDigest() {
        return profile.map(ToolProfile::digest);
    }

    Plan plan(GovernedCall call) {
        return call.isTool() ? tool(call) : other(call);
    }

    private Plan tool(GovernedCall call) {
        String name = call.target();
        Optional<Hash> definition = list.definition(name);
        Tool tool = named(
                name,
                profile.isPresent()
                        ? profile.get().classify(name, definition, accepted.getOrDefault(name, Set.of()))
                        : Tool.unknown(call.method(), name));
        Optional<ProfiledTool> entry =
                tool.effect() == Effect.UNKNOWN ? Optional.empty() : profile.flatMap(p -> p.tool(name));
        GivenRoots roots = roots();
        if (entry.isEmpty()) {
            return new Plan(call, tool, definition, roots, List.of(), secret(name), Optional.empty(), false);
        }
        Optional<Unmapped> unmapped = Unmapped.of(entry.get(), call.parsed());
        if (unmapped.isPresent()) {
            return new Plan(
                    call,
                    unknown(tool),
                    definition,
                    roots,
                    touched(unmapped.get(), roots),
                    entry.get().secret(),
                    unmapped,
                    false);
        }
        try {
            boolean kept = entry.get().result() == ProfiledTool.Retention.KEPT;
            return new Plan(
                    call,
                    call.answers() ? unknown(tool) : tool,
                    definition,
                    roots,
                    touched(entry.get(), call, roots),
                    entry.get().secret(),
                    Optional.empty(),
                    kept);
        } catch (FormatException e) {
            boolean path = e.code().startsWith("path-");
            List<Touched> touched = path ? List.of(Touched.unreadable(e.code())) : List.of();
            return new Plan(
                    call,
                    path ? tool : unknown(tool),
                    definition,
                    roots,
                    touched,
                    entry.get().secret(),
                    Optional.empty(),
                    false);
        }
    }

    private List<String> secret(String name) {
        return profile.flatMap(p -> p.tool(name)).map(ProfiledTool::secret).orElse(List.of());
    }

    /** The tool under its own name, unless the whole list is known and never had it. */
    private Tool named(String called, Tool tool) {
        boolean plain = tool.name().equals(called) || !Tool.isIdentifier(called) || !list.mayBeTool(called);
        return plain ? tool : new Tool(tool.profile(), tool.method(), called, Effect.UNKNOWN, false);
    }

    private static Tool unknown(Tool tool) {
        return new Tool(tool.profile(), tool.method(), tool.name(), Effect.UNKNOWN, false);
    }

    private static List<Touched> touched(ProfiledTool entry, GovernedCall call, GivenRoots roots)
            throws FormatException {
        List<Resource> resources = entry.resources(call.parsed(), roots.names());
        List<String> sent = sent(entry, call);
        List<Touched> touched = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            switch (resources.get(i)) {
                case Resource.Path path -> touched.add(Touched.path(path, sent.get(i), roots));
            }
        }
        return touched;
    }

    /** What arguments name that the profile does not know: each text by itself, as it would be read alone. */
    private static List<Touched> touched(Unmapped unmapped, GivenRoots roots) {
        List<Touched> touched = new ArrayList<>();
        for (Unmapped.Named named : unmapped.named()) {
            try {
                LexicalPath path = roots.base().isPresent()
                        ? LexicalPath.parse(named.text(), roots.base().get())
                        : LexicalPath.parse(named.text());
                touched.add(Touched.path(new Resource.Path(path, named.reach()), named.text(), roots));
            } catch (FormatException e) {
                touched.add(Touched.unreadable(e.code()));
            }
        }
        return touched;
    }

    /** The texts that the profile takes resources from, in its order. */
    private static List<String> sent(ProfiledTool entry, GovernedCall call) {
        List<String> texts = new ArrayList<>();
        if (call.parsed().isPresent() && call.parsed().get() instanceof ForeignJson.Obj object) {
            for (ResourceRule rule : entry.resources()) {
                ForeignJson value = object.members().get(rule.argument());
                if (value instanceof ForeignJson.Str text) {
                    texts.add(text.value());
                } else if (value instanceof ForeignJson.Arr array) {
                    array.items().forEach(i -> texts.add(i instanceof ForeignJson.Str text ? text.value() : ""));
                }
            }
        }
        return texts;
    }

    /** What no tool profile maps. A URI or an argument may be personal, so statements name the method alone; a prompt by its digest. */
    private Plan other(GovernedCall call) {
        boolean prompt = call.method().equals("prompts/get");
        String name = prompt ? Tool.digestName(call.target()) : call.method();
        Tool tool = new Tool(Optional.empty(), call.method(), name, Effect.UNKNOWN, false);
        GivenRoots roots = roots();
        Touched touched = call.namesUri() ? Touched.uri(call.target(), roots) : Touched.named("name", call.target());
        return new Plan(call, tool, Optional.empty(), roots, List.of(touched), List.of(), Optional.empty(), false);
    }
}
