package dev.jurat.ledger;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.TreeSize;

/**
 * Why a ledger takes nothing in and signs nothing new, though it can be read: a witness has seen more of this log than is here, or another
 * one. Kept in the data folder until that witness agrees, or is asked no more; the ledger goes on when none is left.
 *
 * <p>It is the witness's word: nobody can check it here. What a lying witness can do with it is to stop this ledger, by name.
 *
 * @param code {@link #AHEAD} or {@link #DIFFERS}
 * @param by the witness
 * @param size how much of the log it says it has cosigned; where the roots differ, the size that was asked about
 */
public record Halt(String code, NoteVerifier by, TreeSize size) {
    /** It has cosigned more leaves than this log has: an old copy of the folder was put back, or another node signs for this log. */
    public static final String AHEAD = "witness-ahead";
    /** It has cosigned other leaves. */
    public static final String DIFFERS = "witness-differs";

    public Halt {
        if (!code.equals(AHEAD) && !code.equals(DIFFERS)) {
            throw new IllegalArgumentException("a ledger is halted by a witness that is ahead, or differs");
        }
    }

    /** Whether both are one witness's, under whatever name. */
    boolean isBySameKeyAs(Halt other) {
        return by.key().equals(other.by.key());
    }

    /** The size as a text: a witness may say any below 2^63, which is more than a number of ours has. */
    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("by", by.text())
                .put("code", code)
                .put("size", size.toString())
                .build();
    }

    static Halt read(Json json) throws FormatException {
        Fields in = Fields.of(json, "halts");
        String code = in.string("code");
        TreeSize size = TreeSize.parse(in.string("size"));
        NoteVerifier by = NoteVerifier.parse(in.string("by"));
        in.end();
        try {
            return new Halt(code, by, size);
        } catch (IllegalArgumentException e) {
            throw new FormatException("halt-damaged", "not a reason to halt");
        }
    }
}
