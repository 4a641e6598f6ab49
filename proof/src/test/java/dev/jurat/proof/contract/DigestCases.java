package dev.jurat.proof.contract;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The digests, written out here once more, byte by byte. */
final class DigestCases {
    private static final String SALT = "000102030405060708090a0b0c0d0e0f";

    private final ContractCases cases;

    private DigestCases(ContractCases cases) {
        this.cases = cases;
    }

    static void into(ContractCases cases) {
        DigestCases digests = new DigestCases(cases);
        digests.calls();
        digests.terms();
        digests.launches();
        digests.resources();
        digests.secrets();
    }

    private void calls() {
        String path = "{\"path\":\"/srv/data/a.txt\"}";
        call("plain", "a call", SALT, GrantCases.HEX, "tools/call", "read_text_file", path);
        call(
                "salt",
                "the same call under another salt",
                SALT.replace('0', '1'),
                GrantCases.HEX,
                "tools/call",
                "read_text_file",
                path);
        call("no-profile", "no profile known", SALT, "", "tools/call", "read_text_file", path);
        call("absent", "no arguments", SALT, GrantCases.HEX, "tools/call", "list_allowed_directories", null);
        call(
                "empty-object",
                "an empty object is not the same as none",
                SALT,
                GrantCases.HEX,
                "tools/call",
                "list_allowed_directories",
                "{}");
        call(
                "spaces",
                "a space more makes another call",
                SALT,
                GrantCases.HEX,
                "tools/call",
                "read_text_file",
                "{\"path\": \"/srv/data/a.txt\"}");
        call(
                "shifted",
                "a byte moved from one field to the next makes another call",
                SALT,
                "",
                "tools/cal",
                "lread_text_file",
                path);
        String state = "{\"requestState\":\"s\"}";
        call("others", "what goes out beside the arguments", SALT, "", "tools/call", "a", path, state);
        call(
                "others-value",
                "a byte more in it makes another call",
                SALT,
                "",
                "tools/call",
                "a",
                path,
                "{\"requestState\":\"s\" }");
        call("others-empty", "an empty object is not the same as none", SALT, "", "tools/call", "a", path, "{}");
        call("others-none", "none", SALT, "", "tools/call", "a", path, null);
        call("others-alone", "and no arguments", SALT, "", "tools/call", "a", null, state);
        call("others-as-arguments", "as arguments they make another call", SALT, "", "tools/call", "a", state, null);
        call("resource", "a resource by its URI", SALT, "", "resources/read", "file:///srv/data/\u00e9", null);
    }

    private void call(
            String file,
            String says,
            String salt,
            String profile,
            String method,
            String target,
            @Nullable String arguments) {
        call(file, says, salt, profile, method, target, arguments, null);
    }

    private void call(
            String file,
            String says,
            String salt,
            String profile,
            String method,
            String target,
            @Nullable String arguments,
            @Nullable String others) {
        JsonBuilder given = JsonBuilder.object()
                .put("salt", salt)
                .put("profile", profile)
                .put("method", method)
                .put("target", target);
        if (arguments != null) {
            given.put("arguments", ContractCases.hex(utf8(arguments)));
        }
        if (others != null) {
            given.put("others", ContractCases.hex(utf8(others)));
        }
        String digest = sha256("jurat/call/v1\0", salt, out -> {
            field(out, java.util.HexFormat.of().parseHex(profile));
            field(out, utf8(method));
            field(out, utf8(target));
            if (arguments == null) {
                out.writeInt(-1);
            } else {
                field(out, utf8(arguments));
            }
            if (others != null) {
                field(out, utf8(others));
            }
        });
        cases.add(file, "commitment", says, given, JsonBuilder.object().put("digest", digest));
    }

    private void resources() {
        Json.Obj plain = JsonBuilder.object()
                .put("inside", true)
                .put("kind", "path")
                .put("name", "/srv/a.txt")
                .put("resolved", "/srv/a.txt")
                .put("root", "/srv")
                .build();
        Json.Obj led = plain.without("inside").without("root");
        resources("plain", "a file that is what it is named", List.of(plain), List.of(led));
        Json.Obj elsewhere = led.with("resolved", Json.of("/etc/passwd"));
        resources(
                "elsewhere",
                "the same name, which leads out of the folder",
                List.of(elsewhere.with("inside", Json.of(false))),
                List.of(elsewhere));
        resources(
                "unresolved",
                "a name of which nobody can say where it leads",
                List.of(plain.without("resolved")),
                List.of(led.without("resolved")));
        resources("none", "a call that touches nothing that is named", List.of(), List.of());
        Json.Obj other = led.with("name", Json.of("/srv/b.txt")).with("resolved", Json.of("/srv/b.txt"));
        resources("two", "two files, in the order of the arguments", List.of(plain, other), List.of(led, other));
        resources("two-turned", "the same two in the other order", List.of(other, plain), List.of(other, led));
    }

    private void resources(String file, String says, List<Json> given, List<Json> led) {
        String digest = sha256("jurat/resources/v1\0", "", out -> out.write(CanonicalJson.write(new Json.Arr(led))));
        cases.add(
                file,
                "touched",
                says,
                JsonBuilder.object().put("resources", new Json.Arr(given)),
                JsonBuilder.object().put("digest", digest));
    }

    private void launches() {
        Json.Obj launch = JsonBuilder.object()
                .put("folder", "/srv")
                .put("program", "/usr/bin/my-db-server")
                .put("salt", SALT)
                .put("variables", Json.Obj.of(Map.of("DB_PASSWORD", Json.of("db"), "TOKEN", Json.of(""))))
                .build();
        List<String> command = List.of("my-db-server", "--db", "test.sqlite");
        launch("plain", "how a server was started", command, launch);
        launch("salt", "the same under another salt", command, launch.with("salt", Json.of(SALT.replace('0', '1'))));
        launch("argument", "over other data", List.of("my-db-server", "--db", "production.sqlite"), launch);
        launch("words", "the same letters in fewer words", List.of("my-db-server", "--db test.sqlite"), launch);
        launch("folder", "in another folder", command, launch.with("folder", Json.of("/srv/production")));
        launch(
                "program",
                "by another program of that name",
                command,
                launch.with("program", Json.of("/opt/my-db-server")));
        launch(
                "credential",
                "a variable from another credential",
                command,
                launch.with(
                        "variables", Json.Obj.of(Map.of("DB_PASSWORD", Json.of("production"), "TOKEN", Json.of("")))));
        launch("no-variables", "without variables", command, launch.with("variables", Json.Obj.of(Map.of())));
        noLaunch("salt-form", "a salt that is none", launch.with("salt", Json.of("00")), "salt-syntax");
        noLaunch("no-folder", "no folder", launch.without("folder"), "member-missing");
        noLaunch("value", "a value in place of a credential", launch.with("environment", launch), "member-unknown");
        noLaunch(
                "variable-number",
                "a variable that is no name",
                launch.with("variables", Json.Obj.of(Map.of("PORT", Json.of(1)))),
                "member-type");
    }

    private void launch(String file, String says, List<String> command, Json.Obj launch) {
        Json.Obj said = launch.without("salt")
                .with(
                        "command",
                        new Json.Arr(command.stream().<Json>map(Json::of).toList()));
        String salt =
                ((Json.Str) java.util.Objects.requireNonNull(launch.members().get("salt"))).value();
        String digest = sha256("jurat/launch/v1\0", salt, out -> out.write(CanonicalJson.write(said)));
        JsonBuilder given = JsonBuilder.object().strings("command", command).put("launch", launch);
        cases.add(file, "launch", says, given, JsonBuilder.object().put("digest", digest));
    }

    private void noLaunch(String file, String says, Json.Obj launch, String code) {
        JsonBuilder given =
                JsonBuilder.object().strings("command", List.of("my-db-server")).put("launch", launch);
        cases.add(file, "launch", says, given, ContractCases.refused(code));
    }

    private void terms() {
        terms("plain", "the terms of a proposal", SALT, GrantCases.PROPOSAL);
        terms("salt", "the same proposal under another salt", SALT.replace('0', '1'), GrantCases.PROPOSAL);
        Json.Obj wider = GrantCases.PROPOSAL.with("grant", GrantCases.OFFER.with("uses", Json.of(101)));
        terms("uses", "one use more makes other terms", SALT, wider);
    }

    private void terms(String file, String says, String salt, Json.Obj proposal) {
        String digest = sha256("jurat/terms/v1\0", salt, out -> out.write(CanonicalJson.write(proposal)));
        JsonBuilder given = JsonBuilder.object().put("salt", salt).put("proposal", proposal);
        cases.add(file, "terms", says, given, JsonBuilder.object().put("digest", digest));
    }

    private void secrets() {
        String text = "{ \"token\" : \"s3cret\", \"path\":\"/a\" }";
        Json.Obj token = JsonBuilder.object()
                .put("digest", sha256("jurat/secret/v1\0", SALT, out -> {
                    field(out, utf8("token"));
                    field(out, utf8("\"s3cret\""));
                }))
                .build();
        Json.Obj path = JsonBuilder.object().put("exact", "\"/a\"").build();
        Json.Obj members =
                JsonBuilder.object().put("token", token).put("path", path).build();
        redacted(
                "secret",
                "a secret argument",
                text,
                "token",
                JsonBuilder.object().put("redacted", members));
        redacted("none", "nothing secret, so nothing to redact", text, "password", JsonBuilder.object());
        redacted("case", "a name in other letters is another name", text, "Token", JsonBuilder.object());
    }

    private void redacted(String file, String says, String text, String secret, JsonBuilder expect) {
        JsonBuilder given =
                JsonBuilder.object().put("salt", SALT).put("text", text).strings("secret", List.of(secret));
        cases.add(file, "redaction", says, given, expect);
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static String sha256(String domain, String salt, Writing writing) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(utf8(domain));
            out.write(java.util.HexFormat.of().parseHex(salt));
            writing.to(out);
            return ContractCases.hex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void field(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
