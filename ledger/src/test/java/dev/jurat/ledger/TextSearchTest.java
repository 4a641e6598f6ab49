package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSearchTest {
    private static final String ARGUMENTS = "{\"note\":\"Quarterly ZEBRA count\",\"deep\":[{\"n\":4711}]}";

    @TempDir
    Path folder;

    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private static Matter[] authority(Execution call) {
        return new Matter[] {
            call.intent().sign(),
            call.context().sign(),
            call.decision().sign(),
            call.contract().sign(),
            call.identity().sign()
        };
    }

    private static int found(Ledger ledger, String text) throws LedgerException {
        Query query = new Query.Builder().words(Words.of(text)).build();
        return ledger.search(query).actions().size();
    }

    private static LeafIndex place(Ledger ledger, Execution call, Kind kind) throws LedgerException {
        return ledger.record(call.id(kind)).orElseThrow().index();
    }

    @Test
    void anErasedBodyIsFoundByItsWords() throws Exception {
        FaultStorage storage = rig.seed();
        Execution call = world.execution().arguments(ARGUMENTS);
        try (Ledger ledger = rig.open(storage, folder.resolve("index"))) {
            committed(ledger.append(group(authority(call))));
            committed(ledger.append(group(call.use().sign())));
            for (String text : List.of("zebra", "QUARTERLY", "count quarterly", "4711", "read text file")) {
                assertEquals(1, found(ledger, text), text);
            }
            assertEquals(0, found(ledger, "zebra other"));
            assertEquals(0, found(ledger, "zebr"), "whole words");
            assertEquals(0, found(ledger, "note"), "names of arguments are no words of theirs");

            LedgerRig.erase(ledger, place(ledger, call, Kind.INTENT).value());
            assertEquals(1, found(ledger, "zebra"), "the use has it still");
            LedgerRig.erase(ledger, place(ledger, call, Kind.USE).value());
            assertEquals(0, found(ledger, "zebra"));
        }
        try (Ledger ledger = rig.open(storage, folder.resolve("index"))) {
            assertEquals(0, found(ledger, "zebra"));
            ledger.reindex();
            assertEquals(0, found(ledger, "zebra"), "made anew, of what is left");
            assertEquals(1, ledger.search(Query.ALL).actions().size());
        }
    }

    @Test
    void theWordsOfBodiesAreInTheFilesOfTheIndex() throws Exception {
        Execution call = world.execution().arguments(ARGUMENTS);
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage, folder.resolve("index"))) {
            committed(ledger.append(group(authority(call))));
            assertEquals(1, found(ledger, "zebra"));
            assertTrue(filesHave("read_text_file"), "what is looked for would be seen");
            assertFalse(filesHave("zebra"));
            assertFalse(filesHave("4711"));
        }
        assertFalse(filesHave("zebra"));
        byte[] key = storage.content(WordKeys.PATH);
        assertFalse(
                filesHave(new String(key, 0, WordKey.BYTES, StandardCharsets.ISO_8859_1)), "the key stands elsewhere");
        try (Ledger ledger = rig.open(storage, folder.resolve("index"))) {
            String token = new WordKey(java.util.Arrays.copyOf(key, WordKey.BYTES))
                    .tokens(Set.of("zebra"))
                    .getFirst();
            assertTrue(filesHave(token));
            LedgerRig.erase(ledger, place(ledger, call, Kind.INTENT).value());
            assertFalse(filesHave(token), "nor what was kept of a word");
        }
    }

    private boolean filesHave(String text) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1)
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains(text.toLowerCase(java.util.Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void aLostKeyLeavesAnIndexThatFindsNothing() throws Exception {
        FaultStorage storage = rig.seed();
        try (Ledger ledger = rig.open(storage, folder.resolve("index"))) {
            committed(ledger.append(group(authority(world.execution().arguments(ARGUMENTS)))));
        }
        try (Ledger ledger = rig.open(storage, folder.resolve("index"))) {
            assertEquals(
                    ledger.head().size().value(), ledger.status().indexed(), "the key is kept, and so is the index");
        }
        for (boolean there : List.of(true, false)) {
            if (there) {
                storage.flip(WordKeys.PATH, 3);
            } else {
                storage.delete(WordKeys.PATH);
            }
            try (Ledger ledger = rig.open(storage, folder.resolve("index"))) {
                assertEquals(0, ledger.status().indexed(), "what was kept under another key is gone");
                ledger.reindex();
                assertEquals(1, found(ledger, "zebra"));
            }
        }
    }

    @Test
    void aSecretArgumentIsFound() throws Exception {
        Json exact = JsonBuilder.object().put("exact", "\"walrus\"").build();
        Json hidden = JsonBuilder.object().put("digest", "ab".repeat(32)).build();
        Json.Obj redacted =
                JsonBuilder.object().put("token", hidden).put("who", exact).build();
        Matter matter = world.execution()
                .intent()
                .body(b -> b.without("arguments").with("redacted", redacted))
                .sign();
        StoredRecord stored = new StoredRecord(
                new LeafIndex(9), matter.record(), matter.body().map(Body::bytes), false, Set.of());
        assertEquals(Set.of("read", "text", "file", "walrus"), BodyWords.of(stored));
        StoredRecord erased = new StoredRecord(new LeafIndex(9), matter.record(), Optional.empty(), false, Set.of());
        assertEquals(Set.of(), BodyWords.of(erased));
    }

    @Test
    void whatARangedUseTouchesIsNotFound() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution call = world.execution().ranged(3, 60_000);
            committed(ledger.append(group(authority(call))));
            for (String path : List.of("/srv/one.txt", "/srv/two.txt")) {
                Json resources = new Json.Arr(List.of(Json.of(path)));
                committed(ledger.append(group(
                        call.use().body(b -> b.with("resources", resources)).sign())));
                committed(ledger.append(
                        group(call.outcome(ExecutionFacts.Result.SUCCESS).sign())));
            }
            for (String path : List.of("/srv/one.txt", "/srv/two.txt")) {
                Query query = new Query.Builder().resource(Optional.of(path)).build();
                assertEquals(1, ledger.search(query).actions().size(), path);
            }
            assertEquals(1, found(ledger, "two txt"));
        }
    }

    @Test
    void aPersonsReasonIsNotFound() throws Exception {
        Execution call = world.execution().anySession();
        call.ask(1);
        world.tick(500);
        call.approval(world.approver()).admit();
        try (Ledger ledger = rig.open(rig.seed())) {
            ledger.reindex();
            assertEquals(1, found(ledger, "looked"));
        }
    }
}
