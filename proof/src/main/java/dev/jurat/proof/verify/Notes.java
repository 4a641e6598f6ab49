package dev.jurat.proof.verify;

import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Isolation;
import dev.jurat.proof.record.RegistryFacts.Session;
import dev.jurat.proof.record.RegistryFacts.Signs;
import dev.jurat.proof.record.SignerType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a reader must not take a sound bundle for; each note is a fact about this bundle ({@code docs/spec/bundle.md} §8). */
final class Notes {
    private final Bundle bundle;
    private final Records records;
    private final Optional<TrustPolicy> trust;
    private final Optional<PredecessorFinding> predecessor;
    private final Replay replay;
    private final Set<Long> passing;
    private final List<Note> notes = new ArrayList<>();

    Notes(
            Bundle bundle,
            Records records,
            Optional<TrustPolicy> trust,
            Optional<PredecessorFinding> predecessor,
            Replay replay,
            Set<Long> passing) {
        this.predecessor = predecessor;
        this.passing = passing;
        this.bundle = bundle;
        this.records = records;
        this.trust = trust;
        this.replay = replay;
    }

    List<Note> of(List<ActionFinding> actions, List<KeyFinding> keys) {
        trust();
        predecessor.ifPresent(this::predecessor);
        node();
        keys(keys);
        sessions();
        actions(actions);
        shown();
        return List.copyOf(notes);
    }

    private void add(String code, String text) {
        notes.add(new Note(code, text));
    }

    private void trust() {
        if (trust.isEmpty()) {
            add(
                    "unanchored",
                    "No trust policy was given: nothing here says whose log this is. Anyone can make such a bundle.");
        }
        if (trust.flatMap(TrustPolicy::witnesses).isEmpty()) {
            add(
                    "operator-could-rewrite",
                    "No outside witness is asked for: whoever holds the log's key could have rewritten its history, order and time.");
        }
        if (trust.isPresent() && trust.get().genesis().isEmpty()) {
            add(
                    "genesis-not-pinned",
                    "The trust policy does not name the log's first record; any log under this key passes.");
        }
        add(
                "time-operator-asserted",
                "Times are those of the log operator's clock; no outside time evidence is in this version.");
    }

    private void predecessor(PredecessorFinding before) {
        if (before.followed()) {
            add(
                    "successor-followed",
                    "The trust policy is that of the log before this one: this one is believed on the word of the administrators named. That they"
                            + " signed no other successor, and that none of them had been suspended by then, only the old log and its people can say.");
        } else {
            add(
                    "predecessor-stated",
                    "This log says whose place it takes. Whether that is the log that you know, its genesis and key tell: compare them.");
        }
        if (!before.witnessed()) {
            add(
                    "predecessor-unwitnessed",
                    "No quorum that the trust policy asks for had cosigned the old log as far as it is cited: whoever had its key could have"
                            + " rewritten it until then.");
        }
    }

    private void node() {
        boolean claimedLater = records.ofKind(Kind.KEY).stream()
                .anyMatch(l -> l.record().statement().facts() instanceof RegistryFacts.Key key
                        && key.enrolled() == RegistryFacts.Enrolled.CLAIM);
        if (!replay.lifecycle().claimed()) {
            add(
                    "node-unclaimed",
                    "The node has no administrator. Agents and enforcement points enrolled themselves; any process of the same user could have claimed it.");
        } else if (claimedLater) {
            add("node-claimed-later", "The node began without an administrator and was claimed once, later.");
        }
        boolean self = records.ofKind(Kind.KEY).stream()
                .anyMatch(l -> l.record().statement().facts() instanceof RegistryFacts.Key key
                        && key.enrolled() == RegistryFacts.Enrolled.SELF
                        && key.action() == RegistryFacts.KeyAction.ENROLL
                        && replay.lifecycle().selfEnrolled(key.principal()));
        if (self) {
            add("self-enrolled", "Some agent or enforcement point is known on its own word only.");
        }
    }

    private void keys(List<KeyFinding> keys) {
        if (keys.stream().anyMatch(key -> key.report().isPresent())) {
            add(
                    "key-reported",
                    "Some key was reported to be in other hands. What it signed before the boundary holds; what came after that is told as suspect.");
        }
        if (keys.stream().anyMatch(key -> !key.recoveredBy().isEmpty())) {
            add(
                    "continuity-broken",
                    "Some principal has a key that the one before did not sign for: that it is the same principal rests on the word of the administrators named.");
        }
    }

    private void sessions() {
        if (anyAgent(Session::shared)) {
            add(
                    "point-shared",
                    "Agent and enforcement point share a process in some session: their signatures are not independent of each other.");
        }
        if (anyAgent(s -> s.signs() == Signs.WRAPPER)) {
            add("wrapper-signs", "Some agent does not hold its own key: the wrapper signed its intents for it.");
        }
        if (anyAgent(s -> s.isolation() == Isolation.SAME_USER)) {
            add(
                    "isolation-same-user",
                    "Some agent ran as the same user as its enforcement point, so it could have reached the point's key and the credentials of the server, or gone around both.");
        }
    }

    private boolean anyAgent(Predicate<Session> test) {
        return records.ofKind(Kind.SESSION).stream()
                .filter(l -> l.header().signer() == SignerType.AGENT)
                .map(l -> l.record().statement().facts())
                .filter(Session.class::isInstance)
                .map(Session.class::cast)
                .anyMatch(test);
    }

    private void actions(List<ActionFinding> actions) {
        boolean observed = actions.stream().anyMatch(a -> a.permission() instanceof PermissionVerdict.NotEnforced);
        if (observed) {
            add("not-enforced", "Some actions were only observed: no policy could have refused them.");
        }
        boolean asserted = actions.stream().anyMatch(a -> a.permission() instanceof PermissionVerdict.Asserted);
        if (asserted) {
            add(
                    "permission-asserted",
                    "The details of some actions are gone or secret: that they were within their limits rests on the word of the log and the enforcement point.");
        }
        boolean foreign = actions.stream().anyMatch(a -> !a.action().foreign().isEmpty());
        if (foreign) {
            add(
                    "foreign-claims",
                    "Others than the enforcement point of an action wrote of an outcome, a violation or a refusal; that is not counted.");
        }
        boolean untimed = actions.stream()
                .flatMap(a -> a.uses().stream())
                .anyMatch(
                        u -> u.outcome() instanceof OutcomeVerdict.Agrees agrees && agrees.timing() == Timing.ASSERTED);
        if (untimed) {
            add(
                    "timing-asserted",
                    "That some outcomes came before their deadlines rests on the word of whoever brought the bundle: clock leaves that would tell may have been left out.");
        }
        boolean open = actions.stream().anyMatch(a -> a.outcome() instanceof OutcomeVerdict.Unknown);
        if (open) {
            add("outcome-unknown", "How some actions ended is not known, or not shown.");
        }
        long suspects = actions.stream()
                .flatMap(a -> a.suspects().stream())
                .map(s -> s.leaf().index())
                .distinct()
                .count();
        if (suspects > 0) {
            add(
                    "records-suspect",
                    "Some records are of a time when their signer's key may have been in other hands: who signed them is in doubt. Such records: "
                            + suspects + ".");
        }
        if (!replay.flags().isEmpty()) {
            add(
                    "records-flagged",
                    "What happened is admitted although a rule fails; a flag says which. Records with flags: "
                            + replay.flags().size() + ".");
        }
        if (!records.ofKind(Kind.DECISION).isEmpty()) {
            add(
                    "decisions-not-replayed",
                    "The policies are in the bundle; whether they give the decisions recorded was not replayed here.");
        }
    }

    private void shown() {
        if (!(bundle.scope() instanceof Scope.All)) {
            add(
                    "part-of-log",
                    "The bundle shows a part of the log. That no other record of the log changes what it shows rests on the word of whoever brought it.");
        }
        int open = OpenEnd.of(bundle.scope(), records).size();
        if (open > 0) {
            add(
                    "ends-not-shown",
                    "Streams of agents and enforcement points that are shown up to a record and not to their end: "
                            + open
                            + ". Whoever brought the bundle may have left out what came after, such as a violation or an outcome.");
        }
        if (!replay.gaps().isEmpty()) {
            add(
                    "streams-with-gaps",
                    "Streams of the node's services or of people are shown with gaps. Stretches that are not in the bundle: "
                            + replay.gaps().size() + ".");
        }
        long erased = records.all().stream()
                .filter(l -> l.kind().hasBody() && !passing.contains(l.index()))
                .filter(l -> !bundle.bodies().containsKey(l.index()))
                .count();
        if (erased > 0) {
            add(
                    "bodies-missing",
                    "What only a body shows rests on the word of the log where it is missing. Records without theirs: "
                            + erased + "." + byErasures());
        }
        if (bundle.checkpoint().signatures().size() > known()) {
            add(
                    "signatures-unchecked",
                    "The checkpoint has signatures of keys that the trust policy does not name; they were passed over.");
        }
    }

    /** How many of the bodies that are not there an erasure took, as the bundle itself shows. */
    private String byErasures() {
        Set<Long> gone = new HashSet<>();
        for (Leaf leaf : records.ofKind(Kind.ERASURE)) {
            if (leaf.record().statement().facts() instanceof CustodyFacts.Erasure erasure) {
                erasure.records().stream()
                        .filter(one -> records.at(one.leaf())
                                .filter(there -> there.id().equals(one.id()))
                                .isPresent())
                        .filter(one -> !bundle.bodies().containsKey(one.leaf()))
                        .forEach(one -> gone.add(one.leaf()));
            }
        }
        return gone.isEmpty() ? "" : " An erasure on the log took: " + gone.size() + ".";
    }

    private int known() {
        return 1
                + trust.map(t -> t.cosigners().size() + (t.second().isPresent() ? 1 : 0))
                        .orElse(0);
    }
}
