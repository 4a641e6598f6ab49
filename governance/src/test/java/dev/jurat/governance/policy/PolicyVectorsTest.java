package dev.jurat.governance.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code vectors/policy/v1}, on every engine that it has a text for. */
class PolicyVectorsTest {
    private static final Path VECTORS =
            Path.of(Objects.requireNonNull(System.getProperty("jurat.root"))).resolve("vectors/policy/v1");
    private static final List<PolicyEngine> ENGINES = List.of(new CedarEngine());

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(VECTORS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @Test
    void thereAreMoreRefusalsThanAcceptances() throws Exception {
        long refusals = 0;
        List<String> names = cases().toList();
        for (String name : names) {
            Json.Obj vector = read(name);
            boolean allows = vector.members().get("outcome") instanceof Json.Obj outcome
                    && outcome.members().containsValue(new Json.Str("allow"));
            refusals += allows ? 0 : 1;
        }
        assertTrue(2 * refusals > names.size() && names.size() > 60, refusals + " of " + names.size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agrees(String name) throws Exception {
        Json.Obj vector = read(name);
        for (PolicyEngine engine : ENGINES) {
            Fields fields = Fields.of(vector, name);
            if (fields.has("refused")) {
                FormatException refusal =
                        assertThrows(FormatException.class, () -> engine.load(artefact(vector, engine)));
                assertEquals(fields.string("refused"), refusal.code(), refusal.getMessage());
            } else {
                Policy policy = engine.load(artefact(vector, engine));
                PolicyInput input = PolicyInput.read(fields.rawObject("input"));
                assertEquals(fields.rawObject("input"), input.toJson());
                assertEquals(
                        text(fields.value("outcome")), text(policy.decide(input).toJson()));
            }
        }
    }

    private static PolicyArtefact artefact(Json.Obj vector, PolicyEngine engine) throws FormatException {
        Json policy = Fields.of(vector, "vector").value("policy");
        if (policy instanceof Json.Str shipped) {
            return ShippedPolicies.all().stream()
                    .filter(one -> one.name().equals(shipped.value()))
                    .findFirst()
                    .orElseThrow();
        }
        Fields fields = Fields.of(policy, "policy");
        return PolicyArtefact.read(CanonicalJson.write(JsonBuilder.object()
                .put("type", PolicyArtefact.TYPE)
                .put("name", fields.value("name"))
                .put("engine", engine.language())
                .put(
                        "schema",
                        JsonBuilder.object()
                                .put("arguments", fields.value("arguments"))
                                .build())
                .put("policies", fields.object("text").value(engine.language()))
                .put("floors", fields.value("floors"))
                .build()));
    }

    private static Json.Obj read(String name) throws IOException, FormatException {
        return CanonicalJson.readLoose(Files.readAllBytes(VECTORS.resolve(name)));
    }

    private static String text(Json json) {
        return CanonicalJson.writeString(json);
    }
}
