package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.World;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A log that is opened, written across a tile's boundary and into other segments of the journal, witnessed, halted and let go on, loses two
 * bodies to an erasure, is closed, and opened again.
 */
final class RunningScene extends Scene {
    private static final World WORLD = World.claimed();
    private static final LedgerRig RIG = new LedgerRig(WORLD);
    private static final int KEY_BYTES = 32;
    private static final int SLOT_BYTES = 64;
    private static final int ERASED = 100;
    private static final NoteSigner WITNESS = NoteSigner.cosigner("witness.example/w", World.key("witness w"));
    private static final FaultStorage BASE;
    private static final List<Group> SCRIPT = new ArrayList<>();

    static {
        try {
            while (WORLD.log().leaves().size() < 248) {
                WORLD.observation(WORLD.point(), "m" + WORLD.log().leaves().size())
                        .admit();
            }
            BASE = RIG.seed();
            Execution call = WORLD.execution();
            SCRIPT.add(group(
                    call.intent().sign(),
                    call.context().sign(),
                    call.decision().sign(),
                    call.contract().sign(),
                    call.identity().sign()));
            SCRIPT.add(group(call.use().sign()));
            SCRIPT.add(group(call.outcome(ExecutionFacts.Result.SUCCESS).sign()));
            for (int i = 0; i < 6; i++) {
                SCRIPT.add(group(WORLD.observation(WORLD.point(), "after" + i).sign()));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private final Map<RecordId, Long> acknowledged = new LinkedHashMap<>();
    private final Map<Long, Hash> roots = new HashMap<>();
    private final Set<Long> erased = new HashSet<>();
    private final Set<Hash> artefacts = new HashSet<>();
    private final Set<List<Byte>> journalKeys = new HashSet<>();
    /** Nothing while it changes. */
    private Optional<List<Halt>> halts = Optional.of(List.of());

    private Optional<SignedNote> witnessed = Optional.empty();
    private Optional<byte[]> sealedKey = Optional.empty();
    private Optional<byte[]> sealedBytes = Optional.empty();
    private boolean opened;
    private long marked;

    RunningScene() {
        super(BASE.afterKill());
    }

    @Override
    void play() throws Exception {
        try (Ledger ledger = open(storage)) {
            seen(ledger);
            opened = true;
            answered();
            for (Group group : SCRIPT.subList(0, SCRIPT.size() - 2)) {
                append(ledger, group);
            }
            artefacts.add(ledger.putArtefact("an artefact".getBytes(StandardCharsets.US_ASCII)));
            answered();
            witness(ledger);
            halt(ledger);
            erase(ledger);
            append(ledger, SCRIPT.get(SCRIPT.size() - 2));
        }
        marked = ended(storage);
        answered();
        try (Ledger ledger = open(storage)) {
            seen(ledger);
            append(ledger, SCRIPT.getLast());
        }
        marked = ended(storage);
    }

    @Override
    void again() throws Exception {
        try (Ledger ledger = open(storage.restarted())) {
            seen(ledger);
            opened = true;
            halts = Optional.of(ledger.halted());
            witnessed = ledger.witnessed();
            if (ledger.erasureOf(new LeafIndex(ERASED)).isPresent()) {
                destroyed(ledger);
            }
            answered();
            if (ledger.halted().isEmpty()) {
                append(ledger, SCRIPT.getFirst());
                if (ledger.erasureOf(new LeafIndex(ERASED)).isPresent()) {
                    destroyed(ledger);
                }
                answered();
            }
        }
    }

    private static Ledger open(FaultStorage storage) throws LedgerException {
        return RIG.open(storage);
    }

    private void append(Ledger ledger, Group group) throws LedgerException {
        keysOfJournal();
        for (RecordAnswer result : committed(ledger.append(group)).results()) {
            acknowledged.put(result.id(), result.index().value());
        }
        seen(ledger);
        marked = Math.max(marked, ledger.status().sealed());
        answered();
    }

    private void seen(Ledger ledger) {
        LedgerHead head = ledger.head();
        roots.put(head.size().value(), head.root());
    }

    /** The size that a log which was closed has said last. */
    private long ended(FaultStorage storage) throws Exception {
        return HeadMark.read(storage).orElseThrow().mark().size();
    }

    private void witness(Ledger ledger) throws FormatException, LedgerException {
        String policy = "witness w " + WITNESS.verifier().text() + "\nquorum w\n";
        ledger.countWitnessesBy(TlogPolicy.parse(policy.getBytes(StandardCharsets.UTF_8)));
        SignedNote note = SignedNote.parse(ledger.head().checkpoint());
        SignedNote cosigned = note.with(WITNESS.cosign(note.text(), 1_800_000_000));
        ledger.keepWitnessed(cosigned);
        witnessed = Optional.of(cosigned);
        answered();
    }

    private void halt(Ledger ledger) throws LedgerException {
        Halt why = new Halt(Halt.AHEAD, WITNESS.verifier(), new TreeSize(1_000_000));
        halts = Optional.empty();
        ledger.halt(why);
        halts = Optional.of(List.of(why));
        answered();
        halts = Optional.empty();
        ledger.lift(halt -> true);
        halts = Optional.of(List.of());
        answered();
    }

    private void erase(Ledger ledger) throws LedgerException {
        long tail = ledger.head().size().value() - 1;
        sealedBytes = Optional.of(bytesOf(storage.content("body/000"), ERASED));
        sealedKey = Optional.of(slot("slots/body/000", ERASED * KEY_BYTES));
        keysOfJournal();
        LedgerRig.erase(ledger, ERASED, tail);
        erased.addAll(List.of((long) ERASED, tail));
        destroyed(ledger);
        seen(ledger);
        answered();
    }

    private void destroyed(Ledger ledger) {
        sealedKey.ifPresent(this::destroyed);
        keysThatWereInTheJournal().forEach(this::destroyed);
        // The other body's pack is not sealed yet.
        if (ledger.status().packsToCompact() <= 1) {
            sealedBytes.ifPresent(this::destroyed);
        }
    }

    private byte[] slot(String path, int at) {
        return Arrays.copyOfRange(storage.content(path), at, at + KEY_BYTES);
    }

    private void keysOfJournal() {
        byte[] all = storage.content("slots/journal");
        for (int at = 0; at < all.length; at += SLOT_BYTES) {
            byte[] key = Arrays.copyOfRange(all, at, at + KEY_BYTES);
            if (!Arrays.equals(key, new byte[KEY_BYTES])) {
                journalKeys.add(boxed(key));
            }
        }
    }

    /** The keys of segments that are no more. */
    private List<byte[]> keysThatWereInTheJournal() {
        Set<List<Byte>> before = new HashSet<>(journalKeys);
        journalKeys.clear();
        keysOfJournal();
        before.removeAll(journalKeys);
        return before.stream().map(RunningScene::bytes).toList();
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> out = new ArrayList<>();
        for (byte one : bytes) {
            out.add(one);
        }
        return out;
    }

    private static byte[] bytes(List<Byte> boxed) {
        byte[] out = new byte[boxed.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = boxed.get(i);
        }
        return out;
    }

    private static byte[] bytesOf(byte[] pack, int index) {
        ByteBuffer lengths = ByteBuffer.wrap(pack);
        int at = 256 * Integer.BYTES;
        for (int i = 0; i < index; i++) {
            at += lengths.getInt(i * Integer.BYTES);
        }
        return Arrays.copyOfRange(pack, at, at + lengths.getInt(index * Integer.BYTES));
    }

    @Override
    Optional<String> missing(FaultStorage left) throws Exception {
        Optional<HeadMark.Found> mark = HeadMark.read(left);
        boolean behind = mark.map(found -> found.mark().size()).orElse(0L) < marked;
        if (behind || (opened && mark.isEmpty())) {
            return Optional.of("the mark is behind " + marked + ": " + mark);
        }
        try (Ledger ledger = open(left)) {
            return lost(ledger)
                    .or(() -> unless(
                            halts.filter(h -> !ledger.halted().equals(h)).isEmpty(),
                            "the halts are " + ledger.halted()))
                    .or(() -> unless(
                            witnessed.isEmpty() || ledger.witnessed().equals(witnessed), "what was cosigned is lost"));
        }
    }

    private Optional<String> lost(Ledger ledger) throws LedgerException, FormatException {
        for (Map.Entry<Long, Hash> signed : roots.entrySet()) {
            if (signed.getKey() > ledger.head().size().value()) {
                return Optional.of("size " + signed.getKey() + " was shown and is lost");
            }
            ledger.consistency(new TreeSize(signed.getKey()), ledger.head().size())
                    .verify(signed.getValue(), ledger.head().root());
        }
        for (Map.Entry<RecordId, Long> one : acknowledged.entrySet()) {
            boolean there = ledger.record(one.getKey())
                    .filter(r -> r.index().value() == one.getValue())
                    .isPresent();
            if (!there) {
                return Optional.of("record " + one.getValue() + " was answered and is lost");
            }
        }
        for (Hash artefact : artefacts) {
            if (ledger.artefact(artefact).isEmpty()) {
                return Optional.of("an artefact was answered and is lost");
            }
        }
        return bodies(ledger);
    }

    private Optional<String> bodies(Ledger ledger) throws LedgerException {
        for (long index = 0; index < ledger.head().size().value(); index++) {
            StoredRecord stored = ledger.record(new LeafIndex(index)).orElseThrow();
            boolean gone = stored.record().kind().hasBody() && stored.body().isEmpty();
            boolean taken = ledger.erasureOf(new LeafIndex(index)).isPresent();
            if (gone != taken || stored.bodyDamaged() || (erased.contains(index) && !taken)) {
                return Optional.of("the body of record " + index);
            }
        }
        return Optional.empty();
    }
}
