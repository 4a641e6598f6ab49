package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Leaf;
import java.util.List;

/**
 * A record that was signed while a key may have been in other hands: at its boundary or after, and before that was reported. It stays what it
 * is; who signed it is in doubt.
 *
 * @param key the registered key that it rests on: that of its session's principal, or its own
 * @param corroborated by these, which name it, or which it names, and which somebody else signed with a key that was not in doubt then
 */
public record Suspect(Leaf leaf, String key, List<Leaf> corroborated) {
    public Suspect {
        corroborated = List.copyOf(corroborated);
    }
}
