package dev.jurat.governance.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A text that would overflow the native parser's stack, and with it end the process, is refused before; what is taken decides on any thread. */
class PolicySizeTest {
    private static final String HEAD = "@id(\"a\") permit (principal, action, resource) when { ";

    private static final String IF = "if resource.name == \"\" then false else ";
    private static final PolicyInput INPUT = new PolicyInput(
            new PolicyInput.Principal("home/aaaaaaaaaaaaaaaaaaaaaaaaaa", "home", "administrator"),
            new PolicyInput.Session("same-user", true),
            new PolicyInput.Action("tools/call", "write_file", Effect.WRITE, true, true),
            List.of("/srv"),
            Optional.of("/srv"),
            List.of(new PolicyInput.Resource("path", "/srv/a", Optional.of("/srv/a"), true, Optional.of("/srv"))),
            JsonBuilder.object().build(),
            0,
            0,
            false,
            1);

    record Text(String name, String code, String text) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Text when(String name, String code, String condition) {
        return new Text(name, code, HEAD + condition + " };");
    }

    private static String around(int count, String open, String inner, String close) {
        return open.repeat(count) + inner + close.repeat(count);
    }

    static List<Text> tooMuch() {
        return List.of(
                when("72 brackets", "policy-depth", around(72, "(", "true", ")")),
                when("1000 brackets", "policy-depth", around(1_000, "(", "true", ")")),
                when("1000 open brackets", "policy-depth", "(".repeat(1_000)),
                when("1000 sets", "policy-depth", around(1_000, "[", "1", "]") + " == []"),
                when("1000 records", "policy-depth", around(1_000, "{a: ", "1", "}") + " == {}"),
                when("20000 and", "policy-size", "true" + " && true".repeat(20_000)),
                when("600 or", "policy-size", "true" + " || true".repeat(600)),
                when("600 plus", "policy-size", "1" + " + 1".repeat(600) + " > 0"),
                when("600 if", "policy-size", "if true then true else ".repeat(600) + "true"),
                when("10000 not", "policy-size", "!".repeat(10_000) + "true"),
                when("10000 minus", "policy-size", "-".repeat(10_000) + "1 < 1"),
                when("10000 dots", "policy-size", "context" + ".a".repeat(10_000)),
                when("10000 indices", "policy-size", "context" + "[\"a\"]".repeat(10_000)),
                new Text("600 when", "policy-size", HEAD + "true }" + " when { true }".repeat(600) + ";"),
                when("behind an unclosed string", "policy-depth", "\"" + "(".repeat(1_000)),
                when("behind a comment", "policy-depth", "// \"\r" + "(".repeat(1_000)),
                when("behind a quoted backslash", "policy-depth", "\"\\\\\" == " + around(72, "(", "true", ")")),
                new Text("in the second rule", "policy-depth", HEAD + "true };" + HEAD + "(".repeat(1_000)));
    }

    @ParameterizedTest
    @MethodSource("tooMuch")
    void endsTheProcess(Text text) {
        assertEquals(
                text.code(),
                assertThrows(FormatException.class, () -> load(text.text())).code());
    }

    static List<Text> enough() {
        return List.of(
                when("a string", "", "resource.name != \"" + "(".repeat(1_000) + "\\\"" + "[".repeat(1_000) + "\""),
                when("a comment", "", "// \"" + "(".repeat(1_000) + "\n true"),
                when("a comment that ends at a return", "", "// \"\r true"),
                when("23 brackets", "", around(23, "(", "true", ")")),
                when("23 sets", "", around(23, "[", "1", "]") + " == " + around(23, "[", "1", "]")),
                when("23 records", "", around(23, "{a: ", "1", "}") + " == " + around(23, "{a: ", "1", "}")),
                when("many and", "", "true" + " && true".repeat(500)),
                when("many or", "", "!resource.inside" + " || resource.inside".repeat(250)),
                when("many plus", "", "context.unknowns" + " + context.unknowns".repeat(250) + " < 1"),
                when("many if", "", IF.repeat(32) + "true"),
                when(
                        "all",
                        "",
                        around(
                                22,
                                "(1 == 1 && resource.inside && ",
                                "(" + IF.repeat(32) + "resource.inside" + " && true".repeat(300) + ")",
                                ")")),
                when("many names", "", "!([" + "\"a\", ".repeat(5_000) + "\"b\"].contains(resource.name))"),
                new Text("many when", "", HEAD + "true }" + " when { resource.inside }".repeat(150) + ";"));
    }

    @ParameterizedTest
    @MethodSource("enough")
    void dependsOnTheThread(Text text) throws Exception {
        decides(text.text(), Thread.ofVirtual());
        decides(text.text(), Thread.ofPlatform());
    }

    private static void decides(String text, Thread.Builder thread) throws Exception {
        FutureTask<Policy> loading = new FutureTask<>(() -> load(text));
        thread.start(loading).join();
        FutureTask<PolicyOutcome> deciding =
                new FutureTask<>(() -> loading.get().decide(INPUT));
        thread.start(deciding).join();
        assertInstanceOf(PolicyOutcome.Allow.class, deciding.get(), () -> "" + deciding.resultNow());
    }

    private static Policy load(String text) throws FormatException {
        return new CedarEngine()
                .load(new PolicyArtefact("long@v1", "cedar", new DeclaredArguments(Map.of()), text, Floors.NONE));
    }
}
