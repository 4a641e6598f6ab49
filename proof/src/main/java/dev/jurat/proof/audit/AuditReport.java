package dev.jurat.proof.audit;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Cosigned;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.PredecessorFinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an audit found.
 *
 * @param origin the log's name, by its checkpoint
 * @param genesis the id of leaf 0, where one could be read
 * @param size how many leaves the checkpoint has
 * @param root their root, by the checkpoint
 * @param predecessor the log whose place this one has taken, if it has and what it cites of that is given here
 * @param anchored whether the checkpoint was held against a key from outside, and not against the one that leaf 0 names
 * @param leaves how many leaves were judged
 * @param checkedFrom from which leaf on signatures were checked; those before it were by an earlier audit
 * @param bodies how many bodies were held against their statements
 * @param bodiesGone how many records whose kind has a body came without one
 * @param cosigned by which of the trust policy's witnesses the checkpoint is signed, and when
 * @param secondLine whether the log's second line was asked for and is good; a trust policy may name one that this source does not keep
 * @param successions how many keys have followed others, by rotation or recovery, by what stands behind them
 * @param suspects the keys that were reported, and what rests on them from their boundaries on
 * @param defectCount how many defects there are
 * @param defects the first of them, in the order of the log
 */
public record AuditReport(
        String origin,
        Optional<RecordId> genesis,
        long size,
        Hash root,
        Optional<PredecessorFinding> predecessor,
        boolean anchored,
        long leaves,
        long checkedFrom,
        long bodies,
        long bodiesGone,
        List<Cosigned> cosigned,
        boolean secondLine,
        Map<SignerType, Long> successions,
        List<SuspectKey> suspects,
        long defectCount,
        List<Defect> defects) {
    public AuditReport {
        cosigned = List.copyOf(cosigned);
        successions = Map.copyOf(successions);
        suspects = List.copyOf(suspects);
        defects = List.copyOf(defects);
    }

    /** How many of the trust policy's witnesses have signed the checkpoint. */
    public int cosigners() {
        return cosigned.size();
    }

    public boolean clean() {
        return defectCount == 0;
    }

    /** Where the next audit goes on; empty unless all is clean. */
    public Optional<AuditMark> mark() {
        return clean() ? genesis.map(id -> new AuditMark(id, size, root)) : Optional.empty();
    }
}
