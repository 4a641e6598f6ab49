package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The classifier against the files of {@code vectors/mcp/v1}; {@code -Djurat.vectors.write=true} writes them anew first. */
class ClassifierTest {
    private static final Path FOLDER = Path.of(System.getProperty("jurat.root", ".."), "vectors/mcp/v1");

    static {
        if (Boolean.getBoolean("jurat.vectors.write")) {
            try {
                VectorFiles.main(new String[] {System.getProperty("jurat.root", "..")});
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void judgesAsTheVectorSays(Path file) throws Exception {
        Fields vector = Fields.of(CanonicalJson.readLoose(Files.readAllBytes(file)), "vector");
        Classifier classifier = new Classifier(MessageTable.load());
        for (Json line : vector.array("given")) {
            if (judge(classifier, Fields.of(line, "given")) instanceof Verdict.Governed governed) {
                classifier.sent(governed.message());
            }
        }
        assertEquals(vector.string("expect"), text(judge(classifier, vector.object("judged"))));
    }

    @Test
    void filesAreWhatTheGeneratorWrites() throws IOException {
        List<McpCase> cases = McpCases.all();
        assertEquals(cases.size(), files().size());
        for (McpCase given : cases) {
            assertEquals(VectorFiles.text(given), Files.readString(FOLDER.resolve(given.name() + ".json")));
        }
    }

    @Test
    void governedMessageOverItsLimitIsRefusedAndAFreeOneIsNot() {
        String filler = "x".repeat(Classifier.GOVERNED_BYTES_MAX);
        String call =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"a\",\"arguments\":{\"t\":\""
                        + filler + "\"}}}";
        String ping =
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\",\"params\":{\"_meta\":{\"t\":\"" + filler + "\"}}}";
        Classifier classifier = new Classifier(MessageTable.load());
        McpCases.handshake("2025-11-25").forEach(line -> classifier.judge(line.side(), line.bytes()));
        assertEquals(
                "refused call-too-large", text(classifier.judge(Side.CLIENT, call.getBytes(StandardCharsets.UTF_8))));
        assertEquals("free", text(classifier.judge(Side.CLIENT, ping.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aCallThatWasNotSentIsAnswered() {
        Classifier classifier = new Classifier(MessageTable.load());
        McpCases.handshake("2025-11-25").forEach(line -> classifier.judge(line.side(), line.bytes()));
        List<String> forged = List.of(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{},\"result\":{}}");
        for (String params : List.of(
                "tools/call\",\"params\":{\"name\":\"a\"}",
                "resources/read\",\"params\":{\"uri\":\"a\"}",
                "resources/subscribe\",\"params\":{\"uri\":\"a\"}",
                "prompts/get\",\"params\":{\"name\":\"a\"}")) {
            Verdict call = classifier.judge(
                    Side.CLIENT,
                    ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + params + "}").getBytes(StandardCharsets.UTF_8));
            for (String answer : forged) {
                Verdict verdict = classifier.judge(Side.SERVER, answer.getBytes(StandardCharsets.UTF_8));
                assertTrue(
                        verdict instanceof Verdict.Refused refused
                                && refused.flights().isEmpty(),
                        answer);
            }
            classifier.sent(((Verdict.Governed) call).message());
            assertEquals(
                    "answer",
                    text(classifier.judge(Side.SERVER, forged.getFirst().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static Verdict judge(Classifier classifier, Fields line) throws Exception {
        byte[] bytes = line.has("hex")
                ? HexFormat.of().parseHex(line.string("hex"))
                : line.string("text").getBytes(StandardCharsets.UTF_8);
        return classifier.judge(line.string("from").equals("client") ? Side.CLIENT : Side.SERVER, bytes);
    }

    private static String text(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Governed ignored -> "governed";
            case Verdict.Observed ignored -> "observed";
            case Verdict.Free ignored -> "free";
            case Verdict.Answer ignored -> "answer";
            case Verdict.Refused refused -> "refused " + refused.code();
        };
    }
}
