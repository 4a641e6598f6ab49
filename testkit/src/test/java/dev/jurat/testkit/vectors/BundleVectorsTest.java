package dev.jurat.testkit.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.ReportJson;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of {@code vectors/bundle/v1}: a bundle, and beside it what the verifier must say of it.
 *
 * <p>With {@code -Djurat.vectors.write=true} the cases are written instead of compared.
 */
class BundleVectorsTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("jurat.root", "..")).resolve("vectors/bundle/v1");

    static Stream<String> names() throws IOException {
        if (VectorFolder.writing()) {
            write();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static void write() throws IOException {
        Files.createDirectories(FOLDER);
        for (BundleCases.Case one : BundleCases.all()) {
            Files.write(FOLDER.resolve(one.name() + ".jurat"), one.bundle());
            Files.writeString(FOLDER.resolve(one.name() + ".json"), CanonicalJson.writeString(json(one)) + "\n");
        }
    }

    private static Json.Obj json(BundleCases.Case one) {
        return JsonBuilder.object()
                .strings("codes", one.codes())
                .put("permission", one.permission().map(Json.Str::new))
                .put("timing", one.timing().map(Json.Str::new))
                .put("trust", one.trust().map(BundleVectorsTest::json))
                .put("what", one.what())
                .build();
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
        List<String> codes = vector.strings("codes");
        Optional<TrustPolicy> trust = vector.has("trust")
                ? Optional.of(TrustPolicy.read(CanonicalJson.write(vector.value("trust"))))
                : Optional.empty();
        Optional<String> timing = vector.optionalString("timing");
        Optional<String> permission = vector.optionalString("permission");
        vector.string("what");
        vector.end();
        Report report = Verifier.verify(Files.readAllBytes(FOLDER.resolve(name + ".jurat")), trust);
        assertEquals(codes.isEmpty(), report.accepted(), report.toString());
        assertTrue(report.codes().size() >= codes.size(), report.toString());
        assertEquals(codes, report.codes().subList(0, codes.size()), report.toString());
        timing.ifPresent(wanted -> assertTrue(
                CanonicalJson.writeString(ReportJson.of(report)).contains("\"timing\":\"" + wanted + "\""), name));
        permission.ifPresent(wanted -> assertTrue(
                CanonicalJson.writeString(ReportJson.of(report)).contains("\"permission\":" + verdict(wanted)), name));
    }

    private static String verdict(String words) {
        String[] parts = words.split(":");
        JsonBuilder verdict = JsonBuilder.object().put("verdict", parts[0]);
        if (parts[0].equals("asserted")) {
            verdict.strings("missing", List.of(parts[1].split(",")));
        } else if (parts.length > 1) {
            verdict.put("code", parts[1]);
        }
        return CanonicalJson.writeString(verdict.build());
    }

    @Test
    void theCommittedOnesAreThoseThatTheCasesMake() throws IOException {
        List<BundleCases.Case> cases = BundleCases.all();
        assertEquals(
                new TreeSet<>(cases.stream().map(BundleCases.Case::name).toList()),
                names().collect(Collectors.toCollection(TreeSet::new)));
        for (BundleCases.Case one : cases) {
            assertArrayEquals(one.bundle(), Files.readAllBytes(FOLDER.resolve(one.name() + ".jurat")), one.name());
        }
        long refusals = cases.stream().filter(c -> !c.codes().isEmpty()).count();
        assertTrue(refusals > 2 * (cases.size() - refusals), refusals + " refusals of " + cases.size());
    }
}
