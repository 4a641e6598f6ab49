package dev.jurat.testkit.vectors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Archive;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.testkit.MemoryArchive;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A lifecycle over a log, and how much of it that stays in memory from leaf to leaf. */
final class Remembering {
    /** What stays in memory behind each leaf. */
    enum What {
        EVERYTHING,
        NOTHING,
        /** Nothing: another lifecycle goes on from what the last one left. */
        ONLY_WHAT_WAS_KEPT
    }

    private final What what;
    private final MemoryArchive archive = new MemoryArchive();
    private Lifecycle lifecycle;

    Remembering(What what) {
        this.what = what;
        this.lifecycle = new Lifecycle(SignatureChecker.standard(), what == What.EVERYTHING ? Archive.NONE : archive);
    }

    void begin(SignedRecord genesis) throws FormatException {
        lifecycle.begin(genesis);
        archive.add(genesis);
        cut();
    }

    /** Takes a leaf that the log has. */
    void read(SignedRecord leaf) throws FormatException {
        Judgement judgement = lifecycle.judge(Candidate.of(leaf));
        assertTrue(judgement instanceof Judgement.Admitted, () -> leaf + " in the log: " + judgement);
        place(leaf, judgement);
        cut();
    }

    /** Judges a group that is offered, and takes what is admitted. */
    List<Judgement> judge(List<Candidate> group) throws FormatException {
        List<Judgement> judgements = lifecycle.judge(group);
        for (int i = 0; i < judgements.size(); i++) {
            place(group.get(i).record(), judgements.get(i));
        }
        cut();
        return judgements;
    }

    private void place(SignedRecord record, Judgement judgement) {
        if (judgement instanceof Judgement.Admitted admitted) {
            lifecycle.placed(record, archive.size(), admitted.flags());
            archive.add(record);
        }
    }

    private void cut() throws FormatException {
        if (what == What.EVERYTHING) {
            return;
        }
        archive.take(lifecycle.changes());
        lifecycle.forget(0);
        if (what == What.ONLY_WHAT_WAS_KEPT) {
            lifecycle = Lifecycle.restore(SignatureChecker.standard(), archive, archive.parts());
        }
    }

    /** All that is kept in the end, as text. */
    String kept() {
        archive.take(lifecycle.changes());
        SortedMap<String, String> texts = new TreeMap<>();
        archive.standings()
                .forEach((leaf, bytes) ->
                        texts.put(String.format("%06d", leaf), HexFormat.of().formatHex(bytes)));
        archive.parts().forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
        return texts.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining("\n"));
    }
}
