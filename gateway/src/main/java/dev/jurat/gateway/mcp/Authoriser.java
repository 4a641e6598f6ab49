package dev.jurat.gateway.mcp;

import dev.jurat.gateway.mcp.Guard.Refusal;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Containment;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Redaction;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.JuratClient.Exchange;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.TokenAnswer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds authority for a planned call: an identity that the session already holds, or one that the broker grants. Thread-safe. */
final class Authoriser {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int SALTS_MAX = 3;
    private static final String TOOL_UNKNOWN = "tool-unknown";
    /** Reasons that come of the call's effect, which is unknown where the profile does not know its arguments. */
    private static final Set<String> BY_EFFECT =
            Set.of(TOOL_UNKNOWN, "no-permit", "effect-not-permitted", "forbidden", "floor");

    private final Broker broker;
    private final Planner planner;
    private final String point;
    private final boolean observe;
    private final Duration hold;
    private final Hash launch;
    private final RandomSource random;
    private final LedgerRefusals refusals;
    private final Map<Tool, LiveIdentity> ranged = new ConcurrentHashMap<>();

    /**
     * @param hold how long a call is held while people may approve it
     * @param launch the digest of how the server was started
     */
    Authoriser(
            Broker broker,
            Planner planner,
            String point,
            boolean observe,
            Duration hold,
            Hash launch,
            RandomSource random,
            LedgerRefusals refusals) {
        this.broker = broker;
        this.planner = planner;
        this.point = point;
        this.observe = observe;
        this.hold = hold;
        this.launch = launch;
        this.random = random;
        this.refusals = refusals;
    }

    /** What was found. */
    sealed interface Found {
        /** Authority for the plan, which has the approved bytes where those differ from the client's. */
        record Authority(LiveIdentity identity, Plan plan) implements Found {}

        /** None; {@code decision} is the record that says so, where there is one. */
        record Nothing(Refusal refusal, Optional<RecordId> decision, Plan plan) implements Found {}
    }

    Found find(Plan plan, Guard.Waiting waiting) throws NodeException, InterruptedException {
        Optional<Refusal> unread = plan.unmapped().flatMap(Unmapped::refusal).filter(refusal -> !observe);
        if (unread.isPresent()) {
            return new Found.Nothing(unread.get(), Optional.empty(), plan);
        }
        LiveIdentity held = ranged.get(plan.tool());
        if (held != null && plan.isInside() && held.check(plan) instanceof Containment.Within) {
            if (held.reserve()) {
                return new Found.Authority(held, plan);
            }
            ranged.remove(plan.tool(), held);
        }
        return new Attempt(plan, waiting).run();
    }

    /** Forgets an identity that the ledger no longer honours. */
    void forget(LiveIdentity identity) {
        ranged.values().removeIf(i -> i == identity);
    }

    private final class Attempt {
        private final Guard.Waiting waiting;
        private final long holdEnd = System.nanoTime() + hold.toNanos();
        private Plan plan;
        private Salt salt = Salt.of(random.bytes(Salt.BYTES));
        private int salts;

        Attempt(Plan plan, Guard.Waiting waiting) {
            this.plan = plan;
            this.waiting = waiting;
        }

        Found run() throws NodeException, InterruptedException {
            while (true) {
                Broker.Asked asked = broker.ask(intent(), details().toJson(), context());
                Exchange exchange = asked.exchange();
                while (exchange.answer() instanceof TokenAnswer.Pending pending
                        && exchange.recorded()
                        && waits(pending)) {
                    exchange = broker.again(asked.intent(), context(), pause());
                }
                Optional<Found> found = judge(exchange.answer());
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }

        /** Empty where the intent is to be signed and sent again. */
        private Optional<Found> judge(TokenAnswer answer) throws InterruptedException {
            return switch (answer) {
                case TokenAnswer.Granted granted -> Optional.of(take(granted));
                case TokenAnswer.Denied denied -> Optional.of(denied(denied));
                case TokenAnswer.UseSalt salted -> useSalt(salted);
                case TokenAnswer.Pending pending -> {
                    if (!waits(pending)) {
                        yield Optional.of(pending(pending));
                    }
                    Thread.sleep(pause());
                    yield Optional.empty();
                }
            };
        }

        /** Until it is asked again: not beyond the end of the hold. */
        private Duration pause() {
            long left = Math.max(0, (holdEnd - System.nanoTime()) / 1_000_000);
            return Duration.ofMillis(Math.min(PAUSE.toMillis(), left));
        }

        private boolean waits(TokenAnswer.Pending pending) {
            boolean over = System.nanoTime() - holdEnd >= 0 || waiting.isCancelled();
            if (!over) {
                waiting.waits("waiting for approval: jurat approve "
                        + pending.decision().hex());
            }
            return !over;
        }

        private Found take(TokenAnswer.Granted granted) {
            try {
                LiveIdentity identity = LiveIdentity.of(
                        granted,
                        plan,
                        salt,
                        broker.session().stream().principal(),
                        broker.session().stream().session(),
                        point,
                        observe,
                        launch);
                identity.reserve();
                if (identity.isRanged()) {
                    ranged.put(plan.tool(), identity);
                }
                return new Found.Authority(identity, plan);
            } catch (FormatException e) {
                LedgerRefusals.Said said = refusals.grant(e.code());
                Refusal refusal = new Refusal(
                        e.code().equals(LiveIdentity.OBSERVED_ONLY) ? e.code() : "authority-mismatch",
                        said.text(),
                        said.next(),
                        Optional.of(granted.decision().hex()));
                return new Found.Nothing(refusal, Optional.of(granted.decision()), plan);
            }
        }

        private Found denied(TokenAnswer.Denied denied) {
            String code = denied.codes().stream().findFirst().orElse("denied");
            LedgerRefusals.Said said = refusals.denied(code, denied.help());
            String next = BY_EFFECT.contains(code) && plan.unmapped().isPresent()
                    ? (code.equals(TOOL_UNKNOWN) ? "" : sentence(said.next())) + asProfiled()
                    : said.next();
            Refusal refusal =
                    new Refusal(code, said.text(), next, denied.decision().map(RecordId::hex));
            return new Found.Nothing(refusal, denied.decision(), plan);
        }

        private Found pending(TokenAnswer.Pending pending) {
            String id = pending.decision().hex();
            Refusal refusal = new Refusal(
                    waiting.isClientGone() ? "client-gone" : "approval-pending",
                    "it waits for approval by " + pending.wanted() + (pending.wanted() == 1 ? " person" : " people")
                            + ", decision " + id + ".",
                    why(pending) + "A person approves it with: jurat approve " + id
                            + "  Then make exactly the same call again.",
                    Optional.of(id));
            return new Found.Nothing(refusal, Optional.of(pending.decision()), plan);
        }

        /** What spares people the question, where a policy asks them only because no profile says what the call does. */
        private String why(TokenAnswer.Pending pending) {
            if (!pending.codes().contains(TOOL_UNKNOWN) || !plan.call().isTool()) {
                return sentence(pending.help());
            }
            return plan.unmapped().isPresent()
                    ? asProfiled() + " Or it is approved as it is. "
                    : sentence(pending.help())
                            + "An administrator makes the tool known with: jurat profile publish PROFILE  ";
        }

        /** Where the profile knows the tool, and not such arguments. */
        private String asProfiled() {
            return "The profile knows this tool, but not such arguments: "
                    + plan.unmapped().map(Unmapped::words).orElse("")
                    + ". Sent as the profile has them, it is decided as a call of a known tool.";
        }

        private Optional<Found> useSalt(TokenAnswer.UseSalt answer) {
            try {
                salt = Salt.fromHex(answer.salt());
                if (answer.arguments().isPresent()) {
                    plan = planner.plan(approved(answer.arguments().get()));
                }
                if (++salts <= SALTS_MAX) {
                    return Optional.empty();
                }
            } catch (FormatException | IllegalArgumentException e) {
                salts = SALTS_MAX;
            }
            Refusal refusal = new Refusal(
                    "approved-call-differs",
                    "an approved call was named that is not this one.",
                    "tell the operator: jurat doctor",
                    Optional.empty());
            return Optional.of(new Found.Nothing(refusal, Optional.empty(), plan));
        }

        /** The call with the approved bytes, if they mean what the client's mean. */
        private GovernedCall approved(byte[] bytes) throws FormatException {
            GovernedCall call = plan.call();
            ForeignJson theirs = ForeignJson.parseObject(bytes);
            if (call.parsed().isEmpty() || !ForeignJson.sameValue(call.parsed().get(), theirs)) {
                throw new FormatException("approved-call-differs", "the approved arguments mean something else");
            }
            return call.withArguments(bytes);
        }

        private AuthorityFacts.Intent intent() {
            return new AuthorityFacts.Intent(
                    AuthorityFacts.Origin.DERIVED, plan.tool(), plan.committed().commitment(salt), point);
        }

        private CallDetails details() {
            return Authoriser.details(plan, salt, Optional.empty());
        }

        private Json.Obj context() {
            return JsonBuilder.object()
                    .put("base", plan.roots().base().map(b -> Json.of(b.text())))
                    .put("definition", plan.definition().map(h -> Json.of(h.hex())))
                    .put("launch", launch.hex())
                    .put("observe", observe)
                    .put("profile", planner.profileDigest().map(h -> Json.of(h.hex())))
                    .put("resources", plan.touchedJson())
                    .strings("roots", planner.rootTexts())
                    .build();
        }
    }

    /** The help of a policy with an end that another sentence can follow. */
    private static String sentence(String help) {
        String text = help.strip();
        return text.isEmpty() ? "" : text + (".!?".indexOf(text.charAt(text.length() - 1)) < 0 ? ". " : " ");
    }

    /** The body of an intent or a use; arguments that the profile marks secret stand in it as salted digests. */
    static CallDetails details(Plan plan, Salt salt, Optional<byte[]> meta) {
        Optional<byte[]> arguments = plan.call().arguments();
        Optional<Json.Obj> redacted = arguments.flatMap(
                bytes -> Redaction.of(bytes, plan.call().parsed().orElseThrow(), plan.secret(), salt));
        return new CallDetails(
                salt,
                plan.call().target(),
                redacted.isPresent() ? Optional.empty() : arguments,
                redacted,
                plan.call().others(),
                plan.names(),
                meta,
                Optional.empty());
    }
}
