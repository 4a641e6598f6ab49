package dev.jurat.ledger.witness;

import dev.jurat.proof.log.NoteSignature;
import dev.jurat.proof.log.TreeSize;
import java.util.OptionalLong;

/** What a witness said of one checkpoint, as far as it can be believed. */
sealed interface Heard {
    /** Its cosignature over exactly this checkpoint, verified, and when it says it made it. */
    record Cosigned(NoteSignature line, long atSeconds) implements Heard {}

    /** It has cosigned more of this log than the ledger ever signed, by its own word. */
    record Ahead(TreeSize size) implements Heard {}

    /** It has cosigned another log of this name, by its own word. */
    record Differs(TreeSize size) implements Heard {}

    /** It has cosigned a newer checkpoint of this ledger in the meantime: the next round asks again. */
    record Overtaken() implements Heard {}

    /**
     * Nothing that counts.
     *
     * @param code stable; {@code docs/spec/log.md} §12
     * @param waitSeconds how long it asks to be left alone
     */
    record Fault(String code, String text, OptionalLong waitSeconds) implements Heard {
        Fault(String code, String text) {
            this(code, text, OptionalLong.empty());
        }
    }
}
