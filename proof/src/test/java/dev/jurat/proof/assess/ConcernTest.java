package dev.jurat.proof.assess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.verify.Defect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each defect speaks against the questions that it is about. */
final class ConcernTest {
    private static final String RECORD = "leaf 7, intent " + "0a".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "signature-invalid, SIGNATURE",
        "signature-count, SIGNATURE",
        "signer-type, SIGNATURE",
        "genesis-signature, SIGNATURE",
        "key-unknown, KEY",
        "stream-unknown, KEY",
        "suite-mismatch, KEY",
        "key-reused, SHARED_KEY",
        "sequence-gap, STREAM",
        "previous-mismatch, STREAM",
        "record-twice, STREAM",
        "record-conflict, STREAM",
        "principal-suspended, STANDING",
        "session-suspended, STANDING",
        "session-expired, STANDING",
        "clock-backwards, TIME",
        "seen-unknown, TIME",
        "role-forbidden, REST",
        "grant-differs, REST",
        "body-mismatch, REST",
        "state-root, REST",
        "beyond-target, REST",
        "leaf-unwanted, REST",
        "what-nobody-knows, REST"
    })
    void aRecordsDefectIsOfAnotherConcern(String code, Concern concern) {
        assertEquals(concern, Concern.of(new Defect(code, RECORD, "")));
    }

    @ParameterizedTest
    @CsvSource({
        "root-mismatch, checkpoint, TREE",
        "tile-mismatch, tile/0/000, TREE",
        "entries-missing, tile/entries/000.p/3, TREE",
        "entry-bundle-width, tile/entries/000.p/3, TREE",
        "leaf-missing, leaves, TREE",
        "proof-missing, leaf 3, TREE",
        "inclusion-proof-invalid, leaf 3, TREE",
        "tlog-proof-syntax, leaf 3, TREE",
        "genesis-missing, leaf 0, TREE",
        "log-rewritten, leaf 3, TREE",
        "note-signature-invalid, checkpoint, OWNER",
        "checkpoint-origin-mismatch, checkpoint, OWNER",
        "second-line-missing, checkpoint, OWNER",
        "trust-log, leaf 0, OWNER",
        "trust-genesis, leaf 0, OWNER",
        "witness-quorum, checkpoint, WITNESSES",
        "leaf-syntax, leaf 3, SIGNATURE",
        "member-unknown, leaf 3, SIGNATURE",
        "manifest-mismatch, manifest.json, REST",
        "artefact-missing, artefact 0a, REST"
    })
    void aPlacesDefectIsOfAnotherConcern(String code, String where, Concern concern) {
        assertEquals(concern, Concern.of(new Defect(code, where, "")));
    }
}
