package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the verifier found in a bundle.
 *
 * @param checkpoint as the log signed it
 * @param witnesses what those say whom the trust policy asks for; empty where it asks for none
 * @param predecessor the log whose place this one has taken, if it has
 * @param keys registered keys of which there is more to say than that somebody signs with them
 * @param principals those of whom administrators have said something, sorted
 * @param flags of open records that were admitted although a rule fails, by record
 * @param gaps what is not shown of the streams that are
 * @param openEnds which streams are not shown to their end
 * @param notes what not to take the bundle for
 * @param summary who did what, when and under which rules, recomputed; its actions stand in the order of {@code actions}
 */
public record Findings(
        Scope scope,
        Checkpoint checkpoint,
        RecordId genesis,
        Optional<Witnessed> witnesses,
        Optional<PredecessorFinding> predecessor,
        int leaves,
        List<ActionFinding> actions,
        List<KeyFinding> keys,
        List<PrincipalFinding> principals,
        Map<RecordId, Set<Flag>> flags,
        List<Gap> gaps,
        List<OpenEnd> openEnds,
        List<Note> notes,
        Json.Obj summary) {
    public Findings {
        actions = List.copyOf(actions);
        keys = List.copyOf(keys);
        principals = List.copyOf(principals);
        flags = Map.copyOf(flags);
        gaps = List.copyOf(gaps);
        openEnds = List.copyOf(openEnds);
        notes = List.copyOf(notes);
    }
}
