package dev.jurat.proof.contract;

import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Texts of arguments that are one value to every reader, and texts that are not. */
final class ForeignCases {
    private final ContractCases cases;

    private ForeignCases(ContractCases cases) {
        this.cases = cases;
    }

    static void into(ContractCases cases) {
        ForeignCases foreign = new ForeignCases(cases);
        foreign.spans();
        foreign.refusals();
    }

    private void spans() {
        cut("plain", "the bytes of a member", "{\"a\":1,\"arguments\":{\"x\":1}}", "{\"x\":1}");
        cut(
                "spaces",
                "white space inside is kept, around it is not",
                "{\"arguments\" :\t{ \"x\" : 1 }\n}",
                "{ \"x\" : 1 }");
        cut("escapes", "escapes are kept as they are", "{\"arguments\":\"\\u0061\\\"\\\\\"}", "\"\\u0061\\\"\\\\\"");
        cut("escaped-name", "a name is found by its characters", "{\"\\u0061rguments\":[1, 2]}", "[1, 2]");
        cut("number", "a number is kept as it is spelt", "{\"arguments\":-1.50E+2 }", "-1.50E+2");
        cut("literal", "a literal", "{\"arguments\":false,\"b\":null}", "false");
        cut(
                "wide",
                "positions count bytes",
                "{\"\u00e9\ud83d\ude00\":\"\u20ac\",\"arguments\":\"\u00e9\"}",
                "\"\u00e9\"");
        cut(
                "deep-64",
                "64 levels",
                "{\"arguments\":" + "[".repeat(63) + "]".repeat(63) + "}",
                "[".repeat(63) + "]".repeat(63));
        cut("same-name-below", "a name may stand in two objects", "{\"a\":{\"a\":1},\"arguments\":0}", "0");
    }

    private void refusals() {
        no("duplicate", "a name twice", "{\"arguments\":1,\"arguments\":2}", "json-duplicate-key");
        no("duplicate-escaped", "a name twice, once escaped", "{\"path\":1,\"\\u0070ath\":2}", "json-duplicate-key");
        no(
                "duplicate-below",
                "a name twice further down",
                "{\"arguments\":[{\"a\":1,\"b\":2,\"a\":1}]}",
                "json-duplicate-key");
        no("duplicate-empty", "the empty name twice", "{\"\":1,\"\":1}", "json-duplicate-key");
        no("surrogate-high", "a lone high surrogate", "{\"a\":\"\\ud800\"}", "json-surrogate");
        no("surrogate-low", "a lone low surrogate", "{\"a\":\"\\udc00x\"}", "json-surrogate");
        no("surrogate-name", "a lone surrogate in a name", "{\"\\ud800\":1}", "json-surrogate");
        no("surrogate-name-low", "a lone low surrogate in a name", "{\"a\\udc00\":1}", "json-surrogate");
        no("surrogate-turned", "surrogates the wrong way round", "{\"a\":\"\\udc00\\ud800\"}", "json-surrogate");
        no("deep-65", "65 levels", "{\"arguments\":" + "[".repeat(64) + "]".repeat(64) + "}", "json-depth");
        no("number-long", "a number of 257 characters", "{\"a\":" + "1".repeat(257) + "}", "json-number");
        no("empty", "nothing", "", "json-syntax");
        no("two-values", "a second value after the first", "{} {}", "json-syntax");
        no("trailing-comma", "a comma too many", "{\"a\":1,}", "json-syntax");
        no("comment", "a comment", "{/* */\"a\":1}", "json-syntax");
        no("single-quotes", "single quotes", "{'a':1}", "json-syntax");
        no("bare-name", "a name without quotes", "{a:1}", "json-syntax");
        no("leading-zero", "a leading zero", "{\"a\":01}", "json-syntax");
        no("plus", "a plus sign before a number", "{\"a\":+1}", "json-syntax");
        no("point-last", "a point with no digit after it", "{\"a\":1.}", "json-syntax");
        no("nan", "not a number", "{\"a\":NaN}", "json-syntax");
        no("newline-in-string", "a raw line end in a string", "{\"a\":\"\n\"}", "json-syntax");
        no("bad-escape", "an escape that JSON does not have", "{\"a\":\"\\x41\"}", "json-syntax");
        no("cut-short", "an object that does not end", "{\"a\":1", "json-syntax");
        no("form-feed", "white space that JSON does not have", "{\f\"a\":1}", "json-syntax");
        no("not-object", "an array", "[]", "json-not-object");
        bytes("overlong", "a slash in two bytes", "7b2261223a22c0af227d", "json-utf8");
        bytes("surrogate-bytes", "a surrogate as three bytes", "7b2261223a22eda080227d", "json-utf8");
        bytes("cut-sequence", "a sequence that is cut short", "7b2261223a22c3227d", "json-utf8");
        bytes("beyond-unicode", "a character beyond Unicode", "7b2261223a22f4908080227d", "json-utf8");
        bytes("mark", "a byte order mark", "efbbbf7b7d", "json-syntax");
        bytes("utf-16", "UTF-16", "7b007d00", "json-syntax");
        bytes("zero-after", "a zero byte after the value", "7b7d00", "json-syntax");
    }

    private void cut(String file, String says, String text, String arguments) {
        JsonBuilder expect =
                JsonBuilder.object().put("arguments", ContractCases.hex(arguments.getBytes(StandardCharsets.UTF_8)));
        cases.add(file, "foreign", says, given(text), expect);
    }

    private void no(String file, String says, String text, String code) {
        cases.add(file, "foreign", says, given(text), ContractCases.refused(code));
    }

    private void bytes(String file, String says, String hex, String code) {
        HexFormat.of().parseHex(hex);
        cases.add(file, "foreign", says, JsonBuilder.object().put("hex", hex), ContractCases.refused(code));
    }

    private static JsonBuilder given(String text) {
        return JsonBuilder.object().put("hex", ContractCases.hex(text.getBytes(StandardCharsets.UTF_8)));
    }
}
