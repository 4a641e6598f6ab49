package dev.jurat.testkit.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Judges every committed lifecycle vector from its bytes alone, and checks that the cases still make exactly these bytes. */
final class LifecycleVectorsTest {
    private static final VectorFolder FOLDER = new VectorFolder("lifecycle");

    @TestFactory
    Stream<DynamicTest> everyVectorIsJudgedAsItSays() throws FormatException {
        Map<String, Json.Obj> vectors = VectorFolder.writing() ? written() : FOLDER.read();
        Map<String, List<SignedRecord>> bases = new TreeMap<>();
        for (LifecycleCase.Base base : LifecycleCase.Base.values()) {
            Json.Obj vector = vectors.remove(base.file());
            bases.put(base.file(), leaves(Fields.of(Objects.requireNonNull(vector), base.file()), "leaves"));
        }
        return vectors.entrySet().stream()
                .map(v -> DynamicTest.dynamicTest(v.getKey(), () -> judge(v.getValue(), bases)));
    }

    private static Map<String, Json.Obj> written() {
        Map<String, Json.Obj> made = made();
        FOLDER.write(made);
        return made;
    }

    @Test
    void theCasesMakeTheCommittedBytes() {
        Map<String, Json.Obj> made = made();
        assertEquals(made.keySet(), FOLDER.read().keySet());
        assertEquals(made, FOLDER.read());
    }

    @Test
    void moreVectorsRefuseThanAccept() {
        long sound = LifecycleCases.all().stream()
                .filter(c -> c.expect().stream().allMatch(e -> e.equals("admitted")))
                .count();
        assertTrue(LifecycleCases.all().size() > 2 * sound);
    }

    /** Whatever a lifecycle lets go of, it judges alike, and what it keeps in the end is the same. */
    private static void judge(Json.Obj vector, Map<String, List<SignedRecord>> bases) throws FormatException {
        Fields in = Fields.of(vector, "vector");
        String kept = judge(in, bases, Remembering.What.EVERYTHING);
        assertEquals(kept, judge(in, bases, Remembering.What.NOTHING));
        assertEquals(kept, judge(in, bases, Remembering.What.ONLY_WHAT_WAS_KEPT));
        if (in.strings("expect").stream().allMatch(word -> word.startsWith("admitted"))) {
            assertEquals(kept, read(in, bases), "read leaf by leaf");
        }
    }

    /** What a later reader comes to, to whom a group is so many leaves. */
    private static String read(Fields in, Map<String, List<SignedRecord>> bases) throws FormatException {
        Remembering reader = reader(in, bases, Remembering.What.EVERYTHING);
        for (SignedRecord leaf : leaves(in, "group")) {
            reader.read(leaf);
        }
        return reader.kept();
    }

    private static Remembering reader(Fields in, Map<String, List<SignedRecord>> bases, Remembering.What what)
            throws FormatException {
        Remembering remembering = new Remembering(what);
        List<SignedRecord> log = new ArrayList<>(Objects.requireNonNull(bases.get(in.string("base"))));
        log.addAll(leaves(in, "log"));
        remembering.begin(log.removeFirst());
        for (SignedRecord leaf : log) {
            remembering.read(leaf);
        }
        return remembering;
    }

    private static String judge(Fields in, Map<String, List<SignedRecord>> bases, Remembering.What what)
            throws FormatException {
        Remembering remembering = reader(in, bases, what);
        List<Candidate> group = leaves(in, "group").stream().map(Candidate::of).toList();
        List<String> words = remembering.judge(group).stream()
                .map(LifecycleVectorsTest::word)
                .toList();
        assertEquals(in.strings("expect"), words, () -> "remembering " + what);
        return remembering.kept();
    }

    private static List<SignedRecord> leaves(Fields in, String member) throws FormatException {
        List<SignedRecord> leaves = new ArrayList<>();
        for (String text : in.strings(member)) {
            leaves.add(SignedRecord.ofLeaf(Base64Text.decode(text)));
        }
        return leaves;
    }

    private static String word(Judgement judgement) {
        return switch (judgement) {
            case Judgement.Admitted admitted ->
                admitted.flags().isEmpty()
                        ? "admitted"
                        : "admitted:"
                                + admitted.flags().stream()
                                        .map(Flag::code)
                                        .sorted()
                                        .collect(Collectors.joining(","));
            case Judgement.Refused refused -> "refused:" + refused.rule().code();
            case Judgement.PushedBack pushed -> "pushed-back:" + pushed.rule().code();
            case Judgement.Present present -> present.refused() ? "present:refused" : "present";
            case Judgement.Conflicting ignored -> "conflict";
        };
    }

    private static Map<String, Json.Obj> made() {
        Map<String, Json.Obj> vectors = new TreeMap<>();
        for (LifecycleCase.Base base : LifecycleCase.Base.values()) {
            vectors.put(base.file(), base(base.world()));
        }
        for (LifecycleCase one : LifecycleCases.all()) {
            World world = one.world();
            int from = world.log().leaves().size();
            List<Matter> group = one.story().apply(world);
            List<SignedRecord> log = world.log().leaves();
            Json.Obj before = vectors.put(
                    one.name() + ".json",
                    JsonBuilder.object()
                            .put("base", one.base().file())
                            .put("case", one.name().replace('-', ' '))
                            .strings("expect", one.expect())
                            .strings(
                                    "group",
                                    texts(group.stream().map(Matter::record).toList()))
                            .strings("log", texts(log.subList(from, log.size())))
                            .put("spec", "lifecycle/v1")
                            .build());
            assertEquals(null, before, "two cases of one name: " + one.name());
        }
        return vectors;
    }

    private static Json.Obj base(World world) {
        return JsonBuilder.object()
                .strings("leaves", texts(world.log().leaves()))
                .put("spec", "lifecycle/v1")
                .build();
    }

    private static List<String> texts(List<SignedRecord> records) {
        return records.stream().map(r -> Base64Text.encode(r.leaf())).toList();
    }
}
