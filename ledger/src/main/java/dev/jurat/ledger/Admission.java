package dev.jurat.ledger;

import dev.jurat.proof.body.FoldDetails;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.body.LedgerDetails.Kept;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Clock;
import dev.jurat.proof.record.LedgerFacts.RefusedRecord;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Turns groups into the entries of a commit: runs the lifecycle over each, and writes what the ledger has to say of its own: clock leaves,
 * expiries, incompletes, refusals and conflicts.
 *
 * <p>One state machine, kept whole, because the order of what it writes is what a later reader judges by. What it took into the lifecycle
 * cannot be taken back: if the commit's outcome is unknown, the ledger stops. For the sequencer's thread.
 */
final class Admission {
    /** A refusal of eight records stays below the size of a leaf. */
    private static final int REFUSED_PER_LEAF = 8;

    /**
     * Anybody with a key of their own can have the opening of a stream refused. Such a refusal that is sent again after this many others is
     * refused anew.
     */
    private static final int STRAY_REFUSALS_MAX = 1 << 16;

    private final Lifecycle lifecycle;
    private final CheckedSignatures checker;
    private final OwnRecords own;
    private final RandomSource random;
    private final LedgerConfig config;
    private final Keyring keyring;
    private final Flagged flagged;
    private final Erasures erasures;
    private final StateKeeper state;
    private final Told told;
    private final Map<RecordId, Boolean> conflicts = new Recent<>(STRAY_REFUSALS_MAX);
    private final Map<RecordId, Long> strayRefusals = new Recent<>(STRAY_REFUSALS_MAX);
    private final Folds folds = new Folds();
    private final Map<String, Long> turnedAway = new ConcurrentHashMap<>();
    private final List<Waiting> ready = new ArrayList<>();
    private Draft draft;

    Admission(
            Lifecycle lifecycle,
            CheckedSignatures checker,
            SigningKey key,
            RandomSource random,
            LedgerConfig config,
            Keyring keyring,
            Flagged flagged,
            Erasures erasures,
            StateKeeper state,
            Told told) {
        this.lifecycle = lifecycle;
        this.checker = checker;
        this.own = new OwnRecords(lifecycle, key, random);
        this.random = random;
        this.config = config;
        this.keyring = keyring;
        this.flagged = flagged;
        this.erasures = erasures;
        this.state = state;
        this.told = told;
        this.draft = new Draft(0, random);
    }

    /** Takes note of a leaf that is in the log and in the lifecycle already. */
    void replayed(long index, SignedRecord record) {
        learn(index, record);
    }

    /** Begins a commit whose first record will have this index. */
    void begin(long firstIndex) {
        draft = new Draft(firstIndex, random);
    }

    /** The commit as it stands. */
    Draft draft() {
        return draft;
    }

    /** How often groups were pushed back, by code: what is provably from nobody leaves no more than that. Thread-safe. */
    Map<String, Long> turnedAway() {
        return new TreeMap<>(turnedAway);
    }

    // ---- time

    /** Writes a clock leaf if one is due, and what is due by it. */
    void tick(TimeReading reading, boolean strict) {
        folds.tick(reading.latestMillis());
        clock(reading, strict);
        folds.due().forEach(this::closeFold);
        state(reading.latestMillis());
    }

    /** A reader's state is this one: what was refused is told of before it is cut. */
    private void state(long nowMillis) {
        state.due(nowMillis, draft.end()).ifPresent(facts -> {
            closeFolds();
            long leaf = write(own.plain(facts, References.NONE));
            state.cut(leaf + 1, nowMillis);
        });
    }

    private void clock(TimeReading reading, boolean strict) {
        Clock last = lifecycle.clock();
        long earliest = Math.max(reading.earliestMillis(), last.earliest());
        long latest = Math.max(reading.latestMillis(), last.latest());
        if (!due(earliest - last.earliest(), strict)) {
            return;
        }
        write(own.plain(new Clock(earliest, latest, reading.source()), References.NONE));
        for (Lifecycle.DueExpiry expiry : lifecycle.expiriesDue()) {
            References contract = References.of("contract", expiry.contract());
            write(own.plain(new LedgerFacts.Expiry(expiry.spent(), expiry.uses()), contract));
        }
        for (RecordId use : lifecycle.incompletesDue()) {
            write(own.plain(new LedgerFacts.Incomplete(), References.of("use", use)));
        }
    }

    private boolean due(long age, boolean strict) {
        boolean running = !lifecycle.clockId().equals(lifecycle.genesis());
        if (!running) {
            return strict;
        }
        return strict ? age >= config.clockMillis() : age >= config.clockIdleMillis() && awaitsTime();
    }

    private boolean awaitsTime() {
        return lifecycle.anyAwaited() || lifecycle.sessionOpen();
    }

    // ---- groups

    /** Whether every record of the group has been answered before, so that it needs no clock. */
    boolean isAnswered(Pending group) {
        return group.submissions().stream().allMatch(s -> isAnswered(s.record()));
    }

    private boolean isAnswered(SignedRecord record) {
        return strayAt(record).isPresent()
                || lifecycle
                        .recordAt(record.header().stream(), record.header().sequence())
                        .equals(Optional.of(record.id()));
    }

    /** A group that is judged, and what it waits for: the commit, and the folds that its refusals are in. */
    static final class Waiting {
        /** One a record; of one that waits in a fold, the place is filled in when that is written. */
        private final List<Provisional.Verdict> verdicts = new ArrayList<>();

        private final Consumer<List<Provisional.Verdict>> answer;
        private int folded;

        /** What it holds in memory, once it waits for a fold. */
        private long bytes;

        Waiting(Consumer<List<Provisional.Verdict>> answer) {
            this.answer = answer;
        }

        /** Whether it waits for more than the commit under way. */
        boolean isFolded() {
            return folded > 0;
        }

        void answer() {
            answer.accept(List.copyOf(verdicts));
        }
    }

    /** Takes the groups whose last fold is in this commit. */
    List<Waiting> ready() {
        List<Waiting> done = ready.stream().filter(w -> !w.isFolded()).toList();
        ready.clear();
        return done;
    }

    /** Judges a group into the commit; a push-back is final, the rest waits for the commit, or for its folds. */
    Optional<GroupAnswer.PushedBack> judge(Pending group, Waiting waiting) {
        Optional<GroupAnswer.PushedBack> answer = judged(group, waiting);
        answer.ifPresent(pushed -> turnedAway.merge(pushed.code(), 1L, Long::sum));
        if (waiting.isFolded()) {
            waiting.bytes = group.bytes();
            folds.waits(waiting.bytes);
        }
        return answer;
    }

    private Optional<GroupAnswer.PushedBack> judged(Pending group, Waiting waiting) {
        List<Provisional.Verdict> verdicts = waiting.verdicts;
        if (group.submissions().stream().anyMatch(s -> strayAt(s.record()).isPresent())) {
            return stray(group, verdicts);
        }
        checker.know(group.good());
        List<Candidate> candidates =
                group.candidates().stream().map(c -> completed(c, group)).toList();
        List<Judgement> judgements = lifecycle.judge(candidates);
        Optional<GroupAnswer.PushedBack> pushedBack =
                pushedBack(group, judgements).or(() -> beyondShare(group, judgements));
        if (pushedBack.isEmpty()) {
            emit(group, candidates, judgements, waiting);
        }
        return pushedBack;
    }

    /** A record that was to open a stream and may not is evidence too, but such records cost nothing to make: beyond a share they are counted. */
    private Optional<GroupAnswer.PushedBack> beyondShare(Pending group, List<Judgement> judgements) {
        SignedRecord record = group.submissions().getFirst().record();
        Stream stream = record.header().stream();
        if (!(judgements.getFirst() instanceof Judgement.Refused refused)
                || lifecycle.head(stream).isPresent()) {
            return Optional.empty();
        }
        String who = lifecycle.principal(stream.principal()).isPresent() ? stream.principal() : "";
        return folds.isWithinShare(who, refused.rule())
                ? Optional.empty()
                : Optional.of(new GroupAnswer.PushedBack(
                        refused.rule().code(),
                        Optional.of(record.id()),
                        "refused, as others were before it, and only counted"));
    }

    /** A candidate whose body has been held against the grant it is under; where intake knew that grant, it has been. */
    private Candidate completed(Intake.Checked checked, Pending group) {
        return checked.grantKnown() ? checked.candidate() : checked.against(id -> grant(id, group));
    }

    /** The grant of an identity on the ledger, or of one in the same group. */
    private Optional<Grant> grant(RecordId identity, Pending group) {
        return lifecycle
                .identity(identity)
                .map(standing -> standing.facts().grant())
                .or(() -> group.submissions().stream()
                        .map(Submission::record)
                        .filter(record -> record.id().equals(identity))
                        .map(record -> record.statement().facts())
                        .filter(AuthorityFacts.Identity.class::isInstance)
                        .map(facts -> ((AuthorityFacts.Identity) facts).grant())
                        .findFirst());
    }

    /** A record that opens a stream stands alone, so its refusal, which left no stream to remember it, does too. */
    private Optional<GroupAnswer.PushedBack> stray(Pending group, List<Provisional.Verdict> verdicts) {
        if (group.submissions().size() > 1) {
            return Optional.of(new GroupAnswer.PushedBack(
                    Rule.GROUP_SHAPE.code(), Optional.empty(), "a record that opens a stream travels alone"));
        }
        SignedRecord record = group.submissions().getFirst().record();
        verdicts.add(new Provisional.Verdict.Present(record.id(), strayAt(record), true));
        return Optional.empty();
    }

    /** Where the log tells of an opening of a stream that was refused, at hand or as the saved state has it: the first answer stands. */
    private OptionalLong strayAt(SignedRecord record) {
        Long index = strayRefusals.get(record.id());
        if (index != null) {
            return OptionalLong.of(index);
        }
        boolean opens = record.header().sequence() == 0
                && lifecycle.head(record.header().stream()).isEmpty();
        return opens ? told.at(record.id()) : OptionalLong.empty();
    }

    private Optional<GroupAnswer.PushedBack> pushedBack(Pending group, List<Judgement> judgements) {
        Optional<GroupAnswer.PushedBack> answer = Optional.empty();
        for (int i = 0; i < judgements.size(); i++) {
            SignedRecord record = group.submissions().get(i).record();
            switch (judgements.get(i)) {
                case Judgement.Conflicting conflict -> {
                    conflict(record, group.submissions().get(i).body(), conflict);
                    answer = Optional.of(new GroupAnswer.PushedBack(
                            "conflict", Optional.of(record.id()), "its number is taken by " + conflict.admitted()));
                }
                case Judgement.PushedBack pushed -> {
                    if (answer.isEmpty() || !isCause(answer.get())) {
                        answer = Optional.of(new GroupAnswer.PushedBack(
                                pushed.rule().code(),
                                Optional.of(record.id()),
                                "record " + i + " of the group: "
                                        + pushed.rule().code()));
                    }
                }
                case Judgement.Admitted ignored -> {}
                case Judgement.Refused ignored -> {}
                case Judgement.Present ignored -> {}
            }
        }
        return answer;
    }

    private static boolean isCause(GroupAnswer.PushedBack answer) {
        return !answer.code().equals(Rule.GROUP_PUSHED_BACK.code());
    }

    private void conflict(SignedRecord record, Optional<byte[]> body, Judgement.Conflicting conflict) {
        if (conflicts.put(record.id(), true) != null || told.at(record.id()).isPresent()) {
            return;
        }
        LedgerFacts facts = new LedgerFacts.Conflict(
                record.header().stream(), record.header().sequence(), record.id(), conflict.admitted());
        Kept kept = Kept.of(record, body);
        long index = write(own.withBody(facts, new LedgerDetails(List.of(kept)).toJson()));
        draft.tellsOf(record.id(), index);
    }

    private void emit(Pending group, List<Candidate> candidates, List<Judgement> judgements, Waiting waiting) {
        List<Provisional.Verdict> verdicts = waiting.verdicts;
        Refusals refusals = new Refusals(verdicts);
        for (int i = 0; i < judgements.size(); i++) {
            Submission submission = group.submissions().get(i);
            SignedRecord record = submission.record();
            switch (judgements.get(i)) {
                case Judgement.Admitted admitted -> {
                    // A later reader moves a head where it reads the refusal, so that must stand before what follows in
                    // the stream.
                    refusals.writeIfHolds(record.header().stream());
                    closeFold(record.header().stream());
                    boolean sound = candidates.get(i).bodyFault().isEmpty();
                    long index = draft.add(record, submission.body().filter(b -> sound));
                    lifecycle.placed(record, index, admitted.flags());
                    flagged.put(index, admitted.flags());
                    note(index, record);
                    verdicts.add(new Provisional.Verdict.Admitted(record.id(), index, admitted.flags()));
                }
                case Judgement.Refused refused -> {
                    if (isToFold(record, refused)) {
                        refusals.writeIfHolds(record.header().stream());
                        fold(record, refused.rule(), waiting);
                    } else {
                        closeFold(record.header().stream());
                        refusals.add(submission, refused);
                    }
                }
                case Judgement.Present present -> present(record, present.refused(), waiting);
                case Judgement.PushedBack ignored ->
                    throw new IllegalStateException("a push-back is of the whole group");
                case Judgement.Conflicting ignored ->
                    throw new IllegalStateException("a conflict pushes back the group");
            }
        }
        refusals.write();
    }

    // ---- folds

    /** Not one that spends, since later records are judged by what is spent; nor one of two that enter together. */
    private boolean isToFold(SignedRecord record, Judgement.Refused refused) {
        Stream stream = record.header().stream();
        boolean plain = refused.identity().isEmpty()
                && refused.rule() != Rule.TOGETHER
                && lifecycle.head(stream).isPresent();
        return plain
                && (folds.continues(stream, refused.rule()) || !folds.isWithinShare(stream.toString(), refused.rule()));
    }

    private void fold(SignedRecord record, Rule rule, Waiting waiting) {
        Stream stream = record.header().stream();
        if (!folds.continues(stream, rule)) {
            closeFold(stream);
        }
        folds.add(
                stream,
                rule,
                record.header().sequence(),
                record.id(),
                told(waiting, index -> new Provisional.Verdict.Refused(record.id(), index, rule)));
    }

    private void present(SignedRecord record, boolean refused, Waiting waiting) {
        Stream stream = record.header().stream();
        if (folds.holds(stream, record.id())) {
            folds.alsoTell(
                    stream,
                    told(waiting, index -> new Provisional.Verdict.Present(record.id(), OptionalLong.of(index), true)));
        } else {
            waiting.verdicts.add(new Provisional.Verdict.Present(record.id(), recent(record.id()), refused));
        }
    }

    /** Keeps a place among the verdicts of a group for one that is known once a fold is written. */
    private Folds.Told told(Waiting waiting, LongFunction<Provisional.Verdict> verdict) {
        int place = waiting.verdicts.size();
        waiting.verdicts.add(verdict.apply(0));
        waiting.folded++;
        return index -> {
            waiting.verdicts.set(place, verdict.apply(index));
            waiting.folded--;
            if (!waiting.isFolded()) {
                folds.released(waiting.bytes);
            }
            ready.add(waiting);
        };
    }

    private void closeFold(Stream stream) {
        folds.close(stream).ifPresent(closed -> {
            long at = write(own.withBody(closed.facts(), new FoldDetails(closed.ids()).toJson()));
            closed.ids().forEach(id -> draft.tellsOf(id, at));
            closed.told().forEach(told -> told.at(at));
        });
    }

    /** Writes what gathers still: nothing comes after it. */
    void closeFolds() {
        folds.all().forEach(this::closeFold);
    }

    private OptionalLong recent(RecordId id) {
        Long index = draft.names().get(id);
        return index == null ? OptionalLong.empty() : OptionalLong.of(index);
    }

    /** The refused records of one group that are not written yet. */
    private final class Refusals {
        private final List<Provisional.Verdict> verdicts;
        private final List<RefusedRecord> records = new ArrayList<>();
        private final List<Kept> kept = new ArrayList<>();
        private final List<Runnable> placed = new ArrayList<>();
        private long keptBytes;
        private long at;

        Refusals(List<Provisional.Verdict> verdicts) {
            this.verdicts = verdicts;
        }

        void add(Submission submission, Judgement.Refused refused) {
            long bytes = submission.body().map(b -> b.length).orElse(0);
            if (records.size() == REFUSED_PER_LEAF || keptBytes + bytes > config.bodyBytesMax()) {
                write();
            }
            keptBytes += bytes;
            SignedRecord record = submission.record();
            int place = place(record.header().stream(), refused.rule());
            records.add(place, refusedRecord(record, refused));
            kept.add(place, Kept.of(record, submission.body()));
            int slot = verdicts.size();
            verdicts.add(new Provisional.Verdict.Refused(record.id(), 0, refused.rule()));
            placed.add(() -> {
                verdicts.set(slot, new Provisional.Verdict.Refused(record.id(), at, refused.rule()));
                draft.tellsOf(record.id(), at);
            });
        }

        /** The cause stands first; within a stream the order is that of its numbers. */
        private int place(Stream stream, Rule rule) {
            boolean behindItsEffect = rule != Rule.TOGETHER
                    && !records.isEmpty()
                    && records.getLast().rule().equals(Rule.TOGETHER.code())
                    && !records.getLast().stream().equals(stream);
            return behindItsEffect ? records.size() - 1 : records.size();
        }

        private static RefusedRecord refusedRecord(SignedRecord record, Judgement.Refused refused) {
            return new RefusedRecord(
                    record.header().stream(),
                    record.header().sequence(),
                    record.id(),
                    refused.rule().code(),
                    refused.identity(),
                    refused.ordinal());
        }

        void writeIfHolds(Stream stream) {
            if (records.stream().anyMatch(r -> r.stream().equals(stream))) {
                write();
            }
        }

        void write() {
            if (records.isEmpty()) {
                return;
            }
            at = Admission.this.write(own.withBody(
                    new LedgerFacts.Refused(List.copyOf(records)), new LedgerDetails(List.copyOf(kept)).toJson()));
            placed.forEach(Runnable::run);
            records.clear();
            kept.clear();
            keptBytes = 0;
            placed.clear();
        }
    }

    // ---- the ledger's own

    private long write(Submission submission) {
        checker.know(List.of());
        Judgement judgement = lifecycle.judge(Candidate.of(submission.record()));
        if (!(judgement instanceof Judgement.Admitted admitted)) {
            throw new IllegalStateException("the ledger's own " + submission.record() + " is " + judgement);
        }
        long index = draft.add(submission.record(), submission.body());
        lifecycle.placed(submission.record(), index, admitted.flags());
        note(index, submission.record());
        return index;
    }

    private void note(long index, SignedRecord record) {
        state.note(index, record);
        learn(index, record);
    }

    private void learn(long index, SignedRecord record) {
        Facts facts = record.statement().facts();
        switch (facts) {
            case LedgerFacts.Refused refused -> refused.records().forEach(r -> noteRefused(index, r));
            case LedgerFacts.Conflict conflict -> conflicts.put(conflict.id(), true);
            case AuthorityFacts.Identity identity -> keyring.learn(record.id(), identity);
            case CustodyFacts.Erasure erasure -> erasures.note(index, erasure);
            default -> {}
        }
        Stream stream = record.header().stream();
        lifecycle.head(stream).ifPresent(head -> keyring.learn(stream, head.key()));
    }

    private void noteRefused(long index, RefusedRecord refused) {
        boolean remembered =
                lifecycle.recordAt(refused.stream(), refused.sequence()).equals(Optional.of(refused.id()));
        if (!remembered) {
            strayRefusals.put(refused.id(), index);
        }
    }
}
