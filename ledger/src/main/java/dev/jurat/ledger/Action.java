package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import java.util.List;
import java.util.Optional;

/**
 * One action of an agent as the records so far have it: an intent with what was decided and what came of it, a further use under the
 * same identity, a refusal of what never became an intent, or a claim about a call by somebody whose word on it does not count. A view,
 * never evidence.
 *
 * @param index the leaf of its intent, or of its use if it is a further one, or of its refusal or claim; also the cursor of the page after it
 * @param intent record id of the intent; of the refusal or claim where there is none
 * @param principal who acted; of a claim, who made it
 * @param tool the tool's name, or {@code sha256:} and a digest where the name is not known to any profile; of a claim, its kind in
 *     parentheses
 * @param resources what it touched, as far as bodies are there to say
 * @param decision the newest decision's outcome, which for a repeat is that of the call whose contract it takes
 * @param reason the newest decision's reason, or the rule or code of a refusal
 * @param outcome what came of it; see {@link Query}
 * @param flags the codes of the flags that its own records carry, sorted
 * @param atMillis the clock's latest when the intent, or the further use, was admitted
 */
public record Action(
        long index,
        Hash intent,
        String principal,
        String session,
        String method,
        String tool,
        String effect,
        List<String> resources,
        Optional<String> decision,
        Optional<String> reason,
        Optional<String> outcome,
        List<String> flags,
        long atMillis) {}
