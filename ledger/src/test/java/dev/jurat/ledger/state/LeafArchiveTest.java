package dev.jurat.ledger.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Archive;
import dev.jurat.proof.lifecycle.Changes;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeafArchiveTest {
    private static final World WORLD = World.claimed();
    private static final Stream STREAM = new Stream(
            World.principal("agent", SignerType.AGENT),
            Stream.sessionId(World.key("nobody").verifyKey()));
    private static final List<SignedRecord> LEAVES = leaves();

    private static List<SignedRecord> leaves() {
        for (int i = 0; i < 3; i++) {
            WORLD.execution().run();
        }
        return List.copyOf(WORLD.log().leaves());
    }

    private static SignedRecord tells(LedgerFacts facts) {
        return WORLD.draft(WORLD.ledger(), facts).sign().record();
    }

    private static StateStore store(List<SignedRecord> records) throws IOException {
        StateStore store = StateStore.inMemory();
        NewNames names = store.newNames(0);
        TreeMap<Long, byte[]> standings = new TreeMap<>();
        for (SignedRecord record : records) {
            standings.put(names.end(), new byte[] {(byte) names.end()});
            names.add(names.end(), record);
        }
        store.save(records.size(), Hash.ZERO, new Changes(standings, new TreeMap<>()), names);
        return store;
    }

    private static LeafArchive archive(StateStore store, List<SignedRecord> records) {
        return new LeafArchive(store, leaf -> records.get((int) leaf), records::size);
    }

    private static void assertKept(long leaf, Optional<Archive.Kept> found) {
        assertEquals(leaf, found.orElseThrow().leaf());
        assertEquals(LEAVES.get((int) leaf), found.get().record());
        assertArrayEquals(new byte[] {(byte) leaf}, found.get().standing());
    }

    @Test
    void aRecordIsNotFoundByItsNames() throws Exception {
        try (StateStore store = store(LEAVES)) {
            LeafArchive archive = archive(store, LEAVES);
            for (long leaf = 0; leaf < LEAVES.size(); leaf++) {
                SignedRecord record = LEAVES.get((int) leaf);
                assertKept(leaf, Optional.of(archive.at(leaf)));
                assertKept(leaf, archive.find(record.id()));
                assertKept(
                        leaf,
                        archive.find(record.header().stream(), record.header().sequence()));
                assertTrue(archive.telling(record.id()).isEmpty());
            }
            assertKept(0, archive.find(Stream.LEDGER, 0));
            assertTrue(archive.find(Stream.LEDGER, 1_000_000).isEmpty());
            assertTrue(archive.find(new RecordId(Hash.of(new byte[] {1}))).isEmpty());
        }
    }

    @Test
    void aKeyOrANonceIsForgotten() throws Exception {
        try (StateStore store = store(LEAVES)) {
            LeafArchive archive = archive(store, LEAVES);
            int uses = 0;
            int keys = 0;
            for (SignedRecord record : LEAVES) {
                switch (record.statement().facts()) {
                    case ExecutionFacts.Use use -> {
                        RecordId identity = record.header().references().one("identity");
                        assertTrue(archive.hasNonce(identity, use.nonce()));
                        assertFalse(archive.hasNonce(record.id(), use.nonce()));
                        assertFalse(archive.hasNonce(identity, "0".repeat(32)));
                        uses++;
                    }
                    case RegistryFacts.Session session -> {
                        assertTrue(archive.hasKey(session.key()));
                        assertTrue(archive.hasKey(session.identityKey()));
                        keys++;
                    }
                    case LedgerFacts.Genesis genesis -> {
                        assertTrue(archive.hasKey(genesis.checkpointKey()));
                        genesis.principals().forEach(p -> assertTrue(archive.hasKey(p.key())));
                    }
                    default -> {}
                }
            }
            assertTrue(uses > 1 && keys > 1);
            assertFalse(archive.hasKey(World.key("nobody").verifyKey().text()));
        }
    }

    @Test
    void whatALeafTellsOfIsNotFound() throws Exception {
        RecordId refused = new RecordId(Hash.of(new byte[] {1}));
        RecordId folded = new RecordId(Hash.of(new byte[] {2}));
        RecordId conflicting = new RecordId(Hash.of(new byte[] {3}));
        List<SignedRecord> leaves = new ArrayList<>(LEAVES);
        long from = leaves.size();
        leaves.add(tells(new LedgerFacts.Refused(List.of(new LedgerFacts.RefusedRecord(
                STREAM, 5, refused, "signature-invalid", Optional.empty(), Optional.empty())))));
        leaves.add(tells(new LedgerFacts.RefusedFold(STREAM, "signature-invalid", 6, 600, folded)));
        leaves.add(tells(new LedgerFacts.Conflict(STREAM, 3, conflicting, refused)));
        try (StateStore store = store(leaves)) {
            LeafArchive archive = archive(store, leaves);
            assertEquals(from, archive.find(STREAM, 5).orElseThrow().leaf());
            for (long number : new long[] {6, 7, 599, 600}) {
                assertEquals(
                        from + 1, archive.find(STREAM, number).orElseThrow().leaf());
            }
            assertTrue(archive.find(STREAM, 601).isEmpty());
            assertTrue(archive.find(STREAM, 3).isEmpty(), "a conflict is not the record of its number");
            for (RecordId id : List.of(refused, folded, conflicting)) {
                assertTrue(archive.find(id).isEmpty(), "a leaf that tells of a record is not the record");
            }
            assertEquals(OptionalLong.of(from), archive.telling(refused));
            assertEquals(OptionalLong.of(from + 1), archive.telling(folded));
            assertEquals(OptionalLong.of(from + 2), archive.telling(conflicting));
        }
    }

    /** As after a crash, or where two names are short for the same. */
    @Test
    void aNameIsBelievedWithoutItsLeaf() throws Exception {
        try (StateStore store = store(LEAVES)) {
            List<SignedRecord> others = LEAVES.reversed();
            LeafArchive wrong = archive(store, others);
            int middle = LEAVES.size() / 2;
            for (int leaf = 0; leaf < middle; leaf++) {
                SignedRecord record = LEAVES.get(leaf);
                assertTrue(wrong.find(record.id()).isEmpty());
                assertTrue(wrong.find(record.header().stream(), record.header().sequence())
                        .isEmpty());
            }
            assertFalse(wrong.hasKey(
                    ((LedgerFacts.Genesis) LEAVES.getFirst().statement().facts()).checkpointKey()));
            LeafArchive shorter = new LeafArchive(
                    store,
                    leaf -> {
                        throw new AssertionError("read leaf " + leaf + " beyond the log");
                    },
                    () -> 3);
            for (SignedRecord record : LEAVES.subList(3, LEAVES.size())) {
                assertTrue(shorter.find(record.id()).isEmpty());
            }
        }
    }

    @Test
    void aLeafThatCannotBeReadIsNoRecord() throws Exception {
        try (StateStore store = store(LEAVES)) {
            LeafArchive broken = new LeafArchive(
                    store,
                    leaf -> {
                        throw new UncheckedIOException(new IOException("leaf " + leaf));
                    },
                    LEAVES::size);
            assertThrows(
                    UncheckedIOException.class,
                    () -> broken.find(LEAVES.getLast().id()));
        }
    }

    /** An opening that was refused, and admitted later. */
    @Test
    void aRefusalHidesTheRecordThatWasAdmitted() throws Exception {
        List<SignedRecord> leaves = new ArrayList<>(LEAVES);
        SignedRecord session = leaves.stream()
                .filter(record -> record.kind() == Kind.SESSION)
                .findFirst()
                .orElseThrow();
        Stream stream = session.header().stream();
        leaves.add(tells(new LedgerFacts.Refused(List.of(new LedgerFacts.RefusedRecord(
                stream,
                0,
                new RecordId(Hash.of(new byte[] {1})),
                "signature-invalid",
                Optional.empty(),
                Optional.empty())))));
        try (StateStore store = store(leaves)) {
            LeafArchive archive = archive(store, leaves);
            assertEquals(session, archive.find(stream, 0).orElseThrow().record());
        }
    }

    @Test
    void aNumberOfALargeFoldIsNotFound() throws Exception {
        List<SignedRecord> leaves = new ArrayList<>(LEAVES);
        leaves.add(tells(new LedgerFacts.RefusedFold(
                STREAM, "signature-invalid", 0, LedgerFacts.RefusedFold.RECORDS_MAX - 1, RecordId.NONE)));
        try (StateStore store = store(leaves)) {
            assertEquals(
                    leaves.size() - 1,
                    archive(store, leaves).find(STREAM, 4095).orElseThrow().leaf());
        }
    }
}
