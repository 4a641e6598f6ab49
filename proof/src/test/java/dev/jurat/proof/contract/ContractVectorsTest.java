package dev.jurat.proof.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every file of {@code vectors/contract/v1}, run; {@code -Djurat.vectors.write=true} writes them anew. */
class ContractVectorsTest {
    private static final Path FOLDER = Path.of(System.getProperty("jurat.root", ".."), "vectors", "contract", "v1");

    @BeforeAll
    static void write() throws IOException {
        if (!Boolean.getBoolean("jurat.vectors.write")) {
            return;
        }
        Files.createDirectories(FOLDER);
        for (Path old : files()) {
            Files.delete(old);
        }
        for (Map.Entry<String, String> file : source().entrySet()) {
            Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
        }
    }

    @Test
    void filesDifferFromTheirSource() throws IOException {
        Map<String, String> wanted = source();
        Map<String, String> found = new TreeMap<>();
        for (Path file : files()) {
            found.put(file.getFileName().toString(), Files.readString(file));
        }
        assertEquals(wanted.keySet(), found.keySet());
        wanted.forEach((name, text) -> assertEquals(text, found.get(name), name));
    }

    @Test
    void acceptancesOutnumberRefusals() {
        long refusals = ContractCases.all().values().stream()
                .map(vector -> (Json.Obj) vector.members().get("expect"))
                .filter(expect -> expect.members().containsKey("refused")
                        || expect.members().containsKey("beyond"))
                .count();
        assertTrue(
                2 * refusals > ContractCases.all().size(),
                refusals + " of " + ContractCases.all().size());
    }

    @TestFactory
    Stream<DynamicTest> verdictDiffersFromVector() throws IOException {
        return files().stream()
                .map(file -> dynamicTest(file.getFileName().toString(), () -> {
                    Json.Obj vector = CanonicalJson.readLoose(Files.readAllBytes(file));
                    assertEquals(vector.members().get("expect"), VectorChecks.run(vector));
                }));
    }

    private static Map<String, String> source() {
        Map<String, String> source = new TreeMap<>();
        ContractCases.all().forEach((name, vector) -> source.put(name, VectorText.of(vector)));
        return source;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }
}
