package dev.jurat.testkit.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.SignedRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads every committed record vector, and checks that the cases still make exactly these bytes. */
final class RecordVectorsTest {
    private static final VectorFolder FOLDER = new VectorFolder("record");

    @TestFactory
    Stream<DynamicTest> everyVectorIsReadAsItSays() {
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
    void everyKindHasASoundVectorAndMoreRefuseThanAccept() {
        List<String> accepted = RecordCases.all().stream()
                .filter(c -> c.expect().equals("accept"))
                .map(RecordCases.RecordCase::name)
                .toList();
        long sound = Arrays.stream(Kind.values())
                .filter(kind -> accepted.contains("accept-" + kind.wire()))
                .count();
        assertEquals(Kind.values().length - 1, sound, "every kind but conflict, which the lifecycle vectors have");
        assertTrue(RecordCases.all().size() > 2 * sound);
    }

    private static void check(Json.Obj vector) throws FormatException {
        Fields in = Fields.of(vector, "vector");
        byte[] leaf = Base64Text.decode(in.string("leaf"));
        String found;
        try {
            SignedRecord record = SignedRecord.ofLeaf(leaf);
            assertArrayEquals(leaf, record.leaf());
            assertArrayEquals(record.payload(), record.statement().bytes());
            if (in.has("body")) {
                Body.read(Base64Text.decode(in.string("body"))).checkBelongsTo(record.statement());
            }
            found = "accept";
            assertEquals(in.string("id"), record.id().hex());
        } catch (FormatException e) {
            found = e.code();
        }
        assertEquals(in.string("expect"), found);
    }

    private static Map<String, Json.Obj> made() {
        Map<String, Json.Obj> vectors = new TreeMap<>();
        for (RecordCases.RecordCase one : RecordCases.all()) {
            JsonBuilder out = JsonBuilder.object()
                    .put("body", one.body().map(b -> Json.of(Base64Text.encode(b))))
                    .put("case", one.name().replace('-', ' '))
                    .put("expect", one.expect())
                    .put("leaf", Base64Text.encode(one.leaf()))
                    .put("spec", "record/v1");
            if (one.expect().equals("accept")) {
                out.put("id", id(one.leaf()));
            }
            Json.Obj before = vectors.put(one.name() + ".json", out.build());
            assertEquals(null, before, "two cases of one name: " + one.name());
        }
        return vectors;
    }

    private static String id(byte[] leaf) {
        try {
            return SignedRecord.ofLeaf(leaf).id().hex();
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
