package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.Launch;
import dev.jurat.proof.contract.ProfiledTool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands around a pending decision: the context that it was decided in, and what runs behind the point. No approval covers it, but for
 * what the proposal rests on.
 *
 * @param input what the policy was asked with; empty where it was erased
 * @param profile the profile that the point reads the server by, whether or not it has the tool
 * @param accepted whether that profile has the tool by the definition that the server lists
 * @param servers the session of the point in which the server was started as the context says; where it does not say, the open ones that
 *     may be the one, nearest to the agent's first
 */
record Surroundings(
        AuthorityFacts.Context context,
        Optional<Json.Obj> input,
        Optional<ToolProfile> profile,
        boolean accepted,
        List<RegistryDetails.Session> servers) {
    static Surroundings of(JuratClient node, Json item, Entry decision, String point, String tool)
            throws NodeException, FormatException {
        Entry entry =
                Waiting.fetch(node, decision.record().header().references().one("context"));
        if (!(entry.record().statement().facts() instanceof AuthorityFacts.Context context)) {
            throw Waiting.lie("what the decision calls its context is of the kind "
                    + entry.record().kind().wire());
        }
        Optional<Json.Obj> input = Optional.empty();
        if (entry.body().isPresent()) {
            input = Optional.of(
                    AuthorityDetails.Context.read(entry.body().get()).input());
        }
        Optional<ToolProfile> profile = Optional.empty();
        if (context.profile().isPresent()) {
            profile =
                    Optional.of(ToolProfile.read(node.artefact(context.profile().get())));
        }
        List<RegistryDetails.Session> servers = new ArrayList<>();
        for (Json id : View.list(item, "point-sessions")) {
            server(Waiting.fetch(node, RecordId.parse(View.text(id, ""))), point)
                    .ifPresent(servers::add);
        }
        boolean accepted = context.known()
                || (profile.isPresent()
                        && context.definition().isPresent()
                        && has(node, profile.get(), tool, context.definition().get()));
        return new Surroundings(context, input, profile, accepted, List.copyOf(servers));
    }

    /** Whether a profile has a tool by this definition: its own, or, on the node's word, one that was accepted. */
    private static boolean has(JuratClient node, ToolProfile profile, String tool, Hash definition)
            throws NodeException {
        Optional<ProfiledTool> entry = profile.tool(tool);
        if (entry.isEmpty() || entry.get().definitions().contains(definition)) {
            return entry.isPresent();
        }
        return View.list(node.profiles(), "profiles").stream()
                .filter(p -> View.text(p, "artefact").equals(profile.digest().hex()))
                .flatMap(p -> View.list(p, "accepts").stream())
                .anyMatch(a -> View.text(a, "tool").equals(tool)
                        && View.text(a, "definition").equals(definition.hex()));
    }

    /** What a session record says that it runs, where the point signed that and it is still there. */
    private static Optional<RegistryDetails.Session> server(Entry session, String point) throws FormatException {
        if (!(session.record().statement().facts() instanceof RegistryFacts.Session)
                || !session.record().header().stream().principal().equals(point)) {
            throw Waiting.lie("what the node calls a session of the point is none");
        }
        Optional<Body> body = session.body();
        return body.isEmpty() ? Optional.empty() : Optional.of(RegistryDetails.Session.read(body.get()));
    }

    /** How the server was started, where a session of the point says what gives this digest. */
    Optional<Launch> launch(String digest) {
        return servers.stream()
                .flatMap(session -> session.launch().stream())
                .filter(launch -> launch.digest().hex().equals(digest))
                .findFirst();
    }

    /** Whether what the context says that the call touches gives this digest. */
    boolean touches(String digest) {
        return input.filter(i -> View.at(i, "resources") instanceof Json.Arr resources
                        && Assumption.resources(resources).value().equals(digest))
                .isPresent();
    }

    /** What keeps a call from being known; empty where nothing does. */
    Definition definition(String tool) {
        return context.known()
                ? new Definition("", "", tool, true)
                : new Definition(
                        context.definition().map(Hash::hex).orElse(""),
                        profile.filter(p -> p.tool(tool).isPresent())
                                .map(ToolProfile::name)
                                .orElse(""),
                        tool,
                        accepted);
    }

    /** The folders that the point says that the server was given. */
    List<String> folders() {
        return texts("roots");
    }

    /** Whether relative paths have no certain start although there is one folder: then the client may send folders of its own. */
    boolean clientMaySendFolders() {
        return folders().size() == 1
                && input.filter(i -> i.members().containsKey("base")).isEmpty();
    }

    /** What the point saw where a link leads elsewhere than its name says. */
    List<String> links(Excerpt excerpt) {
        List<String> out = new ArrayList<>();
        for (Json resource : input.map(i -> View.list(i, "resources")).orElse(List.of())) {
            String resolved = View.text(resource, "resolved");
            String name = View.text(resource, "name");
            if (!resolved.isEmpty() && !resolved.equals(name)) {
                out.add(excerpt.text(name) + " leads to " + excerpt.text(resolved));
            }
        }
        return out;
    }

    private List<String> texts(String member) {
        return input.map(i -> View.list(i, member)).orElse(List.of()).stream()
                .map(i -> View.text(i, ""))
                .toList();
    }

    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("accepted", accepted)
                .put("definition", context.definition().map(d -> Json.of(d.hex())))
                .put("folders", input.map(i -> View.at(i, "roots")))
                .put("known", context.known())
                .put("launch", context.launch().map(d -> Json.of(d.hex())))
                .put("profile", profile.map(p -> Json.of(p.name())))
                .put("resources", input.map(i -> View.at(i, "resources")))
                .put(
                        "servers",
                        new Json.Arr(servers.stream()
                                .<Json>map(RegistryDetails.Session::toJson)
                                .toList()))
                .build();
    }
}
