package dev.jurat.identity;

import dev.jurat.governance.Draft;
import dev.jurat.governance.Entry;
import dev.jurat.governance.Governor;
import dev.jurat.governance.GrantIndex;
import dev.jurat.governance.Lane;
import dev.jurat.governance.Lanes;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PushedBackException;
import dev.jurat.governance.Receipt;
import dev.jurat.governance.Wanted;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Lifecycle.DecisionStanding;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.AuthorityFacts.Outcome;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One step of a token exchange: from an intent whose signature and body were checked and what the ledger holds to an answer, without waiting for people.
 *
 * <p>Security property: an identity is minted only under a contract that is on the ledger or enters with it, and an intent that is on the
 * ledger already is answered from the ledger, never decided again. One that no decision came of goes the way of a new one: the mistake that
 * looks right but is not is to decide it at once, so that whoever submits it by itself first passes by a rejection.
 */
final class Exchange {
    private final LedgerDoor ledger;
    private final GrantIndex index;
    private final Governor governor;
    private final Lanes lanes;
    private final Minter minter;
    private final Approved approved;

    Exchange(LedgerDoor ledger, GrantIndex index, Governor governor, Lanes lanes, Minter minter) {
        this.ledger = ledger;
        this.index = index;
        this.governor = governor;
        this.lanes = lanes;
        this.minter = minter;
        this.approved = new Approved(ledger, index);
    }

    /** Where the log has an intent. */
    private enum Place {
        NEW,
        PRESENT,
        NUMBER_TAKEN
    }

    TokenAnswer step(TokenRequest request) throws FormatException, PushedBackException {
        return switch (ledger.ask(state -> place(state, request))) {
            case PRESENT -> again(request);
            case NEW -> unanswered(request, false);
            case NUMBER_TAKEN -> {
                ledger.append(List.of(new Entry(request.intent(), Optional.of(request.body()))), List.of());
                yield Answers.notTaken("conflict", "Another record has this number of the session.");
            }
        };
    }

    private static Place place(Lifecycle state, TokenRequest request) {
        Header header = request.intent().header();
        Optional<RecordId> there = state.recordAt(header.stream(), header.sequence());
        if (there.isEmpty()) {
            return Place.NEW;
        }
        return there.get().equals(request.intent().id()) ? Place.PRESENT : Place.NUMBER_TAKEN;
    }

    // ---- an intent that is on the ledger

    private TokenAnswer again(TokenRequest request) throws FormatException, PushedBackException {
        RecordId intent = request.intent().id();
        Optional<RecordId> identity = index.identityOf(intent);
        Optional<RecordId> decision = ledger.ask(state -> state.decisionOf(intent));
        if (identity.isEmpty() && decision.isEmpty()) {
            return ledger.record(intent).isPresent()
                    ? unanswered(request, true)
                    : Answers.denied(
                            Optional.empty(),
                            List.of("intent-refused"),
                            "The ledger refused this intent; sign a new one.",
                            true);
        }
        Optional<Reason> mismatch = mismatch(request);
        if (mismatch.isPresent() && !isDenied(intent)) {
            return Answers.denied(Optional.empty(), List.of(mismatch.get().code()), Wanted.help(mismatch.get()), true);
        }
        if (identity.isPresent()) {
            return reissued(identity.get(), true);
        }
        governor.resume(decision.get());
        RecordId newest = ledger.ask(state -> state.decisionOf(intent)).orElseThrow();
        DecisionStanding standing = ledger.ask(state -> state.decision(newest)).orElseThrow();
        return switch (standing.facts().outcome()) {
            case PENDING -> pending(newest, standing, true);
            case DENY ->
                Answers.denied(Optional.of(newest), List.of(standing.facts().reason()), governor.help(newest), true);
            case ALLOW, OBSERVED -> contracted(request, newest);
        };
    }

    private static Optional<Reason> mismatch(TokenRequest request) {
        return request.intent().statement().facts() instanceof AuthorityFacts.Intent facts
                ? request.wanted().mismatch(facts)
                : Optional.empty();
    }

    private boolean isDenied(RecordId intent) {
        return ledger.ask(state -> state.decisionOf(intent)
                .flatMap(state::decision)
                .filter(decision -> decision.facts().outcome() == Outcome.DENY)
                .isPresent());
    }

    private TokenAnswer contracted(TokenRequest request, RecordId decision)
            throws FormatException, PushedBackException {
        Optional<RecordId> contract = index.contractOf(decision);
        Optional<Minter.Under> under = contract.flatMap(minter::under);
        if (under.isEmpty()) {
            return Answers.denied(
                    Optional.of(decision),
                    List.of("contract-refused"),
                    "No contract came of this; sign a new intent.",
                    true);
        }
        Optional<String> ended = contract.flatMap(id -> ledger.ask(state -> state.contract(id)))
                .flatMap(found -> ContractEnd.of(found, ledger.nowMillis()));
        if (ended.isPresent()) {
            return Answers.denied(
                    Optional.of(decision), List.of(ended.get()), ContractEnd.help(List.of(ended.get())), true);
        }
        return minted(request, under.get(), List.of());
    }

    private TokenAnswer pending(RecordId decision, DecisionStanding standing, boolean recorded) {
        return Answers.pending(
                decision, standing.facts().wanted(), standing.facts().reason(), governor.help(decision), recorded);
    }

    private TokenAnswer reissued(RecordId identity, boolean recorded) {
        Optional<Answers.Issued> issued = minter.issued(identity);
        return issued.isPresent()
                ? Answers.issued(issued.get(), recorded)
                : Answers.denied(
                        Optional.empty(), List.of("token-erased"), "The token is gone; sign a new intent.", recorded);
    }

    // ---- an intent that nothing came of yet

    /** @param recorded whether the intent is on the ledger all the same: submitted by itself, or left over by a crash */
    private TokenAnswer unanswered(TokenRequest request, boolean recorded) throws FormatException, PushedBackException {
        CallDetails call = CallDetails.read(request.body());
        if (mismatch(request).isPresent()) {
            return decided(request);
        }
        Optional<Approved.Match> match = approved.contractFor(request.intent(), call, request.point());
        Optional<Minter.Under> under =
                match.flatMap(found -> minter.under(found.contract().id()));
        if (under.isPresent()) {
            return underApproval(request, call, match.get(), under.get(), recorded);
        }
        Optional<RecordId> pending = approved.pendingFor(request.intent(), call, request.point());
        if (pending.isPresent()) {
            return repeated(request, pending.get(), recorded);
        }
        Optional<RecordId> rejected = approved.rejectedFor(request.intent(), call, request.point());
        if (rejected.isPresent()) {
            return Answers.denied(rejected, List.of(Reason.REJECTED.code()), governor.help(rejected.get()), recorded);
        }
        return decided(request);
    }

    private TokenAnswer repeated(TokenRequest request, RecordId pending, boolean recorded)
            throws FormatException, PushedBackException {
        if (governor.resume(pending)) {
            return step(request);
        }
        DecisionStanding standing = ledger.ask(state -> state.decision(pending)).orElseThrow();
        return pending(pending, standing, recorded);
    }

    private TokenAnswer underApproval(
            TokenRequest request, CallDetails call, Approved.Match match, Minter.Under under, boolean recorded)
            throws FormatException, PushedBackException {
        RecordId contract = match.contract().id();
        boolean exact = match.contract().grant().shape() instanceof Shape.Exact;
        if (exact && (!match.call().callSalt().equals(call.callSalt()) || !Approved.isSameBytes(match.call(), call))) {
            Optional<byte[]> bytes = Approved.isSameBytes(match.call(), call)
                    ? Optional.empty()
                    : match.call().arguments();
            return Answers.useSalt(match.call().callSalt(), bytes, recorded);
        }
        Optional<Answers.Issued> mine = index.identityOf(
                        contract, request.intent().header().stream().session())
                .flatMap(minter::issued);
        if (mine.isPresent()) {
            return Answers.issued(mine.get(), recorded);
        }
        Entry intent = new Entry(request.intent(), Optional.of(request.body()));
        return minted(request, under, List.of(intent));
    }

    private TokenAnswer minted(TokenRequest request, Minter.Under under, List<Entry> before)
            throws FormatException, PushedBackException {
        Minter.Minted minted;
        Receipt receipt;
        Lane lane = lanes.take();
        boolean known = false;
        try {
            minted = minter.mint(request.intent(), under, lane);
            List<Entry> group = java.util.stream.Stream.concat(
                            before.stream(), java.util.stream.Stream.of(minted.entry()))
                    .toList();
            receipt = append(group);
            known = true;
        } catch (PushedBackException e) {
            known = true;
            throw e;
        } finally {
            release(lane, known);
        }
        List<String> broken = broken(receipt);
        if (broken.isEmpty()) {
            return Answers.issued(minted.answer(ledger, receipt), true);
        }
        boolean repeat = !before.isEmpty();
        if (repeat && ContractEnd.isOne(broken)) {
            // The contract ended before the identity was there. A crash here leaves the intent undecided, for again().
            return decided(request);
        }
        // The decision of a repeat is that of another intent, and says nothing of this one.
        Optional<RecordId> decision =
                repeat ? Optional.empty() : Optional.of(under.records().decision());
        return Answers.denied(decision, broken, ContractEnd.help(broken), true);
    }

    private Receipt append(List<Entry> group) throws PushedBackException {
        Receipt receipt = ledger.append(group, List.of());
        index.add(group, receipt);
        return receipt;
    }

    private void release(Lane lane, boolean known) {
        if (known) {
            lanes.giveBack(lane);
        } else {
            lanes.abandon();
        }
    }

    /** Decides, and once more where an administrator replaced the policy meanwhile: the ledger has the intent then, and no decision. */
    private TokenAnswer decided(TokenRequest request) throws FormatException, PushedBackException {
        Attempt first = attempt(request);
        return first.overtaken() ? attempt(request).answer() : first.answer();
    }

    /** What came of a group that was committed. */
    private record Attempt(TokenAnswer answer, boolean overtaken) {}

    private Attempt attempt(TokenRequest request) throws FormatException, PushedBackException {
        try (Draft draft = governor.deliberate(request.intent(), request.body(), request.point(), request.wanted())) {
            if (draft.contract().isEmpty()) {
                Receipt receipt = draft.commit(List.of());
                return new Attempt(undecidedOrDenied(draft, receipt), receipt.isOvertaken());
            }
            return allowed(request, draft, draft.contract().get());
        }
    }

    private TokenAnswer undecidedOrDenied(Draft draft, Receipt receipt) {
        if (receipt.firstBroken().isPresent()) {
            return Answers.denied(Optional.empty(), broken(receipt), "", true);
        }
        String help = draft.because().help();
        String reason = draft.because().reason().code();
        return draft.facts().outcome() == Outcome.PENDING
                ? Answers.pending(draft.decision(), draft.facts().wanted(), reason, help, true)
                : Answers.denied(Optional.of(draft.decision()), List.of(reason), help, true);
    }

    private Attempt allowed(TokenRequest request, Draft draft, Draft.Contract contract) throws PushedBackException {
        Eid.Records records = new Eid.Records(
                request.intent().id(),
                draft.context(),
                draft.decision(),
                contract.entry().id());
        long notAfter = ledger.ask(state -> state.clock().earliest())
                + contract.proposal().offer().windowMillis();
        Minter.Under under = new Minter.Under(
                records,
                draft.facts().grant().orElseThrow(),
                contract.entry().body().orElseThrow().bytes(),
                notAfter);
        Lane lane = lanes.take();
        boolean known = false;
        try {
            Minter.Minted minted = minter.mint(request.intent(), under, lane);
            Receipt receipt = draft.commit(List.of(minted.entry()));
            known = true;
            TokenAnswer answer = receipt.firstBroken().isPresent()
                    ? Answers.denied(recorded(draft.decision()), broken(receipt), "", true)
                    : Answers.issued(minted.answer(ledger, receipt), true);
            return new Attempt(answer, receipt.isOvertaken());
        } catch (PushedBackException e) {
            known = true;
            throw e;
        } finally {
            release(lane, known);
        }
    }

    /** A decision, unless it was refused with its intent. */
    private Optional<RecordId> recorded(RecordId decision) {
        return ledger.ask(state -> state.decision(decision)).map(standing -> decision);
    }

    /** The rules that were broken, the cause first. */
    private static List<String> broken(Receipt receipt) {
        return receipt.results().stream()
                .flatMap(result -> result.broken().stream())
                .distinct()
                .sorted(Comparator.comparing(Rule.TOGETHER.code()::equals))
                .toList();
    }
}
