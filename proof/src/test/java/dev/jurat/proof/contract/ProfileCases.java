package dev.jurat.proof.contract;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** Tool profiles, the folders that they find in a command, and the resources that they find in arguments. */
final class ProfileCases {
    private static final Json.Obj READ = ContractCases.json(
            "{'arguments':{'properties':{'path':{'type':'string'},'tail':{'type':'integer'},"
                    + "'token':{'type':'string'}},'required':['path'],'type':'object'},'definitions':['"
                    + GrantCases.HEX
                    + "'],'effect':'read','idempotent':true,"
                    + "'resources':[{'argument':'path','each':false,'reach':'itself','type':'path'}],'result':'digest','secret':['token']}");
    private static final Json.Obj MANY = ContractCases.json(
            "{'arguments':{'properties':{'paths':{'items':{'type':'string'},'type':'array'}},"
                    + "'required':['paths'],'type':'object'},'definitions':['" + GrantCases.HEX
                    + "'],'effect':'read','idempotent':true,"
                    + "'resources':[{'argument':'paths','each':true,'reach':'below','type':'path'}],'result':'kept','secret':[]}");
    private static final Json.Obj PROFILE = ContractCases.json(
                    "{'name':'files@1.0','roots':{'endings':['/files.js'],'from':'after-launch',"
                            + "'words':['files']},'server':{'name':'files','source':'npm:files@1.0','version':'1.0'},"
                            + "'type':'https://jurat.dev/profile/v1'}")
            .with(
                    "tools",
                    JsonBuilder.object().put("many", MANY).put("read", READ).build());

    private final ContractCases cases;

    private ProfileCases(ContractCases cases) {
        this.cases = cases;
    }

    static void into(ContractCases cases) {
        ProfileCases profiles = new ProfileCases(cases);
        profiles.reading();
        profiles.roots();
        profiles.resources();
        profiles.classes();
    }

    private void reading() {
        profile("whole", "a whole profile", PROFILE, ContractCases.accepted());
        Json.Obj none = PROFILE.with("roots", ContractCases.json("{'from':'none'}"));
        profile("no-roots", "a server that works on no folder", none, ContractCases.accepted());
        byte[] spaced = (" " + CanonicalJson.writeString(PROFILE)).getBytes(StandardCharsets.UTF_8);
        bytes(
                "canonical",
                "a space before, so that the digest would not be the one",
                spaced,
                ContractCases.refused("json-not-canonical"));
        no("type", "another version", p -> p.with("type", Json.of("https://jurat.dev/profile/v2")), "profile-type");
        no("name", "a name without a version", p -> p.with("name", Json.of("files")), "profile-name");
        no(
                "roots",
                "folders from an unknown source",
                p -> p.with("roots", ContractCases.json("{'from':'env'}")),
                "profile-roots");
        no(
                "roots-ending",
                "an ending that begins within a name",
                p -> p.with("roots", ContractCases.json("{'endings':['files.js'],'from':'after-launch','words':[]}")),
                "profile-roots");
        no(
                "tool-name",
                "a tool under a name that a statement does not carry",
                p -> p.with("tools", JsonBuilder.object().put("read file", READ).build()),
                "profile-tool");
        noTool("effect", "an effect that says nothing", "effect", Json.of("unknown"), "profile-tool");
        noTool("definitions", "no definition", "definitions", new Json.Arr(List.of()), "profile-tool");
        noTool("definition", "a definition that is no digest", "definitions", texts("x"), "profile-definition");
        noTool("secret-unlisted", "a secret that is not an argument", "secret", texts("password"), "profile-secret");
        noTool("secret-resource", "a secret that names the resource", "secret", texts("path"), "profile-secret");
        noTool("result", "another retention", "result", Json.of("all"), "profile-result");
        noTool(
                "resource-unlisted",
                "a resource from an argument that is not listed",
                "resources",
                resource("file", false),
                "profile-resource");
        noTool(
                "resource-optional",
                "a resource from an argument that may be left out",
                "resources",
                resource("token", false),
                "profile-resource");
        noTool(
                "resource-integer",
                "a resource from an integer",
                "resources",
                resource("tail", false),
                "profile-resource");
        noTool("resource-each", "each of what is no array", "resources", resource("path", true), "profile-resource");
        noTool(
                "resource-type",
                "a resource of an unknown type",
                "resources",
                new Json.Arr(
                        List.of(ContractCases.json("{'argument':'path','each':false,'reach':'itself','type':'url'}"))),
                "profile-resource");
        noTool(
                "resource-reach",
                "a resource of unknown reach",
                "resources",
                new Json.Arr(
                        List.of(ContractCases.json("{'argument':'path','each':false,'reach':'above','type':'path'}"))),
                "contract-reach");
        Json.Obj beside = READ.with(
                "resources",
                new Json.Arr(List.of(
                        ContractCases.json("{'argument':'path','each':false,'reach':'beside','type':'path'}"))));
        profile(
                "beside",
                "a tool that reaches beside what it names",
                PROFILE.with("tools", JsonBuilder.object().put("read", beside).build()),
                ContractCases.accepted());
        noTool(
                "arguments",
                "arguments that cannot be read",
                "arguments",
                ContractCases.json("{'type':'any'}"),
                "limit-not-object");
        noTool("member", "a member too many", "hint", Json.of(true), "member-unknown");
    }

    private void roots() {
        roots(
                "word",
                "folders after the word",
                List.of("npx", "-y", "files", "/srv/data"),
                JsonBuilder.object().strings("roots", List.of("/srv/data")).put("base", "/srv/data"));
        roots(
                "ending",
                "folders after the file",
                List.of("node", "/opt/files.js", "/srv/data/"),
                JsonBuilder.object().strings("roots", List.of("/srv/data")).put("base", "/srv/data"));
        roots(
                "relative",
                "a folder from the working directory",
                List.of("files", "data"),
                JsonBuilder.object().strings("roots", List.of("/home/ann/data")).put("base", "/home/ann/data"));
        roots(
                "two",
                "of two folders none is the base",
                List.of("files", "/a", "/b"),
                JsonBuilder.object().strings("roots", List.of("/a", "/b")));
        roots(
                "launch",
                "a command that starts something else",
                List.of("node", "/opt/otherfiles.js", "/srv"),
                ContractCases.refused("roots-launch"));
        roots("none", "no folder", List.of("npx", "files"), ContractCases.refused("roots-none"));
        roots(
                "home",
                "a folder that the server would look up",
                List.of("files", "~/data"),
                ContractCases.refused("path-home"));
        roots("quoted", "a folder in quotes", List.of("files", "'/srv'"), ContractCases.refused("path-edge"));
    }

    private void resources() {
        resources(
                "one",
                "one path",
                "read",
                "{\"path\":\"/srv/./a\"}",
                "/srv",
                JsonBuilder.object().put("resources", list(itself("/srv/a"))));
        resources(
                "relative",
                "a relative path",
                "read",
                "{\"path\":\"a\"}",
                "/srv",
                JsonBuilder.object().put("resources", list(itself("/srv/a"))));
        resources(
                "each",
                "each of several",
                "many",
                "{\"paths\":[\"/srv/a\",\"b\"]}",
                "/srv",
                JsonBuilder.object().put("resources", list(below("/srv/a"), below("/srv/b"))));
        resources(
                "each-none",
                "none of none",
                "many",
                "{\"paths\":[]}",
                "/srv",
                JsonBuilder.object().put("resources", list()));
        resources(
                "no-base",
                "a relative path where no folder is the base",
                "read",
                "{\"path\":\"a\"}",
                "",
                ContractCases.refused("path-relative"));
        resources(
                "path",
                "a path that is refused",
                "read",
                "{\"path\":\"/srv/%2e%2e/etc\"}",
                "/srv",
                ContractCases.refused("path-percent"));
        resources(
                "each-path",
                "one path of several that is refused",
                "many",
                "{\"paths\":[\"/srv/a\",\"~\"]}",
                "/srv",
                ContractCases.refused("path-home"));
        resources("missing", "no path", "read", "{}", "/srv", ContractCases.refused("arguments-unmapped"));
        resources(
                "type",
                "a path that is no text",
                "read",
                "{\"path\":[\"/srv/a\"]}",
                "/srv",
                ContractCases.refused("arguments-unmapped"));
        resources(
                "each-type",
                "one of several that is no text",
                "many",
                "{\"paths\":[\"/srv/a\",1]}",
                "/srv",
                ContractCases.refused("arguments-unmapped"));
        resources(
                "unlisted",
                "an argument that nobody has read the meaning of",
                "read",
                "{\"path\":\"/srv/a\",\"follow\":true}",
                "/srv",
                ContractCases.refused("arguments-unmapped"));
    }

    private void classes() {
        String other = GrantCases.HEX.replace('0', '1');
        classed("known", "a listed tool with its definition", "read", GrantCases.HEX, List.of(), "read", "read");
        classed("accepted", "another definition that was accepted", "read", other, List.of(other), "read", "read");
        classed("changed", "another definition", "read", other, List.of(), "read", "unknown");
        classed("unlisted-definition", "a tool that the server's list lacks", "read", "", List.of(), "read", "unknown");
        classed("new", "a tool that the profile lacks", "write", other, List.of(), "write", "unknown");
        classed(
                "nowhere",
                "a name that nobody lists",
                "my secret",
                "",
                List.of(),
                "sha256:b9d1d013f600ec1bf16bae6a3634cad15dcc490c9f2835764201a41a1d70de44",
                "unknown");
    }

    private void classed(
            String file,
            String says,
            String called,
            String definition,
            List<String> accepted,
            String name,
            String effect) {
        JsonBuilder given =
                given().put("called", called).put("definition", definition).strings("accepted", accepted);
        cases.add(
                file,
                "class",
                says,
                given,
                JsonBuilder.object().put("name", name).put("effect", effect));
    }

    private void resources(String file, String says, String tool, String text, String base, JsonBuilder expect) {
        cases.add(
                file,
                "resources",
                says,
                given().put("tool", tool).put("text", text).put("base", base),
                expect);
    }

    private void roots(String file, String says, List<String> command, JsonBuilder expect) {
        JsonBuilder given = given().strings("command", command).put("workingDirectory", "/home/ann");
        cases.add(file, "roots", says, given, expect);
    }

    private void noTool(String file, String says, String member, Json value, String code) {
        Json.Obj tools =
                JsonBuilder.object().put("read", READ.with(member, value)).build();
        no("tool-" + file, says, p -> p.with("tools", tools), code);
    }

    private void no(String file, String says, UnaryOperator<Json.Obj> change, String code) {
        profile(file, says, change.apply(PROFILE), ContractCases.refused(code));
    }

    private void profile(String file, String says, Json.Obj profile, JsonBuilder expect) {
        bytes(file, says, CanonicalJson.write(profile), expect);
    }

    private void bytes(String file, String says, byte[] artefact, JsonBuilder expect) {
        cases.add(
                file,
                "profile",
                says,
                JsonBuilder.object().put("text", new String(artefact, StandardCharsets.UTF_8)),
                expect);
    }

    private static JsonBuilder given() {
        return JsonBuilder.object().put("profile", CanonicalJson.writeString(PROFILE));
    }

    private static Json.Obj itself(String path) {
        return new Resource.Path(GrantCases.path(path), Reach.ITSELF).toJson();
    }

    private static Json.Obj below(String path) {
        return new Resource.Path(GrantCases.path(path), Reach.BELOW).toJson();
    }

    private static Json.Arr list(Json... items) {
        return new Json.Arr(List.of(items));
    }

    private static Json.Arr texts(String text) {
        return list(Json.of(text));
    }

    private static Json.Arr resource(String argument, boolean each) {
        return list(JsonBuilder.object()
                .put("argument", argument)
                .put("each", each)
                .put("reach", "itself")
                .put("type", "path")
                .build());
    }
}
