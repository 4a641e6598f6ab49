package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Reach;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a call touches, and whether it lies inside what the server was given.
 *
 * @param kind such as {@code path}
 * @param name in the one form that its kind gives it
 * @param resolved where symbolic links lead, where that could be said
 * @param inside all that the call reaches from name and from resolved name lies inside a root, as that was when it was given
 * @param root the root that the name is inside of
 * @param sent the text as it was sent, made absolute
 * @param sentWhole whether it was sent so
 * @param resource for the contract's targets; empty for kinds that no contract names
 */
record Touched(
        String kind,
        String name,
        Optional<String> resolved,
        boolean inside,
        Optional<String> root,
        String sent,
        boolean sentWhole,
        Optional<Resource> resource) {

    /**
     * A path, with links followed now, in each way in which a server may open it.
     *
     * @param text the text as it was sent; a server may open it as it stands, and the kernel then reads {@code link/..} in another way than
     *     {@code resource} does
     */
    static Touched path(Resource.Path resource, String text, GivenRoots roots) {
        boolean whole = text.startsWith("/");
        String sent =
                whole || roots.base().isEmpty() ? text : roots.base().get().text() + "/" + text;
        return path(resource, sent, whole, roots);
    }

    /** Where each way to open it leads, as npm's server does first; a way that is the same as another is not gone twice. */
    private static List<Optional<LexicalPath>> ends(LexicalPath path, String sent) {
        List<Optional<LexicalPath>> ends = new ArrayList<>();
        if (LinkResolver.hasEquals(path.text())) {
            ends.add(LinkResolver.resolveEqual(path));
        }
        ends.add(LinkResolver.resolve(path));
        if (!sent.equals(path.text())) {
            ends.add(LinkResolver.resolve(sent));
        }
        return ends;
    }

    private static Touched path(Resource.Path resource, String sent, boolean whole, GivenRoots roots) {
        List<Optional<LexicalPath>> ends = ends(resource.path(), sent);
        Optional<Optional<LexicalPath>> outside = ends.stream()
                .filter(end -> !end.map(r -> roots.hold(r, resource.reach())).orElse(false))
                .findFirst();
        Optional<LexicalPath> real = outside.orElse(ends.getFirst());
        Optional<LexicalPath> root = roots.names().rootOf(resource);
        boolean inside = root.isPresent() && outside.isEmpty();
        return new Touched(
                Resource.Path.TYPE,
                resource.text(),
                real.map(LexicalPath::text),
                inside,
                root.map(LexicalPath::text),
                sent,
                whole,
                Optional.of(resource));
    }

    /** A path that no reader is known to read in one way: it is outside, whatever it is. */
    static Touched unreadable(String code) {
        return new Touched(
                Resource.Path.TYPE,
                "unreadable:" + code,
                Optional.empty(),
                false,
                Optional.empty(),
                "",
                false,
                Optional.empty());
    }

    /** What a URI names: a path, where a reader may take it for one. */
    static Touched uri(String uri, GivenRoots roots) {
        if (!FileUri.isOne(uri)) {
            return named("uri", uri);
        }
        try {
            LexicalPath path = FileUri.path(uri, roots.base());
            return path(new Resource.Path(path, Reach.ITSELF), path.text(), true, roots);
        } catch (FormatException e) {
            return unreadable(e.code());
        }
    }

    /** Something named by a URI or a name, which no root contains. */
    static Touched named(String kind, String name) {
        return new Touched(kind, name, Optional.empty(), false, Optional.empty(), "", false, Optional.empty());
    }

    /** The thing as it is named, and as links lead to it. */
    List<Resource> both() {
        List<Resource> both = new ArrayList<>(resource.stream().toList());
        if (resource.isPresent() && resource.get() instanceof Resource.Path path && resolved.isPresent()) {
            try {
                both.add(new Resource.Path(LexicalPath.parse(resolved.get()), path.reach()));
            } catch (FormatException e) {
                throw new IllegalStateException("a resolved path is in its one form", e);
            }
        }
        return both;
    }

    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("inside", inside)
                .put("kind", kind)
                .put("name", name)
                .put("resolved", resolved.map(Json.Str::new))
                .put("root", root.map(Json.Str::new))
                .build();
    }

    /** Whether following the links again leads elsewhere, or from inside to outside. */
    boolean moved(GivenRoots roots) {
        if (resource.isEmpty() || !(resource.get() instanceof Resource.Path path)) {
            return false;
        }
        Touched now = path(path, sent, sentWhole, roots);
        return !now.resolved.equals(resolved) || now.inside != inside;
    }
}
