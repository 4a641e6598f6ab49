package dev.jurat.testkit.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads every committed vector of evidence, and checks that the cases still make exactly these bytes. */
final class TpmVectorsTest {
    private static final VectorFolder FOLDER = new VectorFolder("tpm");

    @TestFactory
    Stream<DynamicTest> everyVectorIsJudgedAsItSays() {
        if (VectorFolder.writing()) {
            FOLDER.write(made());
        }
        return FOLDER.read().entrySet().stream()
                .map(v -> DynamicTest.dynamicTest(v.getKey(), () -> check(v.getValue())));
    }

    @Test
    void theCasesMakeTheCommittedBytes() {
        assertEquals(made(), FOLDER.read());
    }

    @Test
    void aCodeOfTheSpecificationHasNoCaseAndMoreAcceptThanRefuse() throws Exception {
        TreeSet<String> wanted = new TreeSet<>();
        Pattern.compile("`(tpm-[a-z-]+)`").matcher(section()).results().forEach(found -> wanted.add(found.group(1)));
        TreeSet<String> had = new TreeSet<>();
        TpmCases.all().forEach(c -> had.add(c.code()));
        assertTrue(had.containsAll(wanted), wanted + " wanted, had " + had);
        assertTrue(wanted.size() > 10, wanted.toString());
        long sound = TpmCases.all().stream().filter(c -> c.code().isEmpty()).count();
        assertTrue(TpmCases.all().size() > 2 * sound && sound > 0);
    }

    /** The table of codes. */
    private static String section() throws IOException {
        String page =
                Files.readString(Path.of(System.getProperty("jurat.root", "..")).resolve("docs/spec/tpm.md"));
        return page.substring(page.indexOf("## 3."), page.indexOf("## 4."));
    }

    private static void check(Json.Obj vector) throws FormatException {
        Fields in = Fields.of(vector, "vector");
        assertEquals("tpm/v1", in.string("spec"));
        in.string("case");
        String expect = in.string("expect");
        byte[] evidence = Base64Text.decode(in.string("evidence"));
        VerifyKey asked = VerifyKey.parse(Suite.P256_2026, in.string("key"));
        String believed = in.string("attestationKeyName");
        byte[] challenge = HexFormat.of().parseHex(in.string("challenge"));
        String found = "accept";
        Optional<TpmCheck.ResidentKey> resident = Optional.empty();
        try {
            TpmEvidence read = TpmEvidence.parse(evidence);
            assertArrayEquals(evidence, read.bytes());
            resident = Optional.of(TpmCheck.check(read, believed, asked, challenge));
        } catch (FormatException e) {
            found = e.code();
        }
        assertEquals(expect, found);
        if (resident.isPresent()) {
            assertEquals(in.string("name"), resident.get().name());
            assertEquals(in.integer("resets"), resident.get().resets());
            assertEquals(in.integer("restarts"), resident.get().restarts());
            assertEquals(
                    in.string("firmware"), String.format("%016x", resident.get().firmware()));
        }
        in.end();
    }

    private static Map<String, Json.Obj> made() {
        Map<String, Json.Obj> vectors = new TreeMap<>();
        for (TpmCases.Case one : TpmCases.all()) {
            JsonBuilder out = JsonBuilder.object()
                    .put("attestationKeyName", one.believed())
                    .put("case", one.name().replace('-', ' '))
                    .put("challenge", HexFormat.of().formatHex(one.challenge()))
                    .put("evidence", Base64Text.encode(one.evidence()))
                    .put("expect", one.code().isEmpty() ? "accept" : one.code())
                    .put("key", Base64Text.encode(TpmForgery.compressed(one.asked())))
                    .put("spec", "tpm/v1");
            if (one.code().isEmpty()) {
                out.put("firmware", "2019102300163636")
                        .put("name", name(one))
                        .put("resets", 4)
                        .put("restarts", 5);
            }
            Json.Obj before = vectors.put(one.name() + ".json", out.build());
            assertEquals(null, before, "two cases of one name: " + one.name());
        }
        return vectors;
    }

    private static String name(TpmCases.Case one) {
        try {
            return TpmEvidence.parse(one.evidence()).name();
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
