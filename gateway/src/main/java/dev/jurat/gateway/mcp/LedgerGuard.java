package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.contract.Containment;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.UseProof;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Lane;
import dev.jurat.sdk.Lane.Draft;
import dev.jurat.sdk.Lane.Fate;
import dev.jurat.sdk.NodeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Leave from the ledger: authority, the check at the boundary, the use; and the evidence of outcomes, refusals and lists.
 *
 * <p>Security property: a call goes out only between the ledger's word that its use is admitted, in this process and for the first time,
 * and the end of its go-by time. Anything else, silence included, is a refusal. Thread-safe.
 */
final class LedgerGuard implements Guard {
    static final Duration GO_BY = Duration.ofSeconds(10);
    static final Duration OUTCOME_BY = Duration.ofMinutes(10);
    private static final byte[] OBSERVED = "jurat/observed/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String RETRY = LedgerRefusals.RETRY;
    /** The most bytes of a body that a ledger takes. */
    private static final int BODY_BYTES_MAX = 2 << 20;
    /** What a body has beside the call: words for people, the salt, the place in its stream. */
    private static final int BODY_BYTES_BESIDE = 16 << 10;
    /** The most bytes of an answer that its outcome's body has room for, in base64. */
    private static final int KEPT_BYTES_MAX = (BODY_BYTES_MAX - BODY_BYTES_BESIDE) / 4 * 3;

    /** A call of so many bytes fits with so many paths beside it, however long they are. */
    private static final int SURELY_FITS_BYTES = 256 << 10;

    private static final int SURELY_FITS_NAMES = 64;

    private static final Set<String> RUN_OUT = Set.of("identity-expired", "contract-expired");
    private static final String BODY_LARGE = "body-large";
    private static final int NAME_MAX = 256;
    private static final String OBSERVATION = "observation";
    private static final Salt ANY_SALT = Salt.of(new byte[Salt.BYTES]);

    private final Planner planner;
    private final Authoriser authoriser;
    private final Broker broker;
    private final Lane lane;
    private final Folds folds;
    private final BooleanSupplier over;
    private final String point;
    private final RandomSource random;
    private final LedgerRefusals refusals;
    private final Undigested undigested = new Undigested(LineReader.LINE_BYTES_MAX);
    private final Map<String, Hash> lastObserved = new ConcurrentHashMap<>();

    /** @param over whether the time of the sessions is over */
    LedgerGuard(
            Planner planner,
            Authoriser authoriser,
            Broker broker,
            Lane lane,
            Folds folds,
            BooleanSupplier over,
            String point,
            RandomSource random,
            LedgerRefusals refusals) {
        this.refusals = refusals;
        this.over = over;
        this.planner = planner;
        this.authoriser = authoriser;
        this.broker = broker;
        this.lane = lane;
        this.folds = folds;
        this.point = point;
        this.random = random;
    }

    private record LedgerUse(RecordId id, Plan plan, LiveIdentity identity, long goByNanos, Planner planner)
            implements OpenUse {
        @Override
        public byte[] line() {
            return plan.call().message().bytes();
        }

        @Override
        public boolean stillGoes() {
            return System.nanoTime() - goByNanos < 0;
        }

        @Override
        public boolean holds() {
            return planner.departs(plan);
        }
    }

    @Override
    public Passage admit(GovernedCall call, Waiting waiting) throws InterruptedException {
        Plan plan = planner.plan(call);
        if (over.getAsBoolean()) {
            LedgerRefusals.Said said = refusals.use("session-over");
            return refuse("session-over", said.text(), said.next(), plan, References.NONE, Optional.empty());
        }
        if (lane.isBroken()) {
            return stop(
                    "session-broken",
                    "this session can record nothing more (" + lane.brokenBy() + ").",
                    "the operator restarts the client, and with it this server");
        }
        if (lane.isStuck()) {
            return refuse(
                    "ledger-unreachable",
                    "what happened before is not recorded yet.",
                    RETRY,
                    plan,
                    References.NONE,
                    Optional.empty());
        }
        if (!fits(plan)) {
            return tooLarge(plan);
        }
        try {
            return authorised(plan, waiting, true);
        } catch (NodeException e) {
            List<String> codes = codes(e);
            if (codes.contains(BODY_LARGE) || e.code().equals(BODY_LARGE)) {
                return tooLarge(plan);
            }
            Optional<LedgerRefusals.Said> said = refusals.notTaken(codes);
            if (said.isPresent()) {
                return refuse(
                        word(codes.getFirst()),
                        said.get().text(),
                        said.get().next(),
                        plan,
                        References.NONE,
                        Optional.empty());
            }
            String code = e.status() == 0 ? "ledger-unreachable" : word(e.code());
            String text = java.util.Objects.requireNonNullElse(e.getMessage(), "the node did not answer.");
            return refuse(code, text, e.next(), plan, References.NONE, Optional.empty());
        }
    }

    /** @param anew whether authority is sought once more where the identity has run out between the wrapper's clock and the ledger's */
    private Passage authorised(Plan plan, Waiting waiting, boolean anew) throws NodeException, InterruptedException {
        return switch (find(plan, waiting)) {
            case Authoriser.Found.Authority found ->
                found.plan() == plan || fits(found.plan())
                        ? use(found.identity(), found.plan(), waiting, anew)
                        : tooLarge(found.plan());
            case Authoriser.Found.Nothing nothing -> {
                record(nothing.refusal(), nothing.plan(), References.NONE, nothing.decision());
                yield new Passage.Stop(nothing.refusal());
            }
        };
    }

    /** Whether a body has room for the use of this call, and so for its intent and for a refusal. */
    private static boolean fits(Plan plan) {
        if (plan.call().message().bytes().length <= SURELY_FITS_BYTES
                && plan.names().size() <= SURELY_FITS_NAMES) {
            return true;
        }
        Json.Obj details =
                Authoriser.details(plan, ANY_SALT, plan.call().meta()).toJson();
        return CanonicalJson.write(details).length <= BODY_BYTES_MAX - BODY_BYTES_BESIDE;
    }

    /** The record names nothing of the call: there is no room for it. */
    private Passage tooLarge(Plan plan) {
        Refusal refusal = new Refusal(
                "call-too-large",
                "it is too large to be recorded: its arguments, what goes out beside them and _meta have about 1.5 MiB together, less where it"
                        + " names many files.",
                "make it smaller, or make several calls of it",
                Optional.empty());
        ExecutionDetails.Refusal details =
                new ExecutionDetails.Refusal(Optional.empty(), List.of(), refusal.text() + " " + refusal.next());
        folds.record(
                refusal.code(),
                Draft.of(
                        new ExecutionFacts.Refusal(refusal.code(), Optional.empty(), Optional.of(plan.tool())),
                        References.NONE,
                        details.toJson()));
        return new Passage.Stop(refusal);
    }

    /** The codes by which the token endpoint said no; none where it was not asked, or did not answer. */
    private static List<String> codes(NodeException e) {
        try {
            Fields answer = Fields.of(e.answer().orElse(Json.Obj.of(Map.of())), "answer");
            return answer.has("jurat_codes") ? answer.strings("jurat_codes") : List.of();
        } catch (FormatException unread) {
            return List.of();
        }
    }

    /** While authority is sought, the outcome of the call before waits for the use that is likely to follow. */
    private Authoriser.Found find(Plan plan, Waiting waiting) throws NodeException, InterruptedException {
        try (Lane.Expectation ignored = lane.expect()) {
            return authoriser.find(plan, waiting);
        }
    }

    private Passage use(LiveIdentity identity, Plan plan, Waiting waiting, boolean anew)
            throws NodeException, InterruptedException {
        if (identity.check(plan) instanceof Containment.Beyond beyond) {
            String at = beyond.path().isEmpty() ? "." : " at " + beyond.path() + ".";
            boolean changed = beyond.code().equals("beyond-assumption");
            return refuse(
                    beyond.code(),
                    (changed
                                    ? "what it was decided under is not so any more"
                                    : "the contract does not cover these arguments")
                            + at,
                    changed
                            ? "the server, its tool or where links lead is not what was decided on: ask with other arguments, or have a person decide anew"
                            : "stay within what was allowed, or ask for more: each other call is decided by itself",
                    plan,
                    References.of("identity", identity.id()),
                    Optional.of(identity.decision()));
        }
        if (!planner.stands(plan)) {
            return refuse(
                    "roots-changed",
                    "the client told the server folders of its own after the call was decided on.",
                    "name files by their whole path",
                    plan,
                    References.of("identity", identity.id()),
                    Optional.of(identity.decision()));
        }
        if (plan.moved()) {
            return refuse(
                    "path-moved",
                    "a symbolic link leads elsewhere than when the call was decided on.",
                    "make the call again",
                    plan,
                    References.of("identity", identity.id()),
                    Optional.empty());
        }
        long goBy = System.nanoTime() + GO_BY.toNanos();
        if (!identity.takeTurn(GO_BY.toMillis())) {
            return refuse(
                    "outcome-outstanding",
                    "an earlier call of this tool has not ended yet.",
                    RETRY,
                    plan,
                    References.of("identity", identity.id()),
                    Optional.empty());
        }
        Lane.Ticket ticket = lane.submit(draft(identity, plan));
        Fate fate = ticket.await(Duration.ofNanos(goBy - System.nanoTime()), late -> tooLate(late, identity));
        return switch (fate) {
            case null -> {
                identity.endTurn();
                yield refuse(
                        "ledger-no-answer",
                        "the ledger did not take the use in time, so the call was not made.",
                        RETRY,
                        plan,
                        References.of("identity", identity.id()),
                        Optional.empty());
            }
            case Fate.Admitted admitted -> admitted(admitted.entry(), identity, plan, goBy, waiting);
            case Fate.Refused refused -> {
                identity.endTurn();
                authoriser.forget(identity);
                if (anew && identity.isRanged() && RUN_OUT.contains(refused.rule())) {
                    yield authorised(plan, waiting, false);
                }
                LedgerRefusals.Said said = refusals.use(refused.rule());
                yield refuse(
                        word(refused.rule()),
                        said.text(),
                        said.next(),
                        plan,
                        References.of("identity", identity.id()),
                        Optional.empty());
            }
            case Fate.Dropped dropped -> {
                identity.endTurn();
                yield stop(word(dropped.code()), "the use could not be recorded.", RETRY);
            }
        };
    }

    private Passage admitted(Entry entry, LiveIdentity identity, Plan plan, long goBy, Waiting waiting)
            throws InterruptedException {
        LedgerUse use = new LedgerUse(entry.record().id(), plan, identity, goBy, planner);
        if (!use.stillGoes() || waiting.isCancelled()) {
            outcome(use, ExecutionFacts.Result.NOT_SENT, Optional.empty(), Duration.ZERO);
            return stop("go-by-over", "the ledger took the use too late, so the call was not made.", RETRY);
        }
        return new Passage.Go(use);
    }

    /** The ledger took a use after its caller had given up: the call was not made. By the lane's own thread. */
    private void tooLate(Fate fate, LiveIdentity identity) {
        if (fate instanceof Fate.Admitted admitted) {
            ExecutionDetails.Outcome details =
                    new ExecutionDetails.Outcome(0, Optional.empty(), Optional.of("admitted after its go-by time"));
            lane.follow(Draft.of(
                    new ExecutionFacts.Outcome(ExecutionFacts.Result.NOT_SENT, Optional.empty(), 0),
                    References.of("use", admitted.entry().record().id()),
                    details.toJson()));
        } else if (fate instanceof Fate.Refused) {
            authoriser.forget(identity);
        }
    }

    private Draft draft(LiveIdentity identity, Plan plan) {
        Salt salt = identity.callSalt().orElseGet(() -> Salt.of(random.bytes(Salt.BYTES)));
        String nonce = HexFormat.of().formatHex(random.bytes(16));
        Hash call = plan.committed().commitment(salt);
        String proof =
                Base64Text.encode(broker.session().key().sign(UseProof.message(identity.eid(), call, point, nonce)));
        CallDetails details = Authoriser.details(plan, salt, plan.call().meta());
        return new Draft(
                bodySalt -> new ExecutionFacts.Use(
                        call, identity.nextOrdinal(), nonce, proof, GO_BY.toMillis(), OUTCOME_BY.toMillis(), Map.of()),
                References.of("identity", identity.id()),
                details.toJson(),
                Optional.empty());
    }

    @Override
    public void outcome(OpenUse open, ExecutionFacts.Result result, Optional<Wire> answer, Duration took) {
        LedgerUse use = (LedgerUse) open;
        ExecutionDetails.Outcome details = new ExecutionDetails.Outcome(
                took.toMillis(),
                answer.filter(a -> use.plan.keepsAnswer() && a.size() <= KEPT_BYTES_MAX)
                        .map(Wire::exact),
                Optional.empty());
        long bytes = answer.map(Wire::size).orElse(0);
        Optional<Undigested.Matter> matter = answer.flatMap(undigested::take);
        Draft draft = new Draft(
                salt -> new ExecutionFacts.Outcome(
                        result, matter.map(a -> a.digest(ExecutionDetails.Outcome.beforeAnswer(salt))), bytes),
                References.of("use", use.id),
                details.toJson(),
                Optional.empty());
        submit(draft, fate -> {
            matter.ifPresent(Undigested.Matter::drop);
            use.identity.endTurn();
        });
        if (result != ExecutionFacts.Result.NOT_SENT) {
            checkMoved(use);
        }
    }

    private void checkMoved(LedgerUse use) {
        List<String> moved = use.plan.touched().stream()
                .filter(t -> t.moved(use.plan.roots()))
                .map(Touched::name)
                .toList();
        if (!moved.isEmpty()) {
            ExecutionDetails.Violation details =
                    new ExecutionDetails.Violation("links led elsewhere after the call than before it", moved);
            submit(
                    Draft.of(
                            new ExecutionFacts.Violation("path-moved"), References.of("use", use.id), details.toJson()),
                    fate -> {});
        }
    }

    private void submit(Draft draft, java.util.function.Consumer<Fate> then) {
        try {
            lane.submit(draft, then);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Passage stop(String code, String text, String next) {
        return new Passage.Stop(new Refusal(code, text, next, Optional.empty()));
    }

    private Passage refuse(
            String code, String text, String next, Plan plan, References references, Optional<RecordId> decision) {
        Refusal refusal = new Refusal(code, text, next, decision.map(RecordId::hex));
        record(refusal, plan, references, decision);
        return new Passage.Stop(refusal);
    }

    private void record(Refusal refusal, Plan plan, References references, Optional<RecordId> decision) {
        ExecutionDetails.Refusal details = new ExecutionDetails.Refusal(
                Optional.of(plan.call().target()), plan.names(), refusal.text() + " " + refusal.next());
        ExecutionFacts.Refusal facts =
                new ExecutionFacts.Refusal(word(refusal.code()), Optional.empty(), Optional.of(plan.tool()));
        References all = decision.isPresent() ? references.withMany("decision", List.of(decision.get())) : references;
        folds.record(facts.code(), Draft.of(facts, all, details.toJson()));
    }

    @Override
    public void notSent(OpenUse open, Refusal refusal) {
        LedgerUse use = (LedgerUse) open;
        outcome(use, ExecutionFacts.Result.NOT_SENT, Optional.empty(), Duration.ZERO);
        record(refusal, use.plan, References.of("identity", use.identity.id()), Optional.of(use.identity.decision()));
    }

    @Override
    public boolean clientTellsRoots() {
        return planner.clientTellsRoots();
    }

    @Override
    public void refused(Verdict.Refused refused) {
        Optional<String> name =
                refused.message().map(Message::method).filter(m -> !m.isEmpty()).map(LedgerGuard::cut);
        ExecutionDetails.Refusal details = new ExecutionDetails.Refusal(name, List.of(), refused.detail());
        folds.record(
                refused.code(),
                Draft.of(
                        new ExecutionFacts.Refusal(refused.code(), Optional.empty(), Optional.empty()),
                        References.NONE,
                        details.toJson()));
    }

    private static String cut(String name) {
        int end = name.offsetByCodePoints(0, Math.min(NAME_MAX, name.codePointCount(0, name.length())));
        return name.substring(0, end);
    }

    @Override
    public void observed(String method, Wire answer) {
        if (!isNew(method, answer.hash())) {
            return;
        }
        ExecutionDetails.Observation details = new ExecutionDetails.Observation(answer.size(), List.of());
        Optional<Undigested.Matter> taken = undigested.take(answer, GO_BY);
        boolean recorded = taken.isPresent()
                && folds.record(
                        OBSERVATION,
                        new Draft(
                                salt -> new ExecutionFacts.Observation(
                                        method, taken.get().digest(OBSERVED, salt)),
                                References.NONE,
                                details.toJson(),
                                Optional.empty()));
        if (taken.isEmpty()) {
            folds.count(OBSERVATION);
        }
        if (!recorded) {
            taken.ifPresent(Undigested.Matter::drop);
            lastObserved.remove(method, answer.hash());
        }
    }

    @Override
    public void tools(byte[] artefact, List<String> names, long bytes) {
        Hash digest = Hash.of(artefact);
        if (isNew("tools/list", digest)) {
            ExecutionDetails.Observation details = new ExecutionDetails.Observation(bytes, names);
            boolean recorded = folds.record(
                    OBSERVATION,
                    new Draft(
                            salt -> new ExecutionFacts.Observation("tools/list", digest),
                            References.NONE,
                            details.toJson(),
                            Optional.of(artefact)));
            if (!recorded) {
                lastObserved.remove("tools/list", digest);
            }
        }
    }

    private boolean isNew(String method, Hash digest) {
        return !digest.equals(lastObserved.put(method, digest));
    }

    /** A code as statements take it. */
    private static String word(String code) {
        String plain = code.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return plain.matches("[a-z0-9][a-z0-9-]{0,63}") ? plain : "refused";
    }
}
