package dev.jurat.governance;

import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Roots;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an enforcement point says about the call that it wants to let through.
 *
 * @param profile the tool profile that it reads the call by
 * @param definition the digest of the tool's definition as the server lists it
 * @param launch how it started the server, as a salted digest
 * @param observe whether it only observes
 * @param roots the folders that the server was given, in their one lexical form
 * @param base the one folder that relative paths start from, where that is certain
 * @param resources what the call touches, with what links resolve to
 */
public record PointFacts(
        Optional<Hash> profile,
        Optional<Hash> definition,
        Optional<Hash> launch,
        boolean observe,
        List<LexicalPath> roots,
        Optional<LexicalPath> base,
        List<PolicyInput.Resource> resources) {
    /** Nothing known: no profile, no roots, no resources. */
    public static final PointFacts NONE = new PointFacts(
            Optional.empty(), Optional.empty(), Optional.empty(), false, List.of(), Optional.empty(), List.of());

    private static final int ROOTS_MAX = 32;

    public PointFacts {
        roots = List.copyOf(roots);
        resources = List.copyOf(resources);
    }

    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("profile", profile.map(hash -> Json.of(hash.hex())))
                .put("definition", definition.map(hash -> Json.of(hash.hex())))
                .put("launch", launch.map(hash -> Json.of(hash.hex())))
                .put("observe", observe)
                .strings("roots", roots.stream().map(LexicalPath::text).toList())
                .put("base", base.map(path -> Json.of(path.text())))
                .put("resources", resourcesJson())
                .build();
    }

    private Json.Arr resourcesJson() {
        return new Json.Arr(
                resources.stream().<Json>map(PolicyInput::resourceJson).toList());
    }

    /** Reads the closed object; codes of members, and {@code digest-syntax}. */
    public static PointFacts read(Json.Obj json) throws FormatException {
        Fields fields = Fields.of(json, "context");
        PointFacts facts = new PointFacts(
                digest(fields, "profile"),
                digest(fields, "definition"),
                digest(fields, "launch"),
                fields.bool("observe"),
                paths(fields.strings("roots")),
                fields.has("base") ? Optional.of(path(fields.string("base"))) : Optional.empty(),
                PolicyInput.readResources(fields.array("resources")));
        fields.end();
        if (facts.roots.size() > ROOTS_MAX) {
            throw new FormatException("member-range", "more than " + ROOTS_MAX + " roots");
        }
        return facts;
    }

    /** What a point said, read back from the context record that it went into. */
    static PointFacts of(AuthorityFacts.Context facts, PolicyInput input) throws FormatException {
        return new PointFacts(
                facts.profile(),
                facts.definition(),
                facts.launch(),
                input.observe(),
                paths(input.roots()),
                input.base().isPresent() ? Optional.of(path(input.base().get())) : Optional.empty(),
                input.resources());
    }

    /**
     * What a contract decided on now rests on, sorted by fact: it holds for a server that was started so, and lists the tool so; an exact one
     * while links lead where they do. An approved one may be used in a later session.
     */
    List<Assumption> assumptions(Shape shape) {
        List<Assumption> out = new ArrayList<>();
        definition.ifPresent(digest -> out.add(new Assumption(Assumption.DEFINITION, digest.hex())));
        launch.ifPresent(digest -> out.add(new Assumption(Assumption.LAUNCH, digest.hex())));
        if (shape instanceof Shape.Exact) {
            out.add(Assumption.resources(resourcesJson()));
        }
        return out;
    }

    /** Whether a proposal rests on what the point says now: no more, and, as it is said now, no less. */
    public boolean bears(Proposal proposal) {
        return proposal.assumptions().equals(assumptions(proposal.offer().shape()));
    }

    /** The folders as profiles take them. */
    Roots folders() {
        return new Roots(roots, base);
    }

    private static List<LexicalPath> paths(List<String> texts) throws FormatException {
        List<LexicalPath> out = new ArrayList<>();
        for (String text : texts) {
            out.add(path(text));
        }
        return out;
    }

    private static LexicalPath path(String text) throws FormatException {
        LexicalPath path = LexicalPath.parse(text);
        if (!path.text().equals(text)) {
            throw new FormatException("path-form", "a root is not in its one form");
        }
        return path;
    }

    private static Optional<Hash> digest(Fields fields, String name) throws FormatException {
        Optional<String> text = fields.optionalString(name);
        if (text.isPresent() && !Hash.isHex(text.get())) {
            throw new FormatException("digest-syntax", "context." + name + " is not a digest");
        }
        return text.map(Hash::fromHex);
    }
}
