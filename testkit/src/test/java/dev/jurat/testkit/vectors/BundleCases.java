package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Launch;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.proof.verify.Timing;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Forgery;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The bundle vectors: each a small log with one thing about it. */
final class BundleCases {
    private static final Scope ALL = new Scope.All();

    /**
     * One vector.
     *
     * @param codes what the verifier must say, the cause first; none where it must accept
     * @param timing what it must say of when the one outcome came, where that is the point
     * @param permission what it must say of the permission of the one action, and its code or what is missing after a colon, where that is the point
     */
    record Case(
            String name,
            String what,
            byte[] bundle,
            Optional<TrustPolicy> trust,
            List<String> codes,
            Optional<String> timing,
            Optional<String> permission) {}

    private final List<Case> cases = new ArrayList<>();

    static List<Case> all() {
        BundleCases made = new BundleCases();
        made.accepted();
        made.timed();
        made.shown();
        made.bringers();
        made.archives();
        made.keys();
        made.operators();
        made.keepers();
        made.publishers();
        made.acts();
        made.trusted();
        made.cases.addAll(PredecessorCases.all());
        return made.cases;
    }

    private void accept(String name, String what, World world, Scope scope) {
        add("accept-" + name, what, world.bundle(scope).bytes(), Optional.of(world.trust()));
    }

    private void add(String name, String what, byte[] bundle, Optional<TrustPolicy> trust, String... codes) {
        cases.add(new Case(name, what, bundle, trust, List.of(codes), Optional.empty(), Optional.empty()));
    }

    // ---- sound ones

    private void accepted() {
        accept("whole-log", "one exact call from intent to outcome, every leaf", one(), ALL);
        accept("observed", "an unclaimed node that only observes", observed(), ALL);
        accept("approved", "a call that a person approved", approved(), ALL);
        accept("p256", "a call of an agent that a person approved, both with P-256 keys", onP256(), ALL);
        World p256 = onP256();
        accept(
                "session-p256",
                "the session of an agent with a P-256 key",
                p256,
                new Scope.Session(p256.agent().stream()));
        World unnamed = World.claimed();
        unnamed.enrolsUnder(World.p256Key("b"), "b", SignerType.AGENT, Role.AGENT)
                .draft()
                .append();
        add(
                "p256-not-in-genesis",
                "a P-256 key in a log whose genesis names Ed25519 alone",
                unnamed.bundle(ALL).bytes(),
                Optional.of(unnamed.trust()),
                "suite-unnamed");
        World other = World.onP256();
        other.observation(other.administrator(), "tools/list")
                .signedBy(World.key("administrator"))
                .append();
        add(
                "p256-signed-with-ed25519",
                "a record of a person with a P-256 key, signed with an Ed25519 key",
                other.bundle(ALL).bytes(),
                Optional.of(other.trust()),
                "signature-invalid");
        accept("ranged", "a ranged contract used twice", ranged("{\"path\":\"/srv/b.txt\"}"), ALL);
        World erased = one();
        erased.log().eraseBodies();
        accept("bodies-erased", "every body gone: permission is asserted", erased, ALL);
        World busy = busy();
        Execution last = busy.execution().run();
        busy.tick(100);
        accept("action", "one action of a busier log, with proofs", busy, new Scope.Action(last.id(Kind.INTENT)));
        accept("session", "one session of a busier log", busy, new Scope.Session(busy.agent().stream()));
        World denied = World.claimed();
        denied(denied);
        accept("denied", "a call that the policy denied", denied, ALL);
        World flooded = World.claimed();
        flooded.execution().run();
        flooded.fold("seen-too-old", stale(flooded), stale(flooded), stale(flooded))
                .admit();
        Execution after = flooded.execution().run();
        accept(
                "fold",
                "a session with refusals that are told of as one",
                flooded,
                new Scope.Session(flooded.agent().stream()));
        accept("action-after-a-fold", "one action of that session", flooded, new Scope.Action(after.id(Kind.INTENT)));
        World incomplete = World.claimed();
        Execution lost = incomplete.execution().authorise();
        lost.use().admit();
        incomplete.tick(60_000);
        incomplete.incomplete(lost.id(Kind.USE)).admit();
        accept("incomplete", "a use whose outcome never came", incomplete, ALL);
        custody();
    }

    private void custody() {
        World world = busy();
        Execution first = world.execution().run();
        world.tick(100);
        Execution second = world.execution().run();
        world.tick(100);
        RecordId gone = second.id(Kind.CONTEXT);
        world.erases(world.administrator(), first.id(Kind.CONTEXT), gone).admit();
        world.log().erase(first.id(Kind.CONTEXT));
        world.log().erase(gone);
        accept(
                "action-with-an-erasure",
                "one action with the erasure of its context, and not the other record that this erased",
                world,
                new Scope.Action(second.id(Kind.INTENT)));
        World held = busy();
        Execution kept = held.execution().run();
        Party other = held.enrol("second", SignerType.HUMAN, Role.ADMINISTRATOR).admitAndJoin();
        RecordId hold = held.holdsEverything(held.administrator()).admit().id();
        held.lifts(other, hold).admit();
        held.erases(held.administrator(), kept.id(Kind.CONTEXT)).admit();
        held.log().erase(kept.id(Kind.CONTEXT));
        accept(
                "session-with-a-hold-that-another-lifted",
                "the records of a person who erased what was held, and the lift of somebody else",
                held,
                new Scope.Session(held.administrator().stream()));
        World taken = one();
        taken.holdsEverything(taken.administrator()).admit();
        taken.erases(
                        taken.administrator(),
                        taken.log()
                                .leaves()
                                .get((int) taken.indexOf(Kind.CONTEXT))
                                .id())
                .append();
        add(
                "held-body-erased",
                "a ledger that let an erasure of a held body in",
                taken.bundle(ALL).bytes(),
                Optional.of(taken.trust()),
                "held");
    }

    private static Matter stale(World world) {
        return world.execution().intent().sign();
    }

    // ---- when outcomes came

    private void timed() {
        World world = World.claimed();
        Execution late = world.execution().authorise();
        late.use().admit();
        RecordId seen = late.matter(Kind.USE).record().header().seen();
        long tick = world.indexOf(world.tick(60_000).id());
        long incomplete =
                world.indexOf(world.incomplete(late.id(Kind.USE)).admit().id());
        late.outcome(Result.SUCCESS).seen(seen).admit();
        world.tick(100);
        Scope action = new Scope.Action(late.id(Kind.INTENT));
        timed("late", "one action whose outcome came late", world, action, f -> {}, Timing.LATE);
        timed(
                "late-clock-dropped",
                "the clock left out by which an outcome was late, and what says that it was overdue",
                world,
                action,
                f -> {
                    f.dropLeaf(tick);
                    f.dropLeaf(incomplete);
                },
                Timing.ASSERTED);
        timed(
                "late-clocks-dropped",
                "each clock left out that came after the use",
                world,
                action,
                f -> {
                    f.dropLeaf(tick);
                    f.dropLeaf(incomplete);
                    f.dropLeaf(f.lastLeaf());
                },
                Timing.ASSERTED);
        World gap = World.claimed();
        Execution soon = gap.execution().authorise();
        soon.use().admit();
        Party other = gap.session("agent", "agent-2").admitAndJoin();
        gap.execution(other, gap.point()).intent().admit();
        soon.outcome(Result.SUCCESS).admit();
        gap.tick(100);
        Scope gapped = new Scope.Action(soon.id(Kind.INTENT));
        timed(
                "in-time",
                "an outcome between leaves that are not shown, bounded by a later clock",
                gap,
                gapped,
                f -> {},
                Timing.IN_TIME);
        timed(
                "unbounded",
                "the same without the later clock",
                gap,
                gapped,
                f -> f.dropLeaf(f.lastLeaf()),
                Timing.ASSERTED);
    }

    private void timed(String name, String what, World world, Scope scope, Consumer<Forgery> change, Timing timing) {
        Forgery forgery = Forgery.of(world.bundle(scope));
        change.accept(forgery);
        cases.add(new Case(
                "timing-" + name,
                what,
                forgery.bytes(),
                Optional.of(world.trust()),
                List.of(),
                Optional.of(timing.wire()),
                Optional.empty()));
    }

    // ---- how far an action is shown

    private void shown() {
        World denied = World.claimed();
        Execution refused = denied(denied);
        denied.tick(100);
        World log = World.claimed();
        Execution asked = log.execution().anySession().ask(1);
        long context = log.indexOf(Kind.CONTEXT);
        long pending = log.indexOf(Kind.DECISION);
        asked.approvedBy(log.approver());
        long identity = log.indexOf(Kind.IDENTITY);
        asked.used();
        log.tick(100);
        shown(
                "whole",
                "one approved call, with all that it led to",
                log,
                asked,
                log.indexOf(Kind.OUTCOME),
                "asserted:definition");
        shown(
                "no-use",
                "the same without its use and the session that made it",
                log,
                asked,
                identity,
                "not-shown:contract");
        shown(
                "no-approval",
                "the same without its approval and what rests on that",
                log,
                asked,
                pending,
                "not-shown:pending");
        shown("no-decision", "the same without any decision", log, asked, context, "not-shown:undecided");
        shown(
                "denied",
                "one action that was denied",
                denied,
                refused,
                denied.indexOf(Kind.DECISION),
                "not-granted:denied");
    }

    /** The action without what came of it after a leaf, as somebody would bring it who wants that unseen. */
    private void shown(String name, String what, World world, Execution one, long last, String permission) {
        Forgery forgery = Forgery.of(world.bundle(new Scope.Action(one.id(Kind.INTENT))));
        forgery.dropAfter(last);
        cases.add(new Case(
                "shown-" + name,
                what,
                forgery.bytes(),
                Optional.of(world.trust()),
                List.of(),
                Optional.empty(),
                Optional.of(permission)));
    }

    // ---- whoever brings the bundle

    private void forge(String name, String what, Consumer<Forgery> change, String... codes) {
        World world = one();
        forge(name, what, world, ALL, change, codes);
    }

    private void forge(String name, String what, World world, Scope scope, Consumer<Forgery> change, String... codes) {
        Forgery forgery = Forgery.of(world.bundle(scope));
        change.accept(forgery);
        add(name, what, forgery.bytes(), Optional.of(world.trust()), codes);
    }

    private void bringers() {
        World one = one();
        long decision = one.indexOf(Kind.DECISION);
        long use = one.indexOf(Kind.USE);
        long contract = one.indexOf(Kind.CONTRACT);
        forge("leaf-dropped", "a record left out of a whole log", f -> f.dropLeaf(decision), "leaf-missing");
        forge("leaf-last-dropped", "the last record left out", f -> f.dropLeaf(f.lastLeaf()), "leaf-missing");
        forge(
                "leaf-order",
                "two leaves in each other's place",
                f -> f.swapLeaves(f.lastLeaf() - 1, f.lastLeaf()),
                "root-mismatch");
        forge("genesis-dropped", "leaf 0 left out", f -> f.dropLeaf(0), "genesis-missing");
        forge(
                "checkpoint-restated",
                "another root under the old signature",
                f -> {
                    f.dropLeaf(f.lastLeaf());
                    f.restateCheckpoint();
                },
                "note-signature-invalid");
        forge(
                "checkpoint-other-key",
                "another root under another key",
                f -> {
                    f.dropLeaf(f.lastLeaf());
                    f.signCheckpoint(World.key("forger"));
                },
                "note-signature-missing");
        forge("body-swapped", "a body in another's place", f -> f.body(use, f.body(contract)), "body-mismatch");
        forge("body-unwanted", "a body for a kind that has none", f -> f.body(1, f.body(use)), "body-unwanted");
        forge(
                "contract-widened",
                "a longer window, under the old signature",
                f -> f.rewriteFacts(contract, facts -> widened(facts)),
                "root-mismatch",
                "signature-invalid");
        World approved = approved();
        forge(
                "approval-rewritten",
                "an approval over other terms, under the old signature",
                approved,
                ALL,
                f -> f.rewriteFacts(
                        approved.indexOf(Kind.APPROVAL), facts -> facts.with("terms", Json.of(other().hex()))),
                "root-mismatch",
                "signature-invalid");
        forge(
                "artefact-unwanted",
                "an artefact that no record names",
                f -> f.artefact("{}".getBytes(StandardCharsets.US_ASCII)),
                "artefact-unwanted");
        forge(
                "artefact-missing",
                "the policy left out",
                f -> f.dropArtefact(one.starterArtefact()),
                "artefact-missing");
        forge(
                "artefact-mismatch",
                "another policy under the name of the one published",
                f -> f.replaceArtefact(one.starterArtefact(), "{}"),
                "artefact-mismatch");
        forge(
                "manifest-mismatch",
                "a manifest that counts wrongly",
                f -> {
                    f.withoutRecomputing();
                    f.manifest(f.manifest().replace("\"bodies\":", "\"bodies\":1"));
                },
                "manifest-mismatch");
        forge(
                "summary-mismatch",
                "a summary of another tool",
                f -> {
                    f.withoutRecomputing();
                    f.summary(f.summary().replace("read_text_file", "read_next_file"));
                },
                "summary-mismatch");
        parts();
    }

    private void parts() {
        World world = busy();
        Execution wanted = world.execution().run();
        world.tick(100);
        Scope scope = new Scope.Action(wanted.id(Kind.INTENT));
        long decision = world.indexOf(wanted.id(Kind.DECISION));
        long earlier = world.indexOf(Kind.INTENT);
        forge(
                "action-decision-dropped",
                "the decision left out of an action",
                world,
                scope,
                f -> f.dropLeaf(decision),
                "reference-unknown");
        forge(
                "action-earlier-dropped",
                "an earlier record of the agent's stream left out",
                world,
                scope,
                f -> f.dropLeaf(earlier),
                "sequence-gap");
        forge("proof-dropped", "a leaf without its proof", world, scope, f -> f.dropProof(decision), "proof-missing");
        forge(
                "proof-of-another",
                "the proof of another leaf",
                world,
                scope,
                f -> f.proof(decision, f.proof(earlier)),
                "proof-foreign");
        forge(
                "leaf-moved",
                "a leaf, its proof and its body at another index",
                world,
                scope,
                f -> f.moveLeaf(f.lastLeaf(), f.lastLeaf() + 1),
                "proof-foreign");
        forge(
                "leaf-unwanted",
                "a record that the scope does not lead to",
                world,
                new Scope.Session(world.agent().stream()),
                f -> f.scope(scope),
                "leaf-unwanted");
        forge(
                "scope-missing",
                "an action that is not there",
                world,
                scope,
                f -> f.scope(new Scope.Action(RecordId.NONE)),
                "scope-missing");
    }

    private static Json.Obj widened(Json.Obj facts) {
        if (facts.members().get("grant") instanceof Json.Obj grant) {
            return facts.with("grant", grant.with("windowMillis", Json.of(86_400_000)));
        }
        throw new IllegalStateException("no grant");
    }

    private static Hash other() {
        return Hash.of(new byte[] {1});
    }

    // ---- archives

    private void archives() {
        World world = one();
        byte[] good = world.bundle(ALL).bytes();
        Optional<TrustPolicy> trust = Optional.of(world.trust());
        add("zip-truncated", "without its last byte", Arrays.copyOf(good, good.length - 1), trust, "zip-truncated");
        add("zip-more", "a byte after the end", Arrays.copyOf(good, good.length + 1), trust, "zip-form");
        byte[] checksum = good.clone();
        checksum[50] ^= 1;
        add("zip-checksum", "a byte of the manifest changed", checksum, trust, "zip-checksum");
        byte[] dated = good.clone();
        dated[12] ^= 2;
        add("zip-date", "a file with another date", dated, trust, "zip-form");
        byte[] flags = good.clone();
        flags[6] = 8;
        add("zip-descriptor", "a file with a data descriptor by its flags", flags, trust, "zip-form");
        add("zip-not", "not an archive", "jurat".getBytes(StandardCharsets.US_ASCII), trust, "zip-not");
    }

    // ---- whoever has the log's keys

    /** An identity whose token says more than its statement; a log that asks for bodies does not admit it. */
    private void wider(String name, String what, UnaryOperator<Json.Obj> change) {
        World world = World.claimed();
        Execution execution = world.execution().claims(change);
        world.admit(
                execution.intent().sign(),
                execution.context().sign(),
                execution.decision().sign(),
                execution.contract().sign());
        execution.identity().append();
        execution.used();
        admitted(name, what, world, "token-claims");
    }

    private void admitted(String name, String what, World world, String... codes) {
        add(name, what, world.bundle(ALL).bytes(), Optional.of(world.trust()), codes);
    }

    /** What administrators say of an agent, and a log that took evidence which shows nothing. */
    private void said() {
        World described = World.onP256();
        PrincipalDrafts drafts = new PrincipalDrafts(described);
        Party by = described.administrator();
        String agent = described.agent().principal();
        VerifyKey key = World.p256Key("agent").verifyKey();
        drafts.describes(by, agent, "production", Optional.of(by.principal())).admit();
        certified(drafts, by, agent, key, agent).admit();
        Execution action = described.execution().run();
        accept(
                "action-of-an-agent-that-is-described",
                "an action of an agent whose environment and owner are known, and whose key is in a TPM",
                described,
                new Scope.Action(action.id(Kind.INTENT)));
        World taken = World.onP256();
        String point = taken.point().principal();
        certified(new PrincipalDrafts(taken), taken.administrator(), agent, key, point)
                .append();
        admitted(
                "admitted-custody-by-evidence-of-another",
                "the log holds a custody with evidence that was made for another principal",
                taken,
                "evidence-not-of-body");
    }

    private static Draft certified(PrincipalDrafts drafts, Party by, String agent, VerifyKey key, String challenged) {
        byte[] challenge = PrincipalDetails.Custody.challenge(challenged, key.text());
        TpmEvidence evidence = TpmForgery.certificate("attestation key", key, challenge);
        try {
            return drafts.certifies(by, agent, key.text(), evidence.attestationKeyName(), evidence.bytes());
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A thief of a key, and what is done about it; where the log let a forgery in, every reader says so. */
    private void keys() {
        World rotated = one();
        new Successions(rotated)
                .rotates("agent", SignerType.AGENT, "agent", "agent-next")
                .draft()
                .admit();
        Party next = new Successions(rotated)
                .session("agent", "agent-next", "agent-2")
                .admitAndJoin();
        Execution later = rotated.execution(next, rotated.point()).run();
        accept(
                "action-under-a-key-that-follows",
                "an action of a session that the agent's second key opened",
                rotated,
                new Scope.Action(later.id(Kind.INTENT)));
        World stolen = World.claimed();
        Successions successions = new Successions(stolen);
        Party second = successions.secondAdministrator();
        stolen.execution().run();
        long theft = stolen.log().leaves().size();
        Execution suspect = stolen.execution().run();
        successions
                .compromised(stolen.administrator(), second, "agent", SignerType.AGENT, "agent", theft)
                .admit();
        successions
                .recovers("agent", SignerType.AGENT, "agent", "agent-next", stolen.administrator(), second)
                .draft()
                .admit();
        accept(
                "action-that-is-suspect",
                "an action between the boundary of a stolen key and the report of it",
                stolen,
                new Scope.Action(suspect.id(Kind.INTENT)));
        accept("stolen-key", "the whole log of that", stolen, ALL);
        World left = one();
        Execution before = left.execution().run();
        Successions ofTheLeft = new Successions(left);
        ofTheLeft.secondAdministrator();
        ofTheLeft
                .rotates("administrator", SignerType.HUMAN, "administrator", "administrator-next")
                .draft()
                .admit();
        ofTheLeft
                .compromised(left.administrator(), "administrator", SignerType.HUMAN, "administrator-next")
                .admit();
        accept(
                "action-without-the-administrator-who-is-left",
                "an administrator's newest key was reported by the one before it; that another administrator is left, the bundle does not show",
                left,
                new Scope.Action(before.id(Kind.INTENT)));

        said();
        World forged = World.claimed();
        new Successions(forged)
                .compromised(forged.administrator(), "agent", SignerType.AGENT, "agent")
                .admit();
        forged.session("agent", "agent-2").draft().append();
        admitted(
                "admitted-session-by-a-stolen-key",
                "the log holds a session that a thief opened after the key was reported",
                forged,
                "key-compromised");
        World dated = World.claimed();
        RecordId old = dated.log().clockId();
        dated.tick(86_400_000);
        dated.execution().intent().seen(old).append();
        admitted(
                "admitted-intent-of-another-day",
                "the log holds an intent that says that it has seen nothing since yesterday",
                dated,
                "session-expired");
        World doubled = World.claimed();
        Matter first = doubled.execution().intent().admit();
        doubled.execution()
                .intent()
                .sequence(first.record().header().sequence())
                .append();
        admitted(
                "admitted-second-record-of-a-number",
                "the log holds two records of one number, the second by whoever has a copy of the key",
                doubled,
                "record-conflict");
        World rotates = World.claimed();
        new Successions(rotates)
                .rotates("agent", SignerType.AGENT, "agent", "thief")
                .draft()
                .signedBy(World.key("thief"), World.key("thief"))
                .append();
        admitted(
                "admitted-rotation-by-a-stranger",
                "the log holds a next key that the agent's own did not sign for",
                rotates,
                "signature-invalid");
    }

    private void operators() {
        World contract = World.claimed();
        Execution wide = contract.execution();
        contract.admit(
                wide.intent().sign(), wide.context().sign(), wide.decision().sign());
        wide.contract().facts(BundleCases::widened).append();
        admitted(
                "admitted-wider-contract",
                "the log holds a contract wider than its decision",
                contract,
                "grant-differs",
                "terms-not-of-body");

        World approval = World.claimed();
        Execution asked = approval.execution().anySession().ask(1);
        asked.approval(approval.approver())
                .fact("terms", Json.of(other().hex()))
                .append();
        admitted(
                "admitted-approval-of-other-terms",
                "the log holds an approval over other terms",
                approval,
                "terms-differ");

        World forged = World.claimed();
        Execution use = forged.execution().authorise();
        use.use().signedBy(World.key("thief")).append();
        admitted("admitted-forged-use", "the log holds a use that its point did not sign", forged, "signature-invalid");

        Tool method = new Tool(Optional.empty(), "tools/call", "tools/call", Effect.UNKNOWN, false);
        World renamed = World.claimed();
        renamed.execution().tool(method).called("write_file").intent().append();
        admitted(
                "admitted-method-as-name",
                "an intent to call a tool that its statement names by the method",
                renamed,
                "call-not-of-body");
        World other = World.claimed();
        Execution hidden = other.execution().tool(method).ranged(2, 60_000);
        other.admit(
                hidden.intent().sign(),
                hidden.context().sign(),
                hidden.decision().sign(),
                hidden.contract().sign(),
                hidden.identity().sign());
        hidden.called("delete_everything").use().append();
        admitted(
                "admitted-method-as-name-of-use",
                "a use of another tool than the one that is granted by the method's name",
                other,
                "call-not-of-body");

        World empty = World.claimed();
        Execution unread = empty.execution();
        unread.intent().admit();
        unread.context()
                .body(b -> b.with("input", JsonBuilder.object().build()))
                .append();
        admitted("admitted-context-without-folders", "a context that names no folders", empty, "body-invalid");
        World garbled = World.claimed();
        Execution sent = garbled.execution().arguments("{\"path\":\"/srv/a\",\"path\":\"/etc/passwd\"}");
        garbled.admit(
                sent.intent().sign(),
                sent.context().sign(),
                sent.decision().sign(),
                sent.contract().sign(),
                sent.identity().sign());
        sent.use().append();
        admitted(
                "admitted-arguments-twice-named", "a use whose arguments have one name twice", garbled, "body-invalid");

        World salt = World.claimed();
        Execution proposed = salt.execution();
        proposed.intent().admit();
        proposed.context().admit();
        proposed.decision()
                .body(b -> b.with("termsSalt", Json.of("00".repeat(16))))
                .append();
        admitted("admitted-foreign-terms", "the terms are not those of the body", salt, "terms-not-of-body");

        World twice = World.claimed();
        Execution again = twice.execution().run();
        again.use().append();
        admitted("admitted-second-use", "the log holds a second use of an exact contract", twice, "contract-spent");

        World late = World.claimed();
        Execution expired = late.execution().authorise();
        late.tick(61_000);
        expired.use().append();
        admitted("admitted-expired-use", "the log holds a use after the contract's end", late, "contract-expired");

        World backwards = World.claimed();
        backwards.clock(World.START_MILLIS, World.START_MILLIS).append();
        admitted("admitted-clock-backwards", "the log holds a clock that goes back", backwards, "clock-backwards");
        World stateRoot = World.claimed();
        stateRoot.draft(stateRoot.ledger(), new LedgerFacts.State(0, Hash.ZERO)).append();
        admitted("admitted-state-root", "the ledger states another root of its state", stateRoot, "state-root");
        World stateSize = World.claimed();
        stateSize.state().admit();
        stateSize.draft(stateSize.ledger(), new LedgerFacts.State(3, Hash.ZERO)).append();
        admitted(
                "admitted-state-size",
                "the ledger states a size that is not that of the state before",
                stateSize,
                "state-size");
        World states = World.claimed();
        states.state().admit();
        states.execution().run();
        states.state().admit();
        states.state().admit();
        admitted("accept-states", "a log with the roots of its state", states);

        World pending = World.claimed();
        Execution waits = pending.execution().anySession().ask(1);
        waits.decisionAfterApproval()
                .references(waits.matter(Kind.DECISION)
                        .record()
                        .header()
                        .references()
                        .withMany("supersedes", List.of(waits.id(Kind.DECISION))))
                .append();
        admitted(
                "admitted-without-approval",
                "the log holds an allowance without the approval wanted",
                pending,
                "approval-missing");
    }

    // ---- acts

    private static final String KEPT = "records-not-of-body";

    /** Operators with the ledger's own keys, and what they say that was refused or found twice. */
    private void keepers() {
        World open = World.claimed();
        Execution hidden = open.execution().run();
        Matter violation = hidden.violation("link-escaped").peek();
        refuses(open, violation, violation);
        admitted("refused-open-kind", "a violation that vanished behind its refusal", open, "open-kind-refused");
        World other = World.claimed();
        Execution done = other.execution().run();
        refuses(other, done.violation("link-escaped").peek(), done.matter(Kind.INTENT));
        admitted("refused-another-record", "a refusal that keeps another record than it names", other, KEPT);
        World none = World.claimed();
        refuses(none, none.execution().intent().peek());
        admitted("refused-nothing-kept", "a refusal that keeps no record", none, KEPT);
        World forged = World.claimed();
        Execution next = forged.execution();
        Matter unsigned = next.intent().signedBy(World.key("thief")).peek();
        refuses(forged, unsigned, unsigned);
        admitted("refused-forged-record", "a refusal of a record that nobody of that stream signed", forged, FORGED);
        World cloned = World.claimed();
        Matter first = cloned.execution().intent().admit();
        Matter second = cloned.execution()
                .intent()
                .sequence(first.record().header().sequence())
                .signedBy(World.key("thief"))
                .peek();
        doubled(cloned, first, second.id(), second);
        admitted("conflict-forged-record", "a conflict with a record that its stream did not sign", cloned, FORGED);
        World twice = World.claimed();
        Matter intent = twice.execution().intent().admit();
        doubled(twice, intent, twice.execution().intent().peek().id());
        admitted("conflict-nothing-kept", "a conflict that keeps no record", twice, KEPT);
    }

    private static final String FORGED = "signature-invalid";

    private static void doubled(World world, Matter there, RecordId second, Matter... kept) {
        Header header = there.record().header();
        world.draft(world.ledger(), new LedgerFacts.Conflict(header.stream(), header.sequence(), second, there.id()))
                .body(b -> new LedgerDetails(kept(kept)).toJson())
                .append();
    }

    private static List<LedgerDetails.Kept> kept(Matter... matters) {
        return Arrays.stream(matters)
                .map(one -> LedgerDetails.Kept.of(one.record(), one.body().map(Body::bytes)))
                .toList();
    }

    private static void refuses(World world, Matter named, Matter... kept) {
        Header header = named.record().header();
        LedgerFacts.RefusedRecord entry = new LedgerFacts.RefusedRecord(
                header.stream(), header.sequence(), named.id(), "seen-too-old", Optional.empty(), Optional.empty());
        world.draft(world.ledger(), new LedgerFacts.Refused(List.of(entry)))
                .body(b -> new LedgerDetails(kept(kept)).toJson())
                .append();
    }

    /** Publications that say something else than what they publish. */
    private void publishers() {
        Json.Obj floors = JsonBuilder.object()
                .put("destroy", 2)
                .put("read", 0)
                .put("unknown", 2)
                .put("write", 1)
                .build();
        RegistryFacts.Floors strict = new RegistryFacts.Floors(0, 1, 2, 2);
        publishes("accept-published-policy", "a policy under its own name and floors", "strict@v1", strict, floors);
        publishes("policy-other-name", "a policy under another name", "lenient@v9", strict, floors, DIFFERS);
        publishes(
                "policy-other-floors",
                "a policy without its floors",
                "strict@v1",
                RegistryFacts.Floors.NONE,
                floors,
                DIFFERS);
        World profile = World.claimed();
        profile.draft(
                        profile.administrator(),
                        new RegistryFacts.Profile(
                                profile.profileArtefact(),
                                "other@1.0.0",
                                RegistryFacts.Publication.AVAILABLE,
                                List.of()))
                .append();
        admitted("profile-other-name", "a tool profile under another name", profile, DIFFERS);
        World kind = World.claimed();
        kind.draft(
                        kind.administrator(),
                        new RegistryFacts.Policy(
                                kind.profileArtefact(),
                                "files@1.0.0",
                                RegistryFacts.Publication.DEFAULT,
                                RegistryFacts.Floors.NONE))
                .append();
        admitted("policy-that-is-a-profile", "a tool profile published as a policy", kind, DIFFERS);
    }

    private static final String DIFFERS = "artefact-differs";

    private void publishes(
            String name, String what, String published, RegistryFacts.Floors said, Json.Obj floors, String... codes) {
        World world = World.claimed();
        Hash artefact = world.log()
                .artefact(CanonicalJson.write(JsonBuilder.object()
                        .put("engine", "cedar")
                        .put("floors", floors)
                        .put("name", "strict@v1")
                        .put("policies", "")
                        .put("type", "https://jurat.dev/policy/v1")
                        .build()));
        world.draft(
                        world.administrator(),
                        new RegistryFacts.Policy(artefact, published, RegistryFacts.Publication.DEFAULT, said))
                .append();
        admitted(name, what, world, codes);
    }

    private void acts() {
        admitted(
                "beyond-target",
                "a ranged use outside its targets",
                ranged("{\"path\":\"/etc/passwd\"}"),
                "beyond-target");
        admitted(
                "beyond-dots",
                "a ranged use that climbs out by dots",
                ranged("{\"path\":\"/srv/../etc/passwd\"}"),
                "beyond-target");
        admitted(
                "beyond-limit",
                "a ranged use with an argument beyond its limits",
                ranged("{\"content\":\"\",\"path\":\"/srv/a\"}"),
                "beyond-property");
        admitted(
                "path-percent",
                "a ranged use with a percent escape",
                ranged("{\"path\":\"/srv/%2e%2e/a\"}"),
                "path-percent");
        World token = World.claimed();
        token.execution()
                .claims(c -> c.with("iss", Json.of("https://other.example")))
                .run();
        admitted("token-claims", "a token of another issuer than the log", token, "token-claims");
        wider("token-audience", "a token for another point", c -> c.with("aud", Json.of("system/ledger")));
        wider(
                "token-actor",
                "a token of another actor",
                c -> c.with("client_id", Json.of("home/other")).with("sub", Json.of("home/other")));
        wider("token-end", "a token that outlives its identity", c -> c.with("exp", Json.of(4_000_000_000L)));
        wider("token-further-claim", "a token with a claim that is none of ours", c -> c.with("scope", Json.of("*")));
        wider(
                "token-other-key",
                "a token bound to another key",
                c -> c.with(
                        "cnf",
                        JsonBuilder.object()
                                .put("jurat_key", World.key("thief").verifyKey().text())
                                .build()));
        World violation = World.claimed();
        Execution swapped = violation.execution().run();
        swapped.violation("link-swapped").admit();
        admitted("violation", "a violation that the point recorded", violation, "link-swapped");
        World repeated = World.claimed();
        Execution second = repeated.execution().run();
        second.outcome(Result.NOT_SENT).admit();
        admitted("outcome-repeated", "two outcomes of one use", repeated, "outcome-repeated");
        World foreign = World.claimed();
        Execution elsewhere = foreign.execution().authorise();
        elsewhere.use().admit();
        foreign.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
        Party stranger = foreign.session("point-2", "point-2-1").admitAndJoin();
        foreign.draft(stranger, outcomeFacts())
                .references(References.of("use", elsewhere.id(Kind.USE)))
                .body(b -> new ExecutionDetails.Outcome(1, Optional.empty(), Optional.empty()).toJson())
                .admit();
        accept("foreign-outcome", "an outcome by another point, which is not counted", foreign, ALL);
        World slander = World.claimed();
        Execution sound = slander.execution().run();
        slander.draft(slander.agent(), new ExecutionFacts.Violation("path-moved"))
                .references(References.of("use", sound.id(Kind.USE)))
                .body(b -> new ExecutionDetails.Violation("a lie", List.of()).toJson())
                .admit();
        accept("foreign-violation", "a violation that the agent claims, which is not counted", slander, ALL);
        World stray = World.claimed();
        Execution victim = stray.execution().run();
        RecordId seen = stray.observation(stray.point(), "tools/list").admit().id();
        stray.draft(stray.agent(), new ExecutionFacts.Violation("path-moved"))
                .references(References.of("use", victim.id(Kind.USE)))
                .header(h -> new Header(
                        h.kind(), h.stream(), h.signer(), h.sequence(), h.previous(), seen, h.references(), h.suite()))
                .body(b -> new ExecutionDetails.Violation("a lie", List.of()).toJson())
                .admit();
        stray.tick(100);
        accept(
                "action-slandered",
                "one action that somebody else wrote about, with a stray clock",
                stray,
                new Scope.Action(victim.id(Kind.INTENT)));
        dropped();
        redacted();
        partlySecret();
        classed();
        launched();
        led();
    }

    /** A call that was asked for when its name led to one file, and what the context says of that. */
    private void led() {
        World sound = World.claimed();
        Execution asked = sound.execution();
        led(asked, "/srv/a.txt", "/srv/a.txt");
        accept(
                "resources",
                "a call of which the contract rests on where the context says that its name leads",
                sound,
                ALL);

        sound.tick(100);
        Scope action = new Scope.Action(asked.id(Kind.INTENT));
        judged("resources-action", "the same call as one action", sound, action, "asserted:definition");
        sound.log().erase(asked.id(Kind.CONTEXT));
        judged(
                "resources-unsaid",
                "the same without what the context said",
                sound,
                action,
                "asserted:context-body,definition");

        World swapped = World.claimed();
        led(swapped.execution(), "/srv/a.txt", "/etc/passwd");
        admitted(
                "beyond-resources",
                "a contract that rests on a name leading elsewhere than the context says",
                swapped,
                "beyond-assumption");
    }

    private static void led(Execution call, String decided, String said) {
        call.proposal(p -> new Proposal(
                p.offer(),
                p.targets(),
                p.limits(),
                List.of(Assumption.resources(led(decided))),
                p.duties(),
                p.revocation()));
        call.intent().admit();
        call.context()
                .body(b -> b.with(
                        "input",
                        ((Json.Obj) java.util.Objects.requireNonNull(b.members().get("input")))
                                .with("resources", led(said))))
                .admit();
        call.decision().admit();
        call.contract().admit();
        call.identity().admit();
        call.used();
    }

    private static Json.Arr led(String resolved) {
        return new Json.Arr(List.of(JsonBuilder.object()
                .put("inside", true)
                .put("kind", "path")
                .put("name", "/srv/a.txt")
                .put("resolved", resolved)
                .put("root", "/srv")
                .build()));
    }

    /** An approval that rests on how the server was started, and a session of the point in which it was started so or not. */
    private void launched() {
        Launch test = launch("test.sqlite");
        World same = World.claimed();
        Party asking = launching(same, "point-asks", test);
        Execution asked = same.execution(same.agent(), asking)
                .anySession()
                .launched(test.digest())
                .ask(1);
        asked.approvedBy(same.approver()).used();
        accept("launched", "an approved call of a server that was started as it was when people were asked", same, ALL);

        same.tick(100);
        Scope action = new Scope.Action(asked.id(Kind.INTENT));
        judged("launched-action", "the same call as one action", same, action, "asserted:definition");
        same.log().erase(same.log().lifecycle().recordAt(asking.stream(), 0).orElseThrow());
        judged(
                "launched-unsaid",
                "the same without what the session said",
                same,
                action,
                "asserted:definition,session-body");

        World other = World.claimed();
        Party production = launching(other, "point-elsewhere", launch("production.sqlite"));
        other.execution(other.agent(), production)
                .anySession()
                .launched(test.digest())
                .ask(1)
                .approvedBy(other.approver())
                .used();
        admitted(
                "beyond-launch",
                "a use in a session whose server was started over other data than the contract rests on",
                other,
                "beyond-assumption");

        World silent = World.claimed();
        silent.execution().launched(test.digest()).run();
        admitted(
                "beyond-launch-unsaid",
                "a use in a session that does not say how its server was started",
                silent,
                "beyond-assumption");

        World garbled = World.claimed();
        garbled.session("point", "point-garbled")
                .draft()
                .body(b -> b.with("launch", test.toJson().with("salt", Json.of("00"))))
                .append();
        admitted("launch-ill-formed", "a session's body with a salt that is none", garbled, "body-invalid");

        World invented = World.claimed();
        Party point = launching(invented, "point-invents", test);
        Execution decided = invented.execution(invented.agent(), point).launched(test.digest());
        invented.admit(
                decided.intent().sign(),
                decided.context()
                        .fact(
                                "launch",
                                Json.of(launch("production.sqlite").digest().hex()))
                        .sign(),
                decided.decision().sign(),
                decided.contract().sign(),
                decided.identity().sign());
        decided.used();
        admitted(
                "beyond-assumption",
                "a contract that rests on another fact than the context has",
                invented,
                "beyond-assumption");
    }

    /** An accepted bundle of which the permission of its one action is the point. */
    private void judged(String name, String what, World world, Scope scope, String permission) {
        cases.add(new Case(
                name,
                what,
                world.bundle(scope).bytes(),
                Optional.of(world.trust()),
                List.of(),
                Optional.empty(),
                Optional.of(permission)));
    }

    private static Launch launch(String database) {
        return Launch.of(
                List.of("my-db-server", "--db", database),
                "/srv",
                "/usr/bin/my-db-server",
                Map.of("DB_PASSWORD", "db"),
                World.key("point"));
    }

    private static Party launching(World world, String session, Launch launch) {
        World.Entrance entrance = world.session("point", session);
        entrance.draft()
                .body(b -> b.with(
                                "server",
                                new Json.Arr(launch.command().stream()
                                        .<Json>map(Json::of)
                                        .toList()))
                        .with("launch", launch.toJson()));
        return entrance.admitAndJoin();
    }

    /** What a bringer leaves out of the middle of a point's stream. */
    private void dropped() {
        World world = World.claimed();
        Execution first = world.execution().authorise();
        first.use().admit();
        first.outcome(Result.SUCCESS).admit();
        first.violation("path-moved").admit();
        world.execution().run();
        world.tick(100);
        long violation = world.indexOf(Kind.VIOLATION);
        long outcome = world.indexOf(Kind.OUTCOME);
        Scope session = new Scope.Session(world.agent().stream());
        forge(
                "session-violation-dropped",
                "a violation left out of a session",
                world,
                session,
                f -> f.dropLeaf(violation),
                "sequence-gap");
        forge(
                "session-outcome-dropped",
                "an outcome left out of a session",
                world,
                session,
                f -> f.dropLeaf(outcome),
                "sequence-gap");
        World ended = World.claimed();
        Execution only = ended.execution().authorise();
        only.use().admit();
        only.outcome(Result.SUCCESS).admit();
        ended.sessionEnd(ended.point()).admit();
        ended.tick(100);
        Scope action = new Scope.Action(only.id(Kind.INTENT));
        long last = ended.indexOf(Kind.OUTCOME);
        accept("ended", "one action of a session that has ended", ended, action);
        forge(
                "action-outcome-dropped",
                "the outcome left out, before the end of the session",
                ended,
                action,
                f -> f.dropLeaf(last),
                "sequence-gap");
        World busy = busy();
        Execution shown = busy.execution().run();
        busy.tick(100);
        long passing = busy.indexOf(Kind.USE);
        forge(
                "passing-body",
                "a body of a record that is there for its place in the stream alone",
                busy,
                new Scope.Action(shown.id(Kind.INTENT)),
                f -> f.body(passing, "{}".getBytes(StandardCharsets.UTF_8)),
                "body-unwanted");
        forge(
                "passing-dropped",
                "a record of a point about another action left out",
                busy,
                new Scope.Action(shown.id(Kind.INTENT)),
                f -> f.dropLeaf(passing),
                "sequence-gap");
    }

    /** Bodies that leave out what the profile does not mark secret. */
    private void redacted() {
        World world = World.claimed();
        Execution x = world.execution().arguments("{\"path\":\"/etc/shadow\"}");
        Json.Obj kept = JsonBuilder.object()
                .put(
                        "path",
                        JsonBuilder.object()
                                .put("exact", "\"/srv/harmless.txt\"")
                                .build())
                .build();
        UnaryOperator<Json.Obj> lie = b -> b.without("arguments").with("redacted", kept);
        x.intent().body(lie).admit();
        x.context().admit();
        world.admit(x.decision().sign(), x.contract().sign(), x.identity().sign());
        x.use().body(lie).admit();
        x.outcome(Result.SUCCESS).admit();
        admitted("redaction-unfounded", "other arguments shown, as if some were secret", world, "redaction-unfounded");
        World effect = World.claimed();
        effect.execution().tool(effect.tool("delete_file", Effect.READ, true)).run();
        admitted("effect-differs", "a tool called by a milder effect than its profile says", effect, "effect-differs");
        accept("resources-named", "a use whose body names what it touches", naming("/srv/notes.txt"), ALL);
        admitted(
                "resources-differ",
                "a use whose body names another file",
                naming("/srv/harmless.txt"),
                "resources-differ");
    }

    /** Bodies that leave out what is secret, and what the rest of them shows. */
    private void partlySecret() {
        Tool write = World.claimed().tool("write_file", Effect.WRITE, true);
        World sound = secret(write, "/srv/a.txt", Optional.empty(), false);
        judged("redacted", "a use of which one argument is secret", sound, ALL, "asserted:definition,secret-arguments");
        admitted(
                "redacted-effect-differs",
                "a tool called by a milder effect, one argument of it secret",
                secret(World.claimed().tool("delete_file", Effect.READ, true), "/srv/a.txt", Optional.empty(), false),
                "effect-differs");
        admitted(
                "redacted-beyond-target",
                "a file outside the targets, another argument secret",
                secret(write, "/etc/passwd", Optional.empty(), false),
                "beyond-target");
        admitted(
                "redacted-resources-differ",
                "a body that names another file than its arguments, one of them secret",
                secret(write, "/srv/a.txt", Optional.of("/srv/harmless.txt"), false),
                "resources-differ");
        admitted(
                "redacted-beyond-limit",
                "a secret argument that the limits do not list",
                secret(write, "/srv/a.txt", Optional.empty(), true),
                "beyond-property");
    }

    /** A use whose body keeps a digest in place of what was to be written. */
    private static World secret(Tool tool, String path, Optional<String> named, boolean ranged) {
        World world = World.claimed();
        Execution x = world.execution().tool(tool).arguments("{\"content\":\"s\",\"path\":\"" + path + "\"}");
        Execution call = ranged ? x.ranged(2, 60_000) : x;
        call.authorise();
        Json.Obj kept = JsonBuilder.object()
                .put(
                        "content",
                        JsonBuilder.object().put("digest", other().hex()).build())
                .put(
                        "path",
                        JsonBuilder.object().put("exact", "\"" + path + "\"").build())
                .build();
        call.use()
                .body(body -> {
                    Json.Obj shown = body.without("arguments").with("redacted", kept);
                    return named.map(name -> shown.with("resources", new Json.Arr(List.of(Json.of(name)))))
                            .orElse(shown);
                })
                .admit();
        call.outcome(Result.SUCCESS).admit();
        return world;
    }

    /** A tool that the server listed with a definition, and who says that its profile is for that one. */
    private void classed() {
        Hash written = Hash.of("definition/read_text_file".getBytes(StandardCharsets.US_ASCII));
        Json known = Json.of(true);
        judged(
                "definition",
                "a call of a tool with a definition that its profile was written for",
                listed(World.claimed(), written, known),
                ALL,
                "within");
        judged(
                "definition-accepted",
                "a call of a tool with a definition that an administrator had accepted",
                listed(accepting("read_text_file"), other(), known),
                ALL,
                "within");
        World part = accepting("read_text_file");
        Execution one = listedCall(part, other(), known);
        part.tick(100);
        judged(
                "definition-accepted-action",
                "the same call as one action",
                part,
                new Scope.Action(one.id(Kind.INTENT)),
                "within");
        classed(
                "definition-unknown",
                "a call of a tool whose definition the profile was not written for",
                listed(World.claimed(), other(), known));
        classed(
                "definition-unaccepted",
                "a call that the context itself says is of no accepted definition",
                listed(World.claimed(), written, Json.of(false)));
        classed(
                "definition-of-another",
                "a definition that was accepted for another tool",
                listed(accepting("write_file"), other(), known));
        World later = World.claimed();
        listedCall(later, other(), known);
        accept(later, "read_text_file", RegistryFacts.Publication.AVAILABLE);
        classed("definition-accepted-later", "a definition that was accepted after the decision", later);
        World again = accepting("read_text_file");
        accept(again, "", RegistryFacts.Publication.WITHDRAWN);
        accept(again, "", RegistryFacts.Publication.AVAILABLE);
        classed(
                "definition-withdrawn",
                "a definition that was accepted before the profile was withdrawn and published anew",
                listed(again, other(), known));
        World bare = World.claimed();
        bare.execution()
                .tool(new Tool(Optional.empty(), "tools/call", "read_text_file", Effect.READ, true))
                .run();
        classed("without-profile", "a call that is said to read, of a tool without any profile", bare);
        World prompt = World.claimed();
        prompt.execution()
                .tool(new Tool(
                        Optional.of(prompt.profileArtefact()), "prompts/get", "read_text_file", Effect.READ, true))
                .run();
        classed("of-prompt", "a prompt that is classed by a profile of tools", prompt);
        World invented = World.claimed();
        Hash mild = profile(invented);
        invented.execution()
                .tool(new Tool(Optional.of(mild), "tools/call", "delete_file", Effect.READ, true))
                .run();
        classed("unpublished", "a tool that is classed by a profile that nobody published", invented);
        invented.tick(100);
        RecordId intent =
                invented.log().leaves().get((int) invented.indexOf(Kind.INTENT)).id();
        add(
                "profile-unpublished",
                "the same call as one action",
                invented.bundle(new Scope.Action(intent)).bytes(),
                Optional.of(invented.trust()),
                "effect-differs");
        World named = World.claimed();
        Hash unpublished = profile(named);
        Execution plain = named.execution();
        plain.intent().admit();
        plain.context().fact("profile", Json.of(unpublished.hex())).admit();
        named.admit(
                plain.decision().sign(),
                plain.contract().sign(),
                plain.identity().sign());
        plain.used();
        accept("artefact-of-a-context", "an artefact that the context alone names, as its profile", named, ALL);
        World gone = accepting("read_text_file");
        accept(gone, "", RegistryFacts.Publication.WITHDRAWN);
        judged(
                "profile-withdrawn",
                "a call that was decided after its profile was withdrawn",
                listed(gone, written, known),
                ALL,
                "asserted:profile");
    }

    /** An artefact like the world's profile, but for a milder effect of one tool. */
    private static Hash profile(World world) {
        String text = new String(
                java.util.Objects.requireNonNull(world.log().artefacts().get(world.profileArtefact())),
                StandardCharsets.UTF_8);
        return world.log()
                .artefact(text.replace(
                                "\"effect\":\"destroy\",\"idempotent\":false",
                                "\"effect\":\"read\",\"idempotent\":true")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void classed(String name, String what, World world) {
        admitted("effect-differs-" + name, what, world, "effect-differs");
    }

    private static World accepting(String tool) {
        World world = World.claimed();
        accept(world, tool, RegistryFacts.Publication.AVAILABLE);
        return world;
    }

    /** What the administrator says of the profile: that it is there, with one definition more where a tool is named; or that it is not. */
    private static void accept(World world, String tool, RegistryFacts.Publication use) {
        List<RegistryFacts.Accepted> accepts =
                tool.isEmpty() ? List.of() : List.of(new RegistryFacts.Accepted(tool, other()));
        world.draft(
                        world.administrator(),
                        new RegistryFacts.Profile(world.profileArtefact(), "files@1.0.0", use, accepts))
                .admit();
    }

    private static World listed(World world, Hash definition, Json known) {
        listedCall(world, definition, known);
        return world;
    }

    private static Execution listedCall(World world, Hash definition, Json known) {
        Execution x = world.execution();
        x.intent().admit();
        x.context()
                .fact("definition", Json.of(definition.hex()))
                .fact("known", known)
                .admit();
        world.admit(x.decision().sign(), x.contract().sign(), x.identity().sign());
        return x.used();
    }

    /** A use whose body says that it touches this. */
    private static World naming(String resource) {
        World world = World.claimed();
        Execution x = world.execution();
        x.intent().admit();
        x.context().admit();
        world.admit(x.decision().sign(), x.contract().sign(), x.identity().sign());
        Json names = new Json.Arr(List.of(Json.of(resource)));
        x.use().body(body -> body.with("resources", names)).admit();
        x.outcome(Result.SUCCESS).admit();
        return world;
    }

    private static ExecutionFacts.Outcome outcomeFacts() {
        return new ExecutionFacts.Outcome(Result.NOT_SENT, Optional.empty(), 0);
    }

    // ---- trust

    private void trusted() {
        World world = one();
        Bundle bundle = world.bundle(ALL);
        add("unanchored", "no trust policy", bundle.bytes(), Optional.empty(), "unanchored");
        NoteVerifier other = NoteVerifier.log(World.ORIGIN, World.key("other").verifyKey());
        add(
                "trust-other-key",
                "the reader trusts another key",
                bundle.bytes(),
                Optional.of(new TrustPolicy(other, Optional.empty(), Optional.empty())),
                "trust-log",
                "note-signature-missing");
        NoteVerifier host =
                NoteVerifier.log("other.example", world.checkpointKey().verifyKey());
        add(
                "trust-other-origin",
                "the reader trusts another log",
                bundle.bytes(),
                Optional.of(new TrustPolicy(host, Optional.empty(), Optional.empty())),
                "trust-log",
                "note-signature-missing");
        add(
                "trust-other-genesis",
                "the reader knows another genesis",
                bundle.bytes(),
                Optional.of(new TrustPolicy(world.logKey(), Optional.of(RecordId.NONE), Optional.empty())),
                "trust-genesis");
        NoteSigner witness = NoteSigner.cosigner("witness.example", World.key("witness"));
        TrustPolicy quorum = new TrustPolicy(
                world.logKey(),
                Optional.of(world.log().genesisId()),
                Optional.of(new TrustPolicy.Witnesses.Counted(1, List.of(witness.verifier()))));
        add("witness-missing", "the witness did not sign", bundle.bytes(), Optional.of(quorum), "witness-quorum");
        var note = world.checkpoint();
        var cosigned = note.with(witness.cosign(note.text(), World.START_MILLIS / 1000));
        add(
                "accept-witnessed",
                "a checkpoint with the witness that the reader asks for",
                world.bundle(ALL, cosigned).bytes(),
                Optional.of(quorum));
        NoteSigner second = NoteSigner.cosigner("other.example", World.key("other witness"));
        String both = "witness a " + witness.verifier().text() + "\nwitness b "
                + second.verifier().text() + "\ngroup both all a b\nquorum both\n";
        add(
                "witness-policy-short",
                "of two witnesses whom the reader's tlog-policy asks for together, one signed",
                world.bundle(ALL, cosigned).bytes(),
                Optional.of(asking(world, both)),
                "witness-quorum");
        add(
                "accept-witness-policy",
                "a checkpoint with the quorum of the reader's tlog-policy",
                world.bundle(ALL, cosigned.with(second.cosign(note.text(), World.START_MILLIS / 1000)))
                        .bytes(),
                Optional.of(asking(world, both)));
    }

    private static TrustPolicy asking(World world, String policy) {
        try {
            TlogPolicy read = TlogPolicy.parse(policy.getBytes(StandardCharsets.UTF_8));
            return new TrustPolicy(
                    world.logKey(),
                    Optional.of(world.log().genesisId()),
                    Optional.of(new TrustPolicy.Witnesses.ByPolicy(read)));
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- worlds

    private static World one() {
        World world = World.claimed();
        world.execution().run();
        return world;
    }

    /** A call that the policy denied. */
    private static Execution denied(World world) {
        Execution refused = world.execution();
        world.admit(
                refused.intent().sign(),
                refused.context().sign(),
                refused.denial("outside").sign());
        return refused;
    }

    private static World busy() {
        World world = one();
        world.execution().run();
        return world;
    }

    private static World onP256() {
        World world = World.onP256();
        world.execution().anySession().ask(1).approvedBy(world.approver()).used();
        return world;
    }

    private static World approved() {
        World world = World.claimed();
        world.execution().anySession().ask(1).approvedBy(world.approver()).used();
        return world;
    }

    private static World observed() {
        World world = World.unclaimed();
        world.execution().observed().run();
        return world;
    }

    private static World ranged(String arguments) {
        World world = World.claimed();
        world.execution()
                .ranged(2, 60_000)
                .authorise()
                .used()
                .arguments(arguments)
                .used();
        return world;
    }
}
