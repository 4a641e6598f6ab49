package dev.jurat.ledger;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.FoldDetails;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What each record means to the index: which action it belongs to, and what it tells of it. Reads records in log order; a body that is
 * gone leaves a gap, nothing else. For one thread.
 */
final class Projection {
    /** The method of a message that nobody could read, or whose body is gone. */
    static final String UNREAD = "(unread)";

    /** What governor and broker write towards the authority of a call. */
    private static final Set<Kind> AUTHORITY = Set.of(Kind.CONTEXT, Kind.DECISION, Kind.CONTRACT, Kind.IDENTITY);

    /** Whose bodies say what a statement does not: resources, names, and refused records. */
    private static final Set<Kind> LOOKS_INTO =
            Set.of(Kind.INTENT, Kind.USE, Kind.REFUSAL, Kind.REFUSED, Kind.REFUSED_FOLD);

    private static final Set<String> NOT_ENTITLED = Set.of(Rule.ROLE_FORBIDDEN.code(), Rule.SIGNER_TYPE.code());

    private final ActionIndex index;
    private final WordKey key;
    private long atMillis;

    Projection(ActionIndex index, WordKey key) {
        this.index = index;
        this.key = key;
    }

    /** Whether records of this kind are to come with their bodies. */
    static boolean looksInto(Kind kind) {
        return LOOKS_INTO.contains(kind) || BodyWords.looksInto(kind);
    }

    /** Goes on from the clock that was read last. */
    void startAt(long millis) {
        atMillis = millis;
    }

    long atMillis() {
        return atMillis;
    }

    void read(StoredRecord stored) throws SQLException {
        SignedRecord record = stored.record();
        boolean stray = stored.isStray();
        OptionalLong about = stray ? anyOf(record) : OptionalLong.empty();
        OptionalLong act = stray ? claim(stored) : tell(stored);
        index.putRecord(stored.index().value(), record.id().hash(), act, about);
        Set<String> words = act.isPresent() ? BodyWords.of(stored) : Set.of();
        if (!words.isEmpty()) {
            index.putWords(stored.index().value(), act.getAsLong(), key.tokens(words));
        }
        for (Flag flag : stored.flags()) {
            if (act.isPresent()) {
                index.putFlag(act.getAsLong(), flag.code());
            }
        }
    }

    /** What somebody says of a call whose word on it does not count is theirs, and nothing of the call's. */
    private OptionalLong claim(StoredRecord stored) throws SQLException {
        SignedRecord record = stored.record();
        String kind = "(" + record.kind().wire() + ")";
        long act = stored.index().value();
        index.putAction(
                new Action(
                        act,
                        record.id().hash(),
                        record.header().stream().principal(),
                        record.header().stream().session(),
                        kind,
                        kind,
                        Effect.UNKNOWN.text(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        atMillis),
                act);
        return OptionalLong.of(act);
    }

    private OptionalLong tell(StoredRecord stored) throws SQLException {
        SignedRecord record = stored.record();
        return switch (record.statement().facts()) {
            case LedgerFacts.Clock clock -> {
                atMillis = clock.latest();
                yield OptionalLong.empty();
            }
            case AuthorityFacts.Intent intent -> intent(stored, intent);
            case AuthorityFacts.Decision decision -> decision(record, decision);
            case AuthorityFacts.Identity ignored -> identity(record);
            case ExecutionFacts.Use ignored -> use(stored);
            case ExecutionFacts.Outcome outcome -> outcome(stored, outcome);
            case LedgerFacts.Incomplete ignored -> ended(actOf(record, "use"), "incomplete");
            case ExecutionFacts.Refusal refusal -> refusal(stored, refusal);
            case LedgerFacts.Refused refused -> refused(stored, refused);
            case LedgerFacts.RefusedFold fold -> {
                for (RecordId id : folded(stored, fold)) {
                    index.putName(id.hash(), stored.index().value(), OptionalLong.empty());
                }
                yield OptionalLong.empty();
            }
            case LedgerFacts.Conflict conflict -> {
                index.putName(conflict.id().hash(), stored.index().value(), OptionalLong.empty());
                yield OptionalLong.empty();
            }
            default -> anyOf(record);
        };
    }

    private OptionalLong intent(StoredRecord stored, AuthorityFacts.Intent intent) throws SQLException {
        Tool tool = intent.tool();
        index.putAction(
                new Action(
                        stored.index().value(),
                        stored.record().id().hash(),
                        stored.record().header().stream().principal(),
                        stored.record().header().stream().session(),
                        tool.method(),
                        tool.name(),
                        tool.effect().text(),
                        resources(stored),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        atMillis),
                stored.index().value());
        return OptionalLong.of(stored.index().value());
    }

    private OptionalLong decision(SignedRecord record, AuthorityFacts.Decision decision) throws SQLException {
        OptionalLong act = actOf(record, "intent");
        if (act.isPresent()) {
            if (record.header().references().optional("supersedes").isEmpty()) {
                // Under an approved contract it was refused; now it is decided on by itself.
                index.reopen(act.getAsLong());
            }
            index.decide(act.getAsLong(), decision.outcome().wire(), decision.reason());
        }
        return act;
    }

    /** An identity under the contract of an earlier intent: what was decided on that one holds for this. */
    private OptionalLong identity(SignedRecord record) throws SQLException {
        OptionalLong act = actOf(record, "intent");
        OptionalLong under = actOf(record, "contract");
        if (act.isPresent() && under.isPresent() && act.getAsLong() != under.getAsLong()) {
            index.rest(act.getAsLong(), under.getAsLong());
        }
        return act;
    }

    /** The first use belongs to its intent's action; each further one under the same identity is an action of its own. */
    private OptionalLong use(StoredRecord stored) throws SQLException {
        OptionalLong first = actOf(stored.record(), "identity");
        if (first.isEmpty()) {
            return first;
        }
        long act = first.getAsLong();
        if (index.countUse(act) > 0) {
            act = further(stored, act);
        }
        index.outcome(act, "open");
        for (String resource : resources(stored)) {
            index.putResource(act, resource);
        }
        return OptionalLong.of(act);
    }

    private long further(StoredRecord stored, long first) throws SQLException {
        Action intent = index.action(first).orElseThrow();
        long act = stored.index().value();
        index.putAction(
                new Action(
                        act,
                        intent.intent(),
                        intent.principal(),
                        intent.session(),
                        intent.method(),
                        intent.tool(),
                        intent.effect(),
                        List.of(),
                        intent.decision(),
                        intent.reason(),
                        Optional.empty(),
                        List.of(),
                        atMillis),
                first);
        return act;
    }

    /** The first outcome closes a use, or one that comes after none was known; a repeated one is told in the trace alone. */
    private OptionalLong outcome(StoredRecord stored, ExecutionFacts.Outcome outcome) throws SQLException {
        OptionalLong act = actOf(stored.record(), "use");
        return stored.flags().contains(Flag.REPEATED)
                ? act
                : ended(act, outcome.result().wire());
    }

    private OptionalLong ended(OptionalLong act, String outcome) throws SQLException {
        if (act.isPresent()) {
            index.outcome(act.getAsLong(), outcome);
        }
        return act;
    }

    /** A refusal at the boundary is told of the action, unless that went out already; one before any intent is an action by itself. */
    private OptionalLong refusal(StoredRecord stored, ExecutionFacts.Refusal refusal) throws SQLException {
        if (stored.record().header().references().all().isEmpty()) {
            return refusedUnread(stored, refusal);
        }
        OptionalLong act = anyOf(stored.record());
        if (act.isPresent()
                && index.action(act.getAsLong()).flatMap(Action::outcome).isEmpty()) {
            index.outcome(act.getAsLong(), "refused");
            index.explain(act.getAsLong(), refusal.code());
        }
        return act;
    }

    private OptionalLong refusedUnread(StoredRecord stored, ExecutionFacts.Refusal refusal) throws SQLException {
        SignedRecord record = stored.record();
        String name = nameOf(stored);
        long act = stored.index().value();
        index.putAction(
                new Action(
                        act,
                        record.id().hash(),
                        record.header().stream().principal(),
                        record.header().stream().session(),
                        refusal.tool().map(Tool::method).orElse(name),
                        refusal.tool().map(Tool::name).orElse(name),
                        refusal.tool().map(Tool::effect).orElse(Effect.UNKNOWN).text(),
                        resources(stored),
                        Optional.of("deny"),
                        Optional.of(refusal.code()),
                        Optional.of("refused"),
                        List.of(),
                        atMillis),
                act);
        return OptionalLong.of(act);
    }

    private static String nameOf(StoredRecord stored) {
        try {
            return stored.body().isEmpty()
                    ? UNREAD
                    : ExecutionDetails.Refusal.read(Body.read(stored.body().get()))
                            .name()
                            .orElse(UNREAD);
        } catch (FormatException e) {
            return UNREAD;
        }
    }

    /**
     * What the ledger refused is told of the action that it was for, unless that went out already: of a use by the identity whose holder
     * asked for it, of what was decided or minted by what it names. The word of a signer who may not write such a record leads nowhere.
     */
    private OptionalLong refused(StoredRecord stored, LedgerFacts.Refused refused) throws SQLException {
        Map<RecordId, SignedRecord> kept = kept(stored);
        OptionalLong first = OptionalLong.empty();
        for (LedgerFacts.RefusedRecord one : refused.records()) {
            OptionalLong act = refusedOf(one, Optional.ofNullable(kept.get(one.id())));
            index.putName(one.id().hash(), stored.index().value(), act);
            if (act.isPresent()) {
                stopped(act.getAsLong(), one.rule());
            }
            first = first.isPresent() ? first : act;
        }
        return first;
    }

    private OptionalLong refusedOf(LedgerFacts.RefusedRecord one, Optional<SignedRecord> record) throws SQLException {
        if (one.identity().isPresent()) {
            return index.actOf(one.identity().get().hash());
        }
        boolean entitled =
                record.isPresent() && AUTHORITY.contains(record.get().kind()) && !NOT_ENTITLED.contains(one.rule());
        return entitled ? anyOf(record.get()) : OptionalLong.empty();
    }

    /** The ledger said no: what nobody decided on stands as denied. */
    private void stopped(long act, String rule) throws SQLException {
        Optional<Action> action = index.action(act);
        if (action.isPresent() && action.get().outcome().isEmpty()) {
            index.outcome(act, "refused");
            if (action.get().decision().isEmpty()) {
                index.decide(act, "deny", rule);
            } else {
                index.explain(act, rule);
            }
        }
    }

    /** The records that a fold tells of; the last alone where its body is gone. */
    static List<RecordId> folded(StoredRecord stored, LedgerFacts.RefusedFold fold) {
        try {
            return stored.body().isEmpty()
                    ? List.of(fold.id())
                    : FoldDetails.read(Body.read(stored.body().get())).ids();
        } catch (FormatException e) {
            return List.of(fold.id());
        }
    }

    /** The records that a refusal keeps, by their ids; none where its body is gone. */
    private static Map<RecordId, SignedRecord> kept(StoredRecord stored) {
        Map<RecordId, SignedRecord> found = new HashMap<>();
        if (stored.body().isEmpty()) {
            return found;
        }
        try {
            for (LedgerDetails.Kept one :
                    LedgerDetails.read(Body.read(stored.body().get())).records()) {
                SignedRecord record = SignedRecord.of(one.payload(), one.signatures());
                found.put(record.id(), record);
            }
        } catch (FormatException e) {
            return found;
        }
        return found;
    }

    private OptionalLong actOf(SignedRecord record, String role) throws SQLException {
        Optional<RecordId> target = record.header().references().optional(role);
        return target.isPresent() ? index.actOf(target.get().hash()) : OptionalLong.empty();
    }

    private OptionalLong anyOf(SignedRecord record) throws SQLException {
        OptionalLong intent = actOf(record, "intent");
        if (intent.isPresent()) {
            return intent;
        }
        for (RecordId id : record.header().references().all()) {
            OptionalLong act = index.actOf(id.hash());
            if (act.isPresent()) {
                return act;
            }
        }
        return OptionalLong.empty();
    }

    static List<String> resources(StoredRecord stored) {
        if (stored.body().isEmpty()) {
            return List.of();
        }
        try {
            Body body = Body.read(stored.body().get());
            return stored.record().statement().facts() instanceof ExecutionFacts.Refusal
                    ? ExecutionDetails.Refusal.read(body).resources()
                    : CallDetails.read(body).resources();
        } catch (FormatException e) {
            return List.of();
        }
    }
}
