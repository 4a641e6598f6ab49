package dev.jurat.testkit.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.state.Standing;
import dev.jurat.proof.state.StateChunk;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateReport;
import dev.jurat.proof.state.StateReportJson;
import dev.jurat.proof.state.StateTree;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.WorldState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every state proof of {@code vectors/state/v1}, and beside it what a reader must say of it.
 *
 * <p>With {@code -Djurat.vectors.write=true} the cases are written instead of compared.
 */
class StateVectorsTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("jurat.root", "..")).resolve("vectors/state/v1");

    static Stream<String> names() throws IOException {
        if (VectorFolder.writing()) {
            write();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(StateProof.EXTENSION))
                    .map(name -> name.substring(0, name.length() - StateProof.EXTENSION.length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static void write() throws IOException {
        Files.createDirectories(FOLDER);
        for (StateCases.Case one : StateCases.all()) {
            Files.write(FOLDER.resolve(one.name() + StateProof.EXTENSION), one.proof());
            Files.writeString(FOLDER.resolve(one.name() + ".json"), CanonicalJson.writeString(json(one)) + "\n");
        }
    }

    private static Json.Obj json(StateCases.Case one) {
        JsonBuilder out = JsonBuilder.object()
                .strings("codes", one.codes())
                .put("trust", one.trust().map(StateVectorsTest::json))
                .put("what", one.what());
        if (one.codes().isEmpty()) {
            out.put("finding", finding(one)).strings("reasons", one.reasons());
        }
        return out.build();
    }

    private static Json finding(StateCases.Case one) {
        return found(StateProof.check(one.proof(), one.trust()));
    }

    private static Json found(StateReport report) {
        Json finding = StateReportJson.of(report).members().get("finding");
        if (finding == null) {
            throw new IllegalStateException("nothing is found: " + report);
        }
        return finding;
    }

    private static Json json(TrustPolicy trust) {
        try {
            return CanonicalJson.read(trust.bytes());
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void agrees(String name) throws Exception {
        byte[] text = Files.readString(FOLDER.resolve(name + ".json")).strip().getBytes(StandardCharsets.UTF_8);
        Fields vector = Fields.of(CanonicalJson.readObject(text), name);
        Optional<TrustPolicy> trust = vector.has("trust")
                ? Optional.of(TrustPolicy.read(CanonicalJson.write(vector.value("trust"))))
                : Optional.empty();
        StateReport report = StateProof.check(Files.readAllBytes(FOLDER.resolve(name + StateProof.EXTENSION)), trust);
        List<String> codes = vector.strings("codes");
        vector.string("what");
        assertEquals(codes, report.codes(), report.toString());
        assertEquals(codes.isEmpty(), report.accepted());
        if (codes.isEmpty()) {
            assertEquals(vector.value("finding"), found(report));
            List<String> reasons = vector.strings("reasons");
            assertEquals(reasons, ((StateReport.Accepted) report).finding().reasons());
            assertEquals(
                    reasons.isEmpty(), ((StateReport.Accepted) report).finding().inForce());
        }
        vector.end();
    }

    // ---- the state of small logs

    private static byte[] log(StateCases.Log one) {
        StateTree tree = WorldState.tree(one.leaves());
        List<String> chunks = LongStream.range(0, StateChunk.count(tree.size()))
                .mapToObj(number -> Base64Text.encode(tree.bytes(number)))
                .toList();
        Json.Obj vector = JsonBuilder.object()
                .strings("chunks", chunks)
                .strings(
                        "leaves",
                        one.leaves().stream()
                                .map(leaf -> Base64Text.encode(leaf.leaf()))
                                .toList())
                .put("root", tree.root().hex())
                .put("what", one.what())
                .build();
        return (CanonicalJson.writeString(vector) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aSmallLogHasComeToSomethingElse() throws Exception {
        List<StateCases.Log> logs = StateCases.logs();
        for (StateCases.Log one : logs) {
            Path file = FOLDER.resolve("log-" + one.name() + ".json");
            if (VectorFolder.writing()) {
                Files.write(file, log(one));
            }
            assertArrayEquals(log(one), Files.readAllBytes(file), one.name());
            Fields vector = Fields.of(
                    CanonicalJson.readObject(Files.readString(file).strip().getBytes(StandardCharsets.UTF_8)),
                    one.name());
            List<String> chunks = vector.strings("chunks");
            List<SignedRecord> leaves = one.leaves();
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                int number = (int) StateChunk.numberOf(leaf);
                StateChunk chunk = StateChunk.decode(
                        Base64Text.decode(chunks.get(number)), StateChunk.leaves(number, leaves.size()));
                byte[] standing = chunk.standing(StateChunk.slotOf(leaf));
                assertArrayEquals(
                        standing,
                        Standing.decode(leaves.get(leaf).statement().facts(), standing)
                                .encode());
            }
        }
    }

    @Test
    void theCommittedOnesAreThoseThatTheCasesMake() throws IOException {
        List<StateCases.Case> cases = StateCases.all();
        assertEquals(
                new TreeSet<>(cases.stream().map(StateCases.Case::name).toList()),
                names().collect(Collectors.toCollection(TreeSet::new)));
        for (StateCases.Case one : cases) {
            assertArrayEquals(
                    one.proof(), Files.readAllBytes(FOLDER.resolve(one.name() + StateProof.EXTENSION)), one.name());
        }
        long refusals = cases.stream().filter(c -> !c.codes().isEmpty()).count();
        assertTrue(2 * refusals > cases.size(), refusals + " refusals of " + cases.size());
        assertFalse(cases.isEmpty());
    }
}
