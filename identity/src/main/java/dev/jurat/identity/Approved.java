package dev.jurat.identity;

import dev.jurat.governance.GrantIndex;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PointFacts;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Lifecycle.ContractStanding;
import dev.jurat.proof.lifecycle.Lifecycle.DecisionStanding;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds what people have said, or are being asked, about a call that is made again. Thread-safe. */
final class Approved {
    /** How long a rejection answers equal calls: as long as a person's word may be under way. */
    static final long REJECTION_MILLIS = 900_000;

    private final LedgerDoor ledger;
    private final GrantIndex index;

    Approved(LedgerDoor ledger, GrantIndex index) {
        this.ledger = ledger;
        this.index = index;
    }

    /**
     * An approved contract that a call can be made under.
     *
     * @param call the approved call; its bytes are the ones to send
     */
    record Match(ContractStanding contract, RecordId intent, CallDetails call) {}

    /**
     * The live contract that people approved for such a call of this principal; an exact one for the same arguments. One whose window is
     * over by the ledger's time is left out also before a clock leaf says so: the ledger would refuse what is minted under it. So is one
     * that rests on another server than the point is around: the same tool of other software, or of the same over other data.
     */
    Optional<Match> contractFor(SignedRecord intent, CallDetails call, PointFacts point) {
        String actor = intent.header().stream().principal();
        long now = ledger.nowMillis();
        for (RecordId id : index.approvedOf(actor)) {
            Optional<ContractStanding> found = ledger.ask(state -> state.contract(id));
            if (found.isEmpty() || !found.get().live()) {
                index.ended(actor, id);
            } else if (now < found.get().notAfter() && covers(found.get().grant(), intent)) {
                Optional<Match> match = match(found.get(), intent, call, point);
                if (match.isPresent()) {
                    return match;
                }
            }
        }
        return Optional.empty();
    }

    /** The pending decision on the same call of this principal at the same server; one that was rejected and not continued yet is one. */
    Optional<RecordId> pendingFor(SignedRecord intent, CallDetails call, PointFacts point) {
        for (RecordId id : ledger.ask(state -> state.unsettled())) {
            Optional<DecisionStanding> found = ledger.ask(state -> state.decision(id));
            boolean alike = found.flatMap(decision -> decision.facts().grant())
                    .filter(grant -> covers(grant, intent))
                    .isPresent();
            if (alike && isSame(details(found.orElseThrow().intent()), call) && isBorne(id, point)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /** The decision by which such a call of this principal at the same server was rejected a short time ago. */
    Optional<RecordId> rejectedFor(SignedRecord intent, CallDetails call, PointFacts point) {
        for (RecordId id : index.rejected()) {
            SignedRecord decision = ledger.record(id).orElseThrow();
            if (isOver(decision)) {
                index.forgotten(id);
            } else {
                RecordId rejected = decision.header().references().one("intent");
                if (isAlike(ledger.record(rejected).orElseThrow(), intent)
                        && isSame(details(rejected), call)
                        && decision.header()
                                .references()
                                .optional("supersedes")
                                .filter(asked -> isBorne(asked, point) && !isSuspect(asked))
                                .isPresent()) {
                    return Optional.of(id);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the word against it was signed from the boundary on by a key that was reported: it speaks for nobody any more. */
    private boolean isSuspect(RecordId asked) {
        return ledger.ask(state -> state.decision(asked)).stream()
                .flatMap(standing -> standing.approvals().stream())
                .map(word -> ledger.record(word).orElseThrow())
                .filter(word -> word.statement().facts() instanceof AuthorityFacts.Approval said
                        && said.verdict() == AuthorityFacts.Verdict.REJECT)
                .anyMatch(this::isBehindBoundary);
    }

    private boolean isBehindBoundary(SignedRecord word) {
        Stream stream = word.header().stream();
        long leaf = ledger.indexOf(word.id()).orElseThrow();
        return ledger.ask(state -> {
            String key = state.head(stream).orElseThrow().key().text();
            return state.keys(stream.principal()).stream()
                    .filter(standing -> standing.key().equals(key))
                    .anyMatch(standing ->
                            standing.since().filter(since -> leaf >= since).isPresent());
        });
    }

    private boolean isOver(SignedRecord decision) {
        Optional<SignedRecord> seen = ledger.record(decision.header().seen());
        long now = ledger.ask(state -> state.clock().earliest());
        return seen.isEmpty()
                || !(seen.get().statement().facts() instanceof LedgerFacts.Clock clock)
                || now - clock.earliest() >= REJECTION_MILLIS;
    }

    private static boolean isAlike(SignedRecord one, SignedRecord other) {
        return one.statement().facts() instanceof AuthorityFacts.Intent a
                && other.statement().facts() instanceof AuthorityFacts.Intent b
                && one.header().stream()
                        .principal()
                        .equals(other.header().stream().principal())
                && a.point().equals(b.point())
                && a.tool().equals(b.tool());
    }

    /** Whether what a pending decision proposes rests on what the point says now; not where nobody can read it any more. */
    private boolean isBorne(RecordId decision, PointFacts point) {
        return ledger.body(decision)
                .flatMap(body -> {
                    try {
                        return AuthorityDetails.Decision.read(body).proposed();
                    } catch (FormatException e) {
                        return Optional.empty();
                    }
                })
                .filter(proposed -> point.bears(proposed.proposal()))
                .isPresent();
    }

    private boolean isContractBorne(RecordId contract, PointFacts point) {
        // Where its terms were erased or are damaged, it gives nobody authority, and what it would cover is decided
        // anew.
        return ledger.body(contract)
                .filter(body -> {
                    try {
                        return point.bears(
                                AuthorityDetails.Contract.read(body).proposed().proposal());
                    } catch (FormatException e) {
                        return false;
                    }
                })
                .isPresent();
    }

    private Optional<Match> match(ContractStanding contract, SignedRecord asked, CallDetails call, PointFacts point) {
        RecordId intent = ledger.ask(
                state -> state.decision(contract.decision()).orElseThrow().intent());
        Optional<CallDetails> approved = details(intent);
        if (!isContractBorne(contract.id(), point)) {
            return Optional.empty();
        }
        boolean fits = !(contract.grant().shape() instanceof Shape.Exact exact)
                || isSame(approved, call) && isOpenOrCommitted(exact, approved.get(), asked, call);
        return approved.isPresent() && fits
                ? Optional.of(new Match(contract, intent, approved.get()))
                : Optional.empty();
    }

    /** Secret arguments can be compared only under one salt, by the commitment; under another the caller is told the salt. */
    private static boolean isOpenOrCommitted(
            Shape.Exact exact, CallDetails approved, SignedRecord asked, CallDetails call) {
        return call.redacted().isEmpty()
                || !approved.callSalt().equals(call.callSalt())
                || asked.statement().facts() instanceof AuthorityFacts.Intent facts
                        && exact.call().equals(facts.call());
    }

    private static boolean covers(Grant grant, SignedRecord intent) {
        return intent.statement().facts() instanceof AuthorityFacts.Intent facts
                && grant.actor().equals(intent.header().stream().principal())
                && grant.session().equals(Offer.ANY_SESSION)
                && grant.point().equals(facts.point())
                && grant.tool().equals(facts.tool());
    }

    private Optional<CallDetails> details(RecordId intent) {
        return ledger.body(intent).flatMap(body -> {
            try {
                return Optional.of(CallDetails.read(body));
            } catch (FormatException e) {
                return Optional.empty();
            }
        });
    }

    private static boolean isSame(Optional<CallDetails> approved, CallDetails call) {
        return approved.isPresent()
                && (approved.get().isSameCall(call)
                        || isSameTree(approved.get(), call)
                        || isSameOpenly(approved.get(), call));
    }

    /** Whether both hide the same arguments and say the same in the rest and beside them; digests under two salts say nothing. */
    private static boolean isSameOpenly(CallDetails a, CallDetails b) {
        return a.name().equals(b.name())
                && a.hasSameOthers(b)
                && a.redacted().isPresent()
                && b.redacted().isPresent()
                && open(a.redacted().get()).equals(open(b.redacted().get()));
    }

    private static Map<String, Json> open(Json.Obj redacted) {
        TreeMap<String, Json> members = new TreeMap<>();
        redacted.members()
                .forEach((name, kept) -> members.put(
                        name,
                        kept instanceof Json.Obj one && one.members().containsKey("digest") ? new Json.Null() : kept));
        return members;
    }

    /** Whether both mean the same arguments, written in two ways; what else goes out is the same to the byte. */
    static boolean isSameTree(CallDetails a, CallDetails b) {
        if (!a.name().equals(b.name())
                || !a.hasSameOthers(b)
                || a.arguments().isEmpty()
                || b.arguments().isEmpty()) {
            return false;
        }
        try {
            return ForeignJson.sameValue(
                    ForeignJson.parse(a.arguments().get()),
                    ForeignJson.parse(b.arguments().get()));
        } catch (FormatException e) {
            return false;
        }
    }

    static boolean isSameBytes(CallDetails a, CallDetails b) {
        return a.arguments().isPresent() == b.arguments().isPresent()
                && (a.arguments().isEmpty()
                        || Arrays.equals(a.arguments().get(), b.arguments().orElseThrow()));
    }
}
