package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs one vector through the code, and answers what its {@code expect} should be. */
final class VectorChecks {
    private final Fields given;

    private VectorChecks(Fields given) {
        this.given = given;
    }

    static Json.Obj run(Json.Obj vector) throws FormatException {
        Fields fields = Fields.of(vector, "vector");
        VectorChecks checks = new VectorChecks(fields.object("given"));
        try {
            return checks.check(fields.string("check")).build();
        } catch (FormatException e) {
            return ContractCases.refused(e.code()).build();
        }
    }

    private JsonBuilder check(String check) throws FormatException {
        return switch (check) {
            case "path" -> path();
            case "foreign" -> foreign();
            case "limits" ->
                same("limits", Limits.read(given.rawObject("limits")).toJson());
            case "arguments" -> arguments();
            case "grant" -> same("grant", Grant.read(given.object("grant")).toJson());
            case "proposal" ->
                same("proposal", Proposal.read(given.rawObject("proposal")).toJson());
            case "call" -> call();
            case "commitment" -> digest(commitment());
            case "touched" ->
                JsonBuilder.object()
                        .put(
                                "digest",
                                Assumption.resources(new Json.Arr(given.array("resources")))
                                        .value());
            case "launch" ->
                digest(Launch.read(given.object("launch"), given.strings("command"))
                        .digest());
            case "assumptions" -> assumptions();
            case "terms" -> digest(Terms.of(salt(), Proposal.read(given.rawObject("proposal"))));
            case "redaction" -> redaction();
            case "profile" -> profile();
            case "roots" -> roots();
            case "resources" -> resources();
            case "class" -> classed();
            default -> throw new IllegalArgumentException(check);
        };
    }

    private JsonBuilder path() throws FormatException {
        String text = given.string("text");
        LexicalPath path = given.has("base")
                ? LexicalPath.parse(text, LexicalPath.parse(given.string("base")))
                : LexicalPath.parse(text);
        return JsonBuilder.object().put("path", path.text());
    }

    private JsonBuilder foreign() throws FormatException {
        byte[] text = HexFormat.of().parseHex(given.string("hex"));
        ForeignJson found = ForeignJson.parseObject(text).members().get("arguments");
        String cut = found == null ? "" : ContractCases.hex(found.span().cut(text));
        return JsonBuilder.object().put("arguments", cut);
    }

    private JsonBuilder arguments() throws FormatException {
        Limits limits = Limits.read(given.rawObject("limits"));
        return verdict(given.has("text") ? limits.check(ForeignJson.parse(text())) : limits.checkAbsent());
    }

    private JsonBuilder call() throws FormatException {
        List<Resource> resources = new ArrayList<>();
        for (Json item : given.array("resources")) {
            Fields fields = Fields.of(item, "resource");
            resources.add(new Resource.Path(
                    LexicalPath.parse(fields.string("resource")), Reach.read(fields.string("reach"))));
        }
        Proposal proposal = Proposal.read(given.rawObject("proposal"));
        return verdict(proposal.check(
                given.string("method"), given.string("name"), Optional.of(ForeignJson.parse(text())), resources));
    }

    private JsonBuilder assumptions() throws FormatException {
        Fields facts = given.object("facts");
        Proposal proposal = Proposal.read(given.rawObject("proposal"));
        return verdict(proposal.checkAssumptions(name -> {
            try {
                return facts.optionalString(name);
            } catch (FormatException e) {
                return Optional.empty();
            }
        }));
    }

    private Hash commitment() throws FormatException {
        String profile = given.string("profile");
        Optional<byte[]> arguments = given.optionalString("arguments").map(HexFormat.of()::parseHex);
        Call call = new Call(
                profile.isEmpty() ? Optional.empty() : Optional.of(Hash.fromHex(profile)),
                given.string("method"),
                given.string("target"),
                arguments,
                given.optionalString("others").map(HexFormat.of()::parseHex));
        return call.commitment(salt());
    }

    private JsonBuilder redaction() throws FormatException {
        Optional<Json.Obj> redacted = Redaction.of(text(), ForeignJson.parse(text()), given.strings("secret"), salt());
        return JsonBuilder.object().put("redacted", redacted);
    }

    private JsonBuilder profile() throws FormatException {
        ToolProfile profile = ToolProfile.read(text());
        return java.util.Arrays.equals(profile.bytes(), text()) ? ContractCases.accepted() : JsonBuilder.object();
    }

    private JsonBuilder roots() throws FormatException {
        Roots roots = declared().roots(given.strings("command"), LexicalPath.parse(given.string("workingDirectory")));
        return JsonBuilder.object()
                .strings("roots", roots.paths().stream().map(LexicalPath::text).toList())
                .put("base", roots.base().map(base -> Json.of(base.text())));
    }

    private JsonBuilder resources() throws FormatException {
        String base = given.string("base");
        Roots roots = base.isEmpty() ? Roots.NONE : Roots.of(List.of(LexicalPath.parse(base)));
        ProfiledTool tool = declared().tool(given.string("tool")).orElseThrow();
        List<Resource> found = tool.resources(Optional.of(ForeignJson.parse(text())), roots);
        return JsonBuilder.object()
                .put(
                        "resources",
                        new Json.Arr(found.stream().<Json>map(Resource::toJson).toList()));
    }

    private JsonBuilder classed() throws FormatException {
        String definition = given.string("definition");
        Tool tool = declared()
                .classify(
                        given.string("called"),
                        definition.isEmpty() ? Optional.empty() : Optional.of(Hash.fromHex(definition)),
                        given.strings("accepted").stream().map(Hash::fromHex).collect(Collectors.toSet()));
        return JsonBuilder.object()
                .put("name", tool.name())
                .put("effect", tool.effect().text());
    }

    private ToolProfile declared() throws FormatException {
        return ToolProfile.read(given.string("profile").getBytes(StandardCharsets.UTF_8));
    }

    private byte[] text() throws FormatException {
        return given.string("text").getBytes(StandardCharsets.UTF_8);
    }

    private Salt salt() throws FormatException {
        return Salt.fromHex(given.string("salt"));
    }

    /** Reading, then writing, gives what was read. */
    private JsonBuilder same(String member, Json.Obj written) throws FormatException {
        return given.value(member).equals(written) ? ContractCases.accepted() : JsonBuilder.object();
    }

    private static JsonBuilder digest(Hash digest) {
        return JsonBuilder.object().put("digest", digest.hex());
    }

    private static JsonBuilder verdict(Containment containment) {
        return switch (containment) {
            case Containment.Within ignored -> ContractCases.within();
            case Containment.Beyond beyond -> ContractCases.beyond(beyond.code(), beyond.path());
        };
    }
}
