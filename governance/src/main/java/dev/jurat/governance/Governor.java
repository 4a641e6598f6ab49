package dev.jurat.governance;

import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.PolicyOutcome;
import dev.jurat.governance.policy.PolicyOutcome.Allow;
import dev.jurat.governance.policy.PolicyOutcome.Because;
import dev.jurat.governance.policy.PolicyOutcome.Deny;
import dev.jurat.governance.policy.PolicyOutcome.Pending;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Lifecycle.DecisionStanding;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.AuthorityFacts.Outcome;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Turns a signed intent into a decision under the published policy, and, where that allows it, into a contract; asks the policy again when
 * people have approved. Thread-safe.
 *
 * <p>Security property: each decision names the policy by digest and carries the digest of the whole proposal; after an approval it is made
 * again under the same salt, and where its terms differ the approval counts for nothing. What it holds between calls is on the ledger: a
 * restart loses nothing.
 */
public final class Governor {
    private final ReentrantLock resuming = new ReentrantLock();
    private final LedgerDoor ledger;
    private final GrantIndex index;
    private final Lanes lanes;
    private final PolicyShelf policies;
    private final ProfileShelf profiles;
    private final RandomSource random;

    public Governor(
            LedgerDoor ledger,
            GrantIndex index,
            Lanes lanes,
            PolicyShelf policies,
            ProfileShelf profiles,
            RandomSource random) {
        this.ledger = ledger;
        this.index = index;
        this.lanes = lanes;
        this.policies = policies;
        this.profiles = profiles;
        this.random = random;
    }

    /**
     * Decides on an intent that is not on the ledger yet.
     *
     * @param wanted what the identity is asked for
     * @return the group [intent, context, decision, contract], the last where the call is allowed now
     * @throws FormatException where record or body are no intent that could be decided on; nothing is recorded
     * @throws PushedBackException {@code stream-unknown} if the intent's session is not on the ledger; {@code policy-missing} if no policy
     *     is published
     */
    public Draft deliberate(SignedRecord intent, Body body, PointFacts point, Wanted wanted)
            throws FormatException, PushedBackException {
        Case one = Case.of(intent, body, point);
        Ruling ruling = rule(one, 0, wanted, false);
        return draft(
                one,
                ruling,
                Optional.of(new Entry(intent, Optional.of(body))),
                Salt.of(random.bytes(Salt.BYTES)),
                Optional.empty(),
                List.of());
    }

    /**
     * Continues a pending decision, if people have said enough: decides again and contracts, or denies after a rejection.
     *
     * @return whether a new decision stands
     */
    public boolean resume(RecordId decision) throws PushedBackException {
        // An approval and the call that waits for it both come here: one decides again, the other finds it decided.
        resuming.lock();
        try {
            return resumeAlone(decision);
        } finally {
            resuming.unlock();
        }
    }

    private boolean resumeAlone(RecordId decision) throws PushedBackException {
        Optional<DecisionStanding> found = ledger.ask(state -> state.decision(decision));
        if (found.isEmpty() || found.get().superseded() || found.get().facts().outcome() != Outcome.PENDING) {
            return false;
        }
        DecisionStanding pending = found.get();
        boolean enough = counted(pending).size() >= pending.facts().wanted();
        if (!pending.rejected() && !enough) {
            return false;
        }
        Receipt receipt = decideAgain(decision, pending);
        if (receipt.isOvertaken()) {
            receipt = decideAgain(decision, pending);
        }
        Optional<String> broken = receipt.firstBroken();
        if (broken.isPresent()) {
            throw new PushedBackException(broken.get(), "the decision after approval was refused");
        }
        return true;
    }

    private Receipt decideAgain(RecordId decision, DecisionStanding pending) throws PushedBackException {
        try (Draft draft = again(decision, pending)) {
            return draft.commit(List.of());
        }
    }

    /** How it stands with the intent that a decision was made on: the newest decision, and whose word it has; empty for no decision. */
    public Optional<Standing> standing(RecordId decision) {
        return ledger.ask(state -> state.decision(decision)
                        .flatMap(found -> state.decisionOf(found.intent()))
                        .flatMap(newest -> state.decision(newest).map(found -> Map.entry(newest, found))))
                .map(newest -> new Standing(
                        newest.getKey(),
                        newest.getValue().facts().outcome(),
                        newest.getValue().facts().reason(),
                        help(newest.getKey()),
                        newest.getValue().facts().wanted(),
                        given(newest.getKey(), newest.getValue()),
                        ledger.record(newest.getValue().intent())
                                .flatMap(intent -> suspended(intent.header().stream()))));
    }

    /** A decision that people are still asked about has their words so far; one that was made after them names those it rests on. */
    private long given(RecordId decision, DecisionStanding standing) {
        if (standing.facts().outcome() == Outcome.PENDING) {
            return counted(standing).size();
        }
        return ledger.record(decision)
                .map(record -> record.header().references().many("approvals").size())
                .orElse(0);
    }

    private Optional<String> suspended(Stream signer) {
        return ledger.ask(state -> {
            if (state.suspended(signer.principal())) {
                return Optional.of("agent");
            }
            return state.head(signer).filter(Lifecycle.StreamHead::suspended).map(head -> "session");
        });
    }

    /** The sentence that a decision has for whoever it is told to; empty where it has none, or its body was erased. */
    public String help(RecordId decision) {
        try {
            Optional<Body> body = ledger.body(decision);
            return body.isEmpty()
                    ? ""
                    : AuthorityDetails.Decision.read(body.get()).help();
        } catch (FormatException e) {
            return "";
        }
    }

    /**
     * Continues every pending decision that can be; to be called once after a start. One that cannot be, such as while no policy decides,
     * stays as it is and keeps no node from starting: a repeat of its call comes back to it.
     */
    public void resumeAll() {
        for (RecordId decision : ledger.ask(state -> state.unsettled())) {
            try {
                resume(decision);
            } catch (PushedBackException e) {
                // Nothing is decided; whoever asks for this call is told why then.
            }
        }
    }

    /**
     * What waits for people.
     *
     * @param calls those that can be shown
     * @param unreadable the decisions that nobody can be shown: a body of theirs or of their intent's is gone
     */
    public record Awaiting(List<PendingCall> calls, List<RecordId> unreadable) {}

    /** What waits for people now. */
    public Awaiting pending() {
        List<PendingCall> calls = new ArrayList<>();
        List<RecordId> unreadable = new ArrayList<>();
        for (RecordId decision : ledger.ask(state -> state.pending())) {
            ledger.ask(state -> state.decision(decision))
                    .flatMap(found -> waiting(decision, found))
                    .ifPresentOrElse(calls::add, () -> unreadable.add(decision));
        }
        return new Awaiting(List.copyOf(calls), List.copyOf(unreadable));
    }

    private Optional<PendingCall> waiting(RecordId decision, DecisionStanding standing) {
        Optional<Body> intent = ledger.body(standing.intent());
        Optional<Body> decided = ledger.body(decision);
        if (intent.isEmpty() || decided.isEmpty()) {
            return Optional.empty();
        }
        try {
            CallDetails call = CallDetails.read(intent.get());
            AuthorityDetails.Decision details = AuthorityDetails.Decision.read(decided.get());
            return details.proposed()
                    .map(proposed -> new PendingCall(
                            decision,
                            standing.intent(),
                            proposed.terms(),
                            standing.facts().wanted(),
                            standing.approvals().size(),
                            standing.facts().reason(),
                            details.help(),
                            proposed.proposal(),
                            call.name(),
                            call.arguments()));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private Draft again(RecordId decision, DecisionStanding pending) throws PushedBackException {
        Past past = past(decision, pending);
        List<RecordId> approvals = counted(pending);
        Ruling ruling = pending.rejected()
                ? denied(past.one(), Reason.REJECTED, Rejections.help(rejection(pending)))
                : rule(past.one(), approvals.size(), Wanted.of(past.one().facts()), true);
        Optional<Json> terms =
                pending.facts().grant().map(grant -> Json.of(grant.terms().hex()));
        Optional<Json> now = ruling.proposal()
                .map(proposal -> Json.of(proposal.terms(past.salt()).hex()));
        if (ruling.outcome() instanceof Allow && !now.equals(terms)) {
            ruling = denied(
                    past.one(),
                    Reason.TERMS_CHANGED,
                    "The policy or the tool changed since people were asked; ask again to have it approved anew.");
        }
        return draft(
                past.one(),
                ruling,
                Optional.empty(),
                past.salt(),
                Optional.of(decision),
                ruling.outcome() instanceof Allow ? approvals : List.of());
    }

    /** The approvals that count: admitted, of people who may approve, over the terms that were decided on. */
    private List<RecordId> counted(DecisionStanding pending) {
        Optional<Hash> terms = pending.facts().grant().map(Grant::terms);
        return pending.approvals().stream().filter(id -> counts(id, terms)).toList();
    }

    private boolean counts(RecordId id, Optional<Hash> terms) {
        Optional<SignedRecord> found = ledger.record(id);
        if (found.isEmpty() || !(found.get().statement().facts() instanceof AuthorityFacts.Approval approval)) {
            return false;
        }
        String person = found.get().header().stream().principal();
        boolean approver = ledger.ask(state -> !state.suspended(person)
                && state.principal(person)
                        .filter(p -> p.roles().contains(Role.APPROVER))
                        .isPresent());
        return approver
                && approval.verdict() == AuthorityFacts.Verdict.APPROVE
                && Optional.of(approval.terms()).equals(terms);
    }

    /** The body of the word that rejected it. */
    private Optional<Body> rejection(DecisionStanding pending) {
        return pending.approvals().stream()
                .filter(id -> ledger.record(id)
                        .filter(record -> record.statement().facts() instanceof AuthorityFacts.Approval word
                                && word.verdict() == AuthorityFacts.Verdict.REJECT)
                        .isPresent())
                .findFirst()
                .flatMap(ledger::body);
    }

    private record Past(Case one, Salt salt) {}

    /** Reads back what a pending decision rests on. */
    private Past past(RecordId decision, DecisionStanding pending) throws PushedBackException {
        try {
            SignedRecord decided = ledger.record(decision).orElseThrow(() -> missing("record"));
            SignedRecord intent = ledger.record(pending.intent()).orElseThrow(() -> missing("intent"));
            Body intentBody = ledger.body(pending.intent()).orElseThrow(() -> missing("intent's body"));
            RecordId contextId = decided.header().references().one("context");
            SignedRecord context = ledger.record(contextId).orElseThrow(() -> missing("context"));
            Body contextBody = ledger.body(contextId).orElseThrow(() -> missing("context's body"));
            Body decisionBody = ledger.body(decision).orElseThrow(() -> missing("decision's body"));
            PointFacts point = point(context, contextBody);
            Salt salt = AuthorityDetails.Decision.read(decisionBody)
                    .proposed()
                    .orElseThrow(() -> missing("proposal"))
                    .termsSalt();
            return new Past(Case.of(intent, intentBody, point), salt);
        } catch (FormatException e) {
            throw new PushedBackException("body-erased", "a pending decision cannot be continued: " + e.getMessage());
        }
    }

    private static PointFacts point(SignedRecord context, Body body) throws FormatException {
        if (!(context.statement().facts() instanceof AuthorityFacts.Context facts)) {
            throw new FormatException("kind-unwanted", "a decision names another kind as its context");
        }
        return PointFacts.of(
                facts, PolicyInput.read(AuthorityDetails.Context.read(body).input()));
    }

    private static FormatException missing(String what) {
        return new FormatException("body-erased", "its " + what + " is gone");
    }

    private Ruling denied(Case one, Reason reason, String help) throws PushedBackException {
        Ruling ruling = rule(one, 0, Wanted.of(one.facts()), true);
        Deny deny = new Deny(new Because(reason, List.of(), help));
        return new Ruling(ruling.policy(), ruling.input(), deny, Optional.empty());
    }

    private Ruling rule(Case one, int approvals, Wanted wanted, boolean anySession) throws PushedBackException {
        PolicyShelf.Chosen policy = policies.choose(one.point().observe())
                .orElseThrow(() -> new PushedBackException(
                        PushedBackException.POLICY_MISSING, "no policy is published that could decide."));
        Deciding.Standing standing = ledger.ask(state -> Deciding.Standing.of(one, state))
                .orElseThrow(
                        () -> new PushedBackException("stream-unknown", "the intent's session is not on the ledger"));
        return Deciding.rule(one, standing, policy, profiles.read(one), approvals, wanted, anySession);
    }

    private Draft draft(
            Case one,
            Ruling ruling,
            Optional<Entry> first,
            Salt salt,
            Optional<RecordId> supersedes,
            List<RecordId> approvals)
            throws PushedBackException {
        Because because = ruling.outcome().because();
        Lane lane = lanes.take();
        RecordId seen = ledger.ask(state -> state.clockId());
        List<Entry> entries = new ArrayList<>();
        first.ifPresent(entries::add);
        Entry context = lane.write(
                contextFacts(one, ruling),
                References.of("intent", one.intent().id()),
                seen,
                new AuthorityDetails.Context(ruling.input().toJson()));
        entries.add(context);
        Optional<Grant> grant = ruling.proposal().map(proposal -> proposal.grant(salt));
        References references = references(one, ruling, context.id(), supersedes, approvals);
        Entry decision = lane.write(
                decisionFacts(ruling, grant, approvals.size()),
                references,
                seen,
                new AuthorityDetails.Decision(
                        ruling.proposal().map(proposal -> proposed(one, proposal, salt)),
                        because.policies().stream().sorted().toList(),
                        because.help()));
        entries.add(decision);
        Optional<Draft.Contract> contract = Optional.empty();
        if (ruling.outcome() instanceof Allow && grant.isPresent()) {
            Proposal proposal = ruling.proposal().orElseThrow();
            Entry entry = lane.write(
                    new AuthorityFacts.Contract(grant.get()),
                    References.of("decision", decision.id()),
                    seen,
                    new AuthorityDetails.Contract(proposed(one, proposal, salt)));
            entries.add(entry);
            contract = Optional.of(new Draft.Contract(entry, proposal));
        }
        return new Draft(ledger, index, lanes, lane, entries, context.id(), decision, because, contract);
    }

    private static AuthorityFacts.Context contextFacts(Case one, Ruling ruling) {
        PolicyInput input = ruling.input();
        return new AuthorityFacts.Context(
                one.point().profile(),
                one.point().definition(),
                one.point().launch(),
                input.action().known(),
                input.unknowns());
    }

    private static References references(
            Case one, Ruling ruling, RecordId context, Optional<RecordId> supersedes, List<RecordId> approvals) {
        References references = supersedes.isPresent()
                ? References.of(
                        "intent",
                        one.intent().id(),
                        "context",
                        context,
                        "policy",
                        ruling.policy().record(),
                        "supersedes",
                        supersedes.get())
                : References.of(
                        "intent",
                        one.intent().id(),
                        "context",
                        context,
                        "policy",
                        ruling.policy().record());
        return approvals.isEmpty() ? references : references.withMany("approvals", approvals);
    }

    private static AuthorityFacts.Decision decisionFacts(Ruling ruling, Optional<Grant> grant, int approvals) {
        PolicyOutcome outcome = ruling.outcome();
        return new AuthorityFacts.Decision(
                word(outcome),
                outcome.because().reason().code(),
                ruling.policy().facts().artefact(),
                ruling.policy().ready().engine(),
                outcome instanceof Pending pending ? pending.wanted() : approvals,
                grant);
    }

    private static Outcome word(PolicyOutcome outcome) {
        return switch (outcome) {
            case Allow allow -> allow.bounds().observed() ? Outcome.OBSERVED : Outcome.ALLOW;
            case Deny ignored -> Outcome.DENY;
            case Pending ignored -> Outcome.PENDING;
        };
    }

    private static AuthorityDetails.Proposed proposed(Case one, Proposal proposal, Salt salt) {
        Optional<Salt> callSalt = proposal.offer().shape() instanceof Shape.Exact
                ? Optional.of(one.call().callSalt())
                : Optional.empty();
        return new AuthorityDetails.Proposed(proposal, salt, callSalt);
    }
}
