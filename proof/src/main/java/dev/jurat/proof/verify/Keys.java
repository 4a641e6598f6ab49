package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Action;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import dev.jurat.proof.record.SuccessionFacts.Recovery;
import dev.jurat.proof.record.SuccessionFacts.Successor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which registered keys follow which, and what was signed while one may have been in other hands; as far as the bundle shows. */
final class Keys {
    private final Lifecycle lifecycle;
    /** By key. */
    private final Map<String, Successor> brought = new HashMap<>();

    private final Map<String, Lifecycle.KeyStanding> standings = new HashMap<>();

    Keys(Records records, Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        for (Leaf leaf : records.ofKind(Kind.KEY)) {
            if (leaf.record().statement().facts() instanceof Successor successor) {
                brought.put(successor.key(), successor);
            }
        }
        for (Registered registered : lifecycle.principals()) {
            lifecycle.keys(registered.principal()).forEach(standing -> standings.put(standing.key(), standing));
        }
    }

    /** Those that follow another one, are followed, or are reported; by principal, the first one first. */
    List<KeyFinding> findings() {
        List<KeyFinding> findings = new ArrayList<>();
        for (Registered registered : lifecycle.principals()) {
            List<Lifecycle.KeyStanding> keys = lifecycle.keys(registered.principal());
            boolean plain = keys.size() == 1 && keys.getFirst().report().isEmpty();
            if (!plain) {
                keys.forEach(key -> findings.add(finding(registered.principal(), key)));
            }
        }
        return findings;
    }

    private KeyFinding finding(String principal, Lifecycle.KeyStanding standing) {
        Optional<Successor> facts = Optional.ofNullable(brought.get(standing.key()));
        return new KeyFinding(
                principal,
                standing.key(),
                facts.map(Successor::follows),
                facts.filter(Recovery.class::isInstance)
                        .map(SuccessionFacts::cosigners)
                        .orElse(List.of()),
                standing.retired(),
                standing.report(),
                standing.since());
    }

    /** The records of an action that are in doubt, by index. */
    List<Suspect> suspects(Action action) {
        List<Suspect> suspects = new ArrayList<>();
        for (Leaf leaf : action.leaves()) {
            key(leaf)
                    .filter(key -> inDoubt(key, leaf))
                    .ifPresent(key -> suspects.add(new Suspect(leaf, key, corroborating(action, leaf))));
        }
        return suspects;
    }

    private List<Leaf> corroborating(Action action, Leaf suspect) {
        return action.leaves().stream()
                .filter(other -> names(other, suspect) || names(suspect, other))
                .filter(other ->
                        !other.stream().principal().equals(suspect.stream().principal()))
                .filter(other -> !other.stream().equals(Stream.LEDGER)
                        && !action.foreign().contains(other))
                .filter(other -> key(other).filter(key -> !inDoubt(key, other)).isPresent())
                .toList();
    }

    private static boolean names(Leaf naming, Leaf named) {
        return naming.header().references().all().contains(named.id());
    }

    private boolean inDoubt(String key, Leaf leaf) {
        return Optional.ofNullable(standings.get(key))
                .filter(standing -> standing.inDoubt(leaf.index()))
                .isPresent();
    }

    private Optional<String> key(Leaf leaf) {
        return lifecycle.restsOn(leaf.stream());
    }
}
