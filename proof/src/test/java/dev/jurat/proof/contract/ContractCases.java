package dev.jurat.proof.contract;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** All vectors of {@code vectors/contract/v1}, by file name. What is expected is written by hand, not computed by the code under test. */
final class ContractCases {
    private final Map<String, Json.Obj> files = new TreeMap<>();

    static Map<String, Json.Obj> all() {
        ContractCases cases = new ContractCases();
        PathCases.into(cases);
        ForeignCases.into(cases);
        LimitCases.into(cases);
        GrantCases.into(cases);
        ProfileCases.into(cases);
        DigestCases.into(cases);
        return cases.files;
    }

    void add(String file, String check, String says, JsonBuilder given, JsonBuilder expect) {
        Json.Obj vector = JsonBuilder.object()
                .put("check", check)
                .put("says", says)
                .put("given", given.build())
                .put("expect", expect.build())
                .build();
        if (files.put(check + "-" + file + ".json", vector) != null) {
            throw new IllegalArgumentException("two vectors of one name: " + check + "-" + file);
        }
    }

    void path(String file, String says, String text, String base, JsonBuilder expect) {
        JsonBuilder given = JsonBuilder.object().put("text", text);
        add(file, "path", says, base.isEmpty() ? given : given.put("base", base), expect);
    }

    static JsonBuilder refused(String code) {
        return JsonBuilder.object().put("refused", code);
    }

    static JsonBuilder beyond(String code, String at) {
        return JsonBuilder.object().put("beyond", code).put("at", at);
    }

    static JsonBuilder within() {
        return JsonBuilder.object().put("within", true);
    }

    static JsonBuilder accepted() {
        return JsonBuilder.object().put("accepted", true);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Reads a JSON text with single quotes for double ones. */
    static Json.Obj json(String text) {
        try {
            return CanonicalJson.readLoose(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        } catch (dev.jurat.proof.FormatException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
