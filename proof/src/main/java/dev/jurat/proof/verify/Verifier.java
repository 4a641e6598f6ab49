package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Action;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Closure;
import dev.jurat.proof.bundle.Derived;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.PublishedArtefact;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.ActionFinding.UseFinding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks a proof bundle, offline, with a trust policy as its only trust input: the numbered steps of {@code docs/spec/bundle.md} §6.
 *
 * <p>Security property: every byte of an accepted bundle is signed, or committed to by something signed, or recomputed here. Reads no
 * clock, no network and no file; bounded by the size of its input. Not thread-safe; one for each bundle.
 */
public final class Verifier {
    /** So many defects are in a report. */
    public static final int DEFECTS_MAX = 100;

    private final Bundle bundle;
    private Optional<TrustPolicy> trust;
    private final SignatureChecker checker;
    private final Defects defects = new Defects();
    private Optional<PredecessorFinding> predecessor = Optional.empty();
    private List<NoteVerifier> signed = List.of();

    private Verifier(Bundle bundle, Optional<TrustPolicy> trust, SignatureChecker checker) {
        this.bundle = bundle;
        this.trust = trust;
        this.checker = checker;
    }

    /** Checks the bytes of a bundle; without a trust policy the best answer is {@link Report.Unanchored}. */
    public static Report verify(byte[] bytes, Optional<TrustPolicy> trust) {
        return verify(bytes, trust, SignatureChecker.standard());
    }

    /** Checks with another way to check the signatures of records, such as a faster provider's. */
    public static Report verify(byte[] bytes, Optional<TrustPolicy> trust, SignatureChecker checker) {
        Bundle bundle;
        try {
            bundle = Bundle.parse(bytes);
        } catch (FormatException e) {
            String text = String.valueOf(e.getMessage());
            return e.code().equals("zip-not")
                    ? new Report.Unusable(e.code(), text)
                    : new Report.Refused(List.of(new Defect(e.code(), "", text)), Optional.empty());
        }
        return new Verifier(bundle, trust, checker).report();
    }

    private Report report() {
        Optional<Findings> findings = findings();
        if (!defects.isEmpty() || findings.isEmpty()) {
            return new Report.Refused(defects.all(), findings);
        }
        return trust.<Report>map(t -> new Report.Accepted(new VerifiedBundle(bundle, t, findings.get())))
                .orElseGet(() -> new Report.Unanchored(findings.get()));
    }

    private Optional<Findings> findings() {
        Checkpoint stated;
        try {
            stated = bundle.stated();
        } catch (FormatException e) {
            defects.add(e, "checkpoint");
            return Optional.empty();
        }
        TreeCheck.check(bundle, stated, defects);
        Optional<Records> read = records();
        if (read.isEmpty()) {
            return Optional.empty();
        }
        Records records = read.get();
        genesis(records);
        Replay replay = new Replay(bundle, checker, defects);
        Optional<Closure.Result> closure = closure(records);
        boolean judged =
                replay.run(records, closure.map(Closure.Result::passing).orElse(Collections.emptySortedSet()));
        closure.ifPresent(c -> unwanted(records, c));
        artefacts(records, closure);
        Optional<Json.Obj> summary = derived(records);
        if (!judged || closure.isEmpty() || summary.isEmpty()) {
            return Optional.empty();
        }
        Keys keys = new Keys(records, replay.lifecycle());
        List<KeyFinding> keyFindings = keys.findings();
        List<ActionFinding> actions = actions(records, closure.get(), replay, keys);
        List<Note> notes = new Notes(
                        bundle,
                        records,
                        trust,
                        predecessor,
                        replay,
                        closure.get().passing())
                .of(actions, keyFindings);
        return Optional.of(new Findings(
                bundle.scope(),
                stated,
                replay.lifecycle().genesis(),
                witnessed(),
                predecessor,
                records.count(),
                actions,
                keyFindings,
                principals(replay.lifecycle()),
                replay.flags(),
                replay.gaps(),
                OpenEnd.of(bundle.scope(), records),
                notes,
                summary.get()));
    }

    private static List<PrincipalFinding> principals(Lifecycle lifecycle) {
        return lifecycle.principals().stream()
                .map(p -> new PrincipalFinding(p.principal(), lifecycle.particulars(p.principal())))
                .filter(finding -> finding.particulars().any())
                .toList();
    }

    /** Every leaf as a record; empty if one is not, since then nothing that follows would mean anything. */
    private Optional<Records> records() {
        TreeMap<Long, SignedRecord> leaves = new TreeMap<>();
        boolean sound = !bundle.leaves().isEmpty();
        for (Map.Entry<Long, byte[]> leaf : bundle.leaves().entrySet()) {
            try {
                SignedRecord record = SignedRecord.ofLeaf(leaf.getValue());
                if (!Arrays.equals(record.leaf(), leaf.getValue())) {
                    throw new FormatException("leaf-syntax", "not the one form of this record's leaf");
                }
                leaves.put(leaf.getKey(), record);
            } catch (FormatException e) {
                defects.add(e, "leaf " + leaf.getKey());
                sound = false;
            }
        }
        return sound ? Optional.of(Records.of(leaves)) : Optional.empty();
    }

    // ---- whose log it is

    private void genesis(Records records) {
        Optional<Leaf> first = records.at(0);
        if (first.isEmpty() || !(first.get().record().statement().facts() instanceof LedgerFacts.Genesis facts)) {
            defects.add("genesis-missing", "leaf 0", "leaf 0 is not a genesis");
            return;
        }
        facts.predecessor().ifPresent(digest -> predecessor(digest, first.get(), facts));
        try {
            NoteVerifier named =
                    NoteVerifier.log(facts.origin(), VerifyKey.parse(Suite.ED25519_2026, facts.checkpointKey()));
            if (trust.isPresent() && !trust.get().log().equals(named)) {
                defects.add("trust-log", "leaf 0", AnotherLog.text(trust.get(), predecessor));
            }
            checkpoint(trust.map(TrustPolicy::log).orElse(named));
        } catch (FormatException e) {
            defects.add(e, "checkpoint");
        } catch (IllegalArgumentException e) {
            defects.add("genesis-invalid", "leaf 0", "an origin that no log can have");
        }
        boolean pinned = trust.flatMap(TrustPolicy::genesis)
                .map(id -> id.equals(first.get().id()))
                .orElse(true);
        if (!pinned) {
            defects.add("trust-genesis", "leaf 0", "another genesis than the trust policy names");
        }
    }

    /** The log before this one; its artefact is asked for with those that are published. */
    private void predecessor(Hash digest, Leaf first, LedgerFacts.Genesis facts) {
        byte[] artefact = bundle.artefacts().get(digest);
        if (artefact == null) {
            return;
        }
        try {
            Following following = Following.of(trust, first.id(), facts, artefact, checker);
            trust = following.trust();
            predecessor = Optional.of(following.finding());
        } catch (FormatException e) {
            defects.add(e, "leaf 0");
        }
    }

    private void checkpoint(NoteVerifier log) throws FormatException {
        List<NoteVerifier> cosigners = trust.map(TrustPolicy::cosigners).orElse(List.of());
        signed = VerifiedCheckpoint.open(bundle.checkpoint(), log, trust.flatMap(TrustPolicy::second), cosigners)
                .cosigners();
        if (!trust.map(t -> t.witnessed(signed)).orElse(true)) {
            defects.add("witness-quorum", "checkpoint", "fewer witnesses signed than the trust policy asks for");
        }
    }

    /** What the witnesses say whom the reader asks for. */
    private Optional<Witnessed> witnessed() {
        return trust.filter(t -> t.witnesses().isPresent())
                .map(t -> new Witnessed(
                        t.cosigners().size(),
                        signed.stream().map(NoteVerifier::name).toList(),
                        t.witnessed(signed)));
    }

    // ---- what belongs into the bundle

    private Optional<Closure.Result> closure(Records records) {
        try {
            return Optional.of(Closure.of(records, bundle.scope()));
        } catch (FormatException e) {
            defects.add(e, "manifest.json");
            return Optional.empty();
        }
    }

    private void unwanted(Records records, Closure.Result closure) {
        for (Leaf leaf : records.all()) {
            if (!closure.included().contains(leaf.index())) {
                defects.add("leaf-unwanted", leaf, "the scope does not lead to this record");
            }
        }
    }

    private void artefacts(Records records, Optional<Closure.Result> closure) {
        var named = Derived.artefactsNamed(records);
        bundle.artefacts().forEach((digest, bytes) -> {
            if (!Hash.of(bytes).equals(digest)) {
                defects.add("artefact-mismatch", "artefact " + digest.hex(), "not the bytes that its name says");
            } else if (!named.contains(digest)) {
                defects.add("artefact-unwanted", "artefact " + digest.hex(), "no record names it");
            }
        });
        for (Hash digest : Derived.artefactsRequired(records)) {
            if (!bundle.artefacts().containsKey(digest)) {
                defects.add("artefact-missing", "artefact " + digest.hex(), "a published policy or profile");
            }
        }
        records.all().forEach(this::published);
        for (long index : bundle.bodies().keySet()) {
            if (records.at(index).isEmpty()) {
                defects.add("body-unwanted", "body " + index, "a body without its record");
            } else if (closure.filter(c -> c.passing().contains(index)).isPresent()) {
                defects.add(
                        "body-unwanted", "body " + index, "of a record that is here for its place in the stream alone");
            }
        }
    }

    /** What a publication repeats of its artefact is the artefact's. */
    private void published(Leaf leaf) {
        Facts facts = leaf.record().statement().facts();
        Optional<Hash> digest = switch (facts) {
            case RegistryFacts.Policy policy -> Optional.of(policy.artefact());
            case RegistryFacts.Profile profile -> Optional.of(profile.artefact());
            default -> Optional.empty();
        };
        digest.flatMap(named -> Optional.ofNullable(bundle.artefacts().get(named)))
                .flatMap(bytes -> PublishedArtefact.fault(facts, bytes))
                .ifPresent(rule -> defects.add(
                        rule.code(), leaf, "it publishes under another name or other floors than its artefact's"));
    }

    /** The summary as it is recomputed. */
    private Optional<Json.Obj> derived(Records records) {
        try {
            if (!Arrays.equals(Derived.manifest(bundle), bundle.manifest())) {
                defects.add("manifest-mismatch", "manifest.json", "not what follows from the other files");
            }
            Json.Obj summary = Derived.summary(bundle, records);
            if (!Arrays.equals(CanonicalJson.write(summary), bundle.summary())) {
                defects.add("summary-mismatch", "summary.json", "not what follows from the other files");
            }
            return Optional.of(summary);
        } catch (FormatException e) {
            defects.add(e, "manifest.json");
            return Optional.empty();
        }
    }

    // ---- the three verdicts

    private List<ActionFinding> actions(Records records, Closure.Result closure, Replay replay, Keys keys) {
        PermissionCheck permission = new PermissionCheck(bundle, records);
        OutcomeCheck outcome = new OutcomeCheck(records, replay.flags());
        boolean log = defects.isEmpty();
        List<ActionFinding> found = new ArrayList<>();
        for (Action action : Action.of(records, closure.followed())) {
            RecordVerdict record = record(action, log);
            if (record instanceof RecordVerdict.Sound) {
                List<UseFinding> uses = action.uses().stream()
                        .map(use -> new UseFinding(use, permission.of(use), outcome.of(use)))
                        .toList();
                uses.forEach(this::judge);
                PermissionVerdict permitted = Fold.permission(uses).orElseGet(() -> permission.unused(action));
                OutcomeVerdict came = Fold.outcome(uses).orElseGet(() -> nothing(permitted));
                found.add(new ActionFinding(action, record, permitted, came, uses, keys.suspects(action)));
            } else {
                found.add(notJudged(action, record, keys));
            }
        }
        return found;
    }

    /** What came of an action of which no use is shown. */
    private static OutcomeVerdict nothing(PermissionVerdict permitted) {
        return permitted instanceof PermissionVerdict.NotShown
                ? new OutcomeVerdict.Unknown("not-shown")
                : new OutcomeVerdict.NothingRan();
    }

    /** What rests on records that are not sound is said nothing of, not even that nothing happened. */
    private static ActionFinding notJudged(Action action, RecordVerdict record, Keys keys) {
        PermissionVerdict permission = new PermissionVerdict.NotJudged();
        OutcomeVerdict outcome = new OutcomeVerdict.NotJudged();
        List<UseFinding> uses = action.uses().stream()
                .map(use -> new UseFinding(use, permission, outcome))
                .toList();
        return new ActionFinding(action, record, permission, outcome, uses, keys.suspects(action));
    }

    private RecordVerdict record(Action action, boolean log) {
        Optional<String> own = action.leaves().stream()
                .map(defects::of)
                .flatMap(Optional::stream)
                .findFirst();
        if (own.isPresent()) {
            return new RecordVerdict.Unsound(own.get());
        }
        return log
                ? new RecordVerdict.Sound()
                : new RecordVerdict.Unsound(defects.all().getFirst().code());
    }

    /** An act beyond its permission, or an outcome that contradicts its use, speaks against the bundle. */
    private void judge(UseFinding finding) {
        if (finding.permission() instanceof PermissionVerdict.Beyond beyond) {
            defects.add(beyond.code(), finding.use().leaf(), "the act was not within its permission");
        }
        if (finding.outcome() instanceof OutcomeVerdict.Disagrees disagrees) {
            defects.add(disagrees.code(), finding.use().leaf(), "the outcome contradicts the use");
        }
    }
}
