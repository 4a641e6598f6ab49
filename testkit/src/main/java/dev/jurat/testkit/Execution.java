package dev.jurat.testkit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.AuthorityDetails.Proposed;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.Call;
import dev.jurat.proof.contract.Duty;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Reach;
import dev.jurat.proof.contract.Revocable;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.TargetRule;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.AuthorityFacts.Outcome;
import dev.jurat.proof.record.AuthorityFacts.Verdict;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.UseProof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One call from its intent to its outcome. Settings first, then the steps, each a draft that a test may change; later steps name what the
 * earlier ones signed. Not thread-safe.
 */
public final class Execution {
    private static final String CEDAR = "cedar-4.10.0";

    private final World world;
    private final Party agent;
    private final Party point;
    private final List<RecordId> approvals = new ArrayList<>();
    private Tool tool;
    private String called;
    private Optional<byte[]> arguments = Optional.of("{\"path\":\"/srv/notes.txt\"}".getBytes(StandardCharsets.UTF_8));
    private String session = "";
    private boolean ranged;
    private long windowMillis = 60_000;
    private long uses = 1;
    private Mode mode = Mode.ENFORCED;
    private long ordinal;
    private Optional<Hash> launch = Optional.empty();
    private Optional<Hash> definition = Optional.empty();
    private UnaryOperator<Proposal> proposalChange = p -> p;
    private UnaryOperator<Json.Obj> claimsChange = c -> c;
    private Optional<Salt> callSalt = Optional.empty();
    private Optional<Salt> termsSalt = Optional.empty();
    private String eid = "";

    private final Map<Kind, Matter> done = new EnumMap<>(Kind.class);

    Execution(World world, Party agent, Party point) {
        this.world = world;
        this.agent = agent;
        this.point = point;
        this.tool = world.tool("read_text_file", Effect.READ, true);
        this.called = tool.name();
    }

    // ---- settings

    public Execution tool(Tool changed) {
        tool = changed;
        called = changed.name();
        return this;
    }

    /** The name or URI as it was sent, where it is not the tool's name. */
    public Execution called(String name) {
        called = name;
        return this;
    }

    /** The exact bytes of the arguments. */
    public Execution arguments(String json) {
        arguments = Optional.of(json.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Execution withoutArguments() {
        arguments = Optional.empty();
        return this;
    }

    /** A contract for any call within targets and limits, so many times. */
    public Execution ranged(long count, long millis) {
        ranged = true;
        uses = count;
        windowMillis = millis;
        return this;
    }

    public Execution windowMillis(long millis) {
        windowMillis = millis;
        return this;
    }

    /** A contract for any session of the agent, as approved ones are. */
    public Execution anySession() {
        session = Offer.ANY_SESSION;
        return this;
    }

    /** Decided by {@code observe@v1}: nothing is enforced. */
    public Execution observed() {
        mode = Mode.OBSERVED;
        return this;
    }

    /** The point says how it started the server, and the contract rests on that. */
    public Execution launched(Hash digest) {
        launch = Optional.of(digest);
        return this;
    }

    /** The context names the definition that the world's profile was written for; otherwise it names none. */
    public Execution listed() {
        definition = Optional.of(World.digest("definition/" + tool.name()));
        return this;
    }

    /** Changes what is proposed, before its terms are taken. */
    public Execution proposal(UnaryOperator<Proposal> change) {
        proposalChange = change;
        return this;
    }

    /** Changes the token's claims, before it is signed. */
    public Execution claims(UnaryOperator<Json.Obj> change) {
        claimsChange = change;
        return this;
    }

    /** Repeats the call of an execution whose contract is approved: same call salt, and its contract. */
    public Execution repeats(Execution approved) {
        tool = approved.tool;
        called = approved.called;
        arguments = approved.arguments;
        callSalt = Optional.of(approved.callSalt());
        for (Kind kind : List.of(Kind.CONTEXT, Kind.DECISION, Kind.CONTRACT)) {
            done.put(kind, approved.matter(kind));
        }
        termsSalt = Optional.of(approved.termsSalt());
        Proposal approvedProposal = approved.proposal();
        proposalChange = ignored -> approvedProposal;
        return this;
    }

    // ---- what follows from the settings

    public Salt callSalt() {
        if (callSalt.isEmpty()) {
            callSalt = Optional.of(world.salt("call " + agent.stream() + " " + agent.next()));
        }
        return callSalt.get();
    }

    public Call call() {
        return new Call(tool.profile(), tool.method(), called, arguments);
    }

    public Proposal proposal() {
        Hash committed = call().commitment(callSalt());
        Offer offer = new Offer(
                agent.principal(),
                session.isEmpty() ? agent.session() : session,
                point.principal(),
                ranged ? new Shape.Ranged() : new Shape.Exact(committed),
                tool,
                windowMillis,
                uses,
                List.of(),
                mode);
        try {
            Optional<Limits> limits = ranged ? Optional.of(Limits.read(pathLimits())) : Optional.empty();
            return proposalChange.apply(new Proposal(
                    offer,
                    List.of(new TargetRule.Path(LexicalPath.parse("/srv"), Reach.BELOW)),
                    limits,
                    launch.map(digest -> List.of(new Assumption("launch", digest.hex())))
                            .orElse(List.of()),
                    List.of(Duty.USE, Duty.OUTCOME),
                    List.of(Revocable.CONTRACT, Revocable.SESSION)));
        } catch (FormatException e) {
            throw new IllegalStateException("limits that are not limits", e);
        }
    }

    private static Json.Obj pathLimits() {
        return JsonBuilder.object()
                .put(
                        "properties",
                        JsonBuilder.object()
                                .put(
                                        "path",
                                        JsonBuilder.object()
                                                .put("type", "string")
                                                .build())
                                .build())
                .strings("required", List.of("path"))
                .put("type", "object")
                .build();
    }

    /** The salt of the terms: one for the first decision and the one after approval. */
    public Salt termsSalt() {
        if (termsSalt.isEmpty()) {
            termsSalt = Optional.of(world.salt("terms " + agent.stream() + " " + agent.next()));
        }
        return termsSalt.get();
    }

    public Grant grant() {
        return proposal().grant(termsSalt());
    }

    /** The token's text; after {@link #identity} it stays as it is. */
    public String eid() {
        return eid;
    }

    /** The record of a kind that this execution signed last. */
    public Matter matter(Kind kind) {
        Matter matter = done.get(kind);
        if (matter == null) {
            throw new IllegalStateException("no " + kind.wire() + " is signed yet");
        }
        return matter;
    }

    public RecordId id(Kind kind) {
        return matter(kind).id();
    }

    // ---- steps

    public Draft intent() {
        callSalt();
        termsSalt();
        return step(
                        agent,
                        new AuthorityFacts.Intent(
                                AuthorityFacts.Origin.DERIVED, tool, call().commitment(callSalt()), point.principal()))
                .body(callMembers(callSalt()));
    }

    public Draft context() {
        return step(
                        world.governor(),
                        new AuthorityFacts.Context(
                                tool.profile(), definition, launch, tool.effect() != Effect.UNKNOWN, 0))
                .references(References.of("intent", id(Kind.INTENT)))
                .body(new AuthorityDetails.Context(JsonBuilder.object()
                                .put("base", "/srv")
                                .strings("roots", List.of("/srv"))
                                .build())
                        .toJson());
    }

    /** Allows at once; or, in an observed execution, only observes. */
    public Draft decision() {
        boolean observed = mode == Mode.OBSERVED;
        return decision(observed ? Outcome.OBSERVED : Outcome.ALLOW, observed ? "observed" : "allowed", 0);
    }

    public Draft denial(String reason) {
        return decision(Outcome.DENY, reason, 0);
    }

    /** Waits for so many approvals. */
    public Draft pending(long wanted) {
        return decision(Outcome.PENDING, "approval-wanted", wanted).then(m -> done.put(Kind.DECISION, m));
    }

    /** Allows what {@link #pending} proposed, by the approvals given so far. */
    public Draft decisionAfterApproval() {
        return decision(Outcome.ALLOW, "approved", 1)
                .references(decisionReferences()
                        .withMany("supersedes", List.of(id(Kind.DECISION)))
                        .withMany("approvals", approvals));
    }

    private Draft decision(Outcome outcome, String reason, long wanted) {
        boolean observed = outcome == Outcome.OBSERVED;
        boolean denied = outcome == Outcome.DENY;
        Optional<Proposed> proposed = denied ? Optional.empty() : Optional.of(proposed());
        return step(
                        world.governor(),
                        new AuthorityFacts.Decision(
                                outcome,
                                reason,
                                observed ? world.observeArtefact() : world.starterArtefact(),
                                CEDAR,
                                wanted,
                                denied ? Optional.empty() : Optional.of(grant())))
                .references(decisionReferences())
                .body(new AuthorityDetails.Decision(proposed, List.of("all"), "").toJson());
    }

    private References decisionReferences() {
        return References.of(
                "intent",
                id(Kind.INTENT),
                "context",
                id(Kind.CONTEXT),
                "policy",
                mode == Mode.OBSERVED ? world.observePolicy() : world.policy());
    }

    /** A person's approval of the pending decision. */
    public Draft approval(Party person) {
        return word(person, Verdict.APPROVE);
    }

    /** A person's rejection of the pending decision. */
    public Draft rejection(Party person) {
        return word(person, Verdict.REJECT);
    }

    private Draft word(Party person, Verdict verdict) {
        return world.draft(person, new AuthorityFacts.Approval(verdict, grant().terms()))
                .references(References.of("decision", id(Kind.DECISION)))
                .body(new PersonDetails("looked at").toJson())
                .then(m -> {
                    done.put(Kind.APPROVAL, m);
                    approvals.add(m.id());
                });
    }

    public Draft contract() {
        return step(world.governor(), new AuthorityFacts.Contract(grant()))
                .references(References.of("decision", id(Kind.DECISION)))
                .body(new AuthorityDetails.Contract(proposed()).toJson());
    }

    public Draft identity() {
        Matter bound = matter(Kind.CONTRACT);
        long notAfter = world.log().lifecycle().clock().earliest() + Math.min(windowMillis, 30_000);
        eid = Tokens.sign(claimsChange.apply(Tokens.claims(this, notAfter, bound)));
        return step(
                        world.broker(),
                        new AuthorityFacts.Identity(
                                grant(),
                                agent.session(),
                                agent.key().verifyKey().text(),
                                World.digest(eid),
                                notAfter))
                .references(References.of("contract", bound.id(), "intent", id(Kind.INTENT)))
                .body(new AuthorityDetails.Identity(eid).toJson());
    }

    /** The use of the call of the settings; a ranged one has a fresh salt. */
    public Draft use() {
        ordinal++;
        Salt salt = ranged ? world.salt("use " + point.stream() + " " + point.next()) : callSalt();
        Hash committed = call().commitment(salt);
        String nonce =
                world.salt("nonce " + point.stream() + " " + point.next()).hex();
        byte[] proof = agent.key().sign(UseProof.message(World.digest(eid), committed, point.principal(), nonce));
        return step(
                        point,
                        new ExecutionFacts.Use(
                                committed, ordinal, nonce, Base64Text.encode(proof), 5_000, 30_000, Map.of()))
                .references(References.of("identity", id(Kind.IDENTITY)))
                .body(callMembers(salt));
    }

    public Draft outcome(ExecutionFacts.Result result) {
        byte[] output = "{\"content\":[]}".getBytes(StandardCharsets.UTF_8);
        boolean answered = result == ExecutionFacts.Result.SUCCESS || result == ExecutionFacts.Result.TOOL_ERROR;
        Salt salt = world.salt(point.stream() + " " + point.next());
        return step(
                        point,
                        new ExecutionFacts.Outcome(
                                result,
                                answered
                                        ? Optional.of(ExecutionDetails.Outcome.commitment(salt.bytes(), output))
                                        : Optional.empty(),
                                answered ? output.length : 0))
                .references(References.of("use", id(Kind.USE)))
                .body(new ExecutionDetails.Outcome(
                                12, answered ? Optional.of(output) : Optional.empty(), Optional.empty())
                        .toJson());
    }

    /** A call that the point did not let through, under this execution's identity. */
    public Draft refusal(String code) {
        return step(
                        point,
                        new ExecutionFacts.Refusal(code, Optional.of(call().commitment(callSalt())), Optional.of(tool)))
                .references(References.of("identity", id(Kind.IDENTITY)))
                .body(new ExecutionDetails.Refusal(Optional.of(called), List.of(), "ask for a contract that covers it")
                        .toJson());
    }

    public Draft violation(String code) {
        return step(point, new ExecutionFacts.Violation(code))
                .references(References.of("use", id(Kind.USE)))
                .body(new ExecutionDetails.Violation("a link that leads out", List.of()).toJson());
    }

    private Draft step(Party party, Facts facts) {
        return world.draft(party, facts).then(m -> done.put(facts.kind(), m));
    }

    private Json.Obj callMembers(Salt salt) {
        return new CallDetails(salt, called, arguments, Optional.empty(), List.of(), Optional.empty(), Optional.empty())
                .toJson();
    }

    private Proposed proposed() {
        return new Proposed(proposal(), termsSalt(), ranged ? Optional.empty() : Optional.of(callSalt()));
    }

    // ---- whole stretches

    /** Intent to identity in one group. */
    public Execution authorise() {
        world.admit(
                intent().sign(),
                context().sign(),
                decision().sign(),
                contract().sign(),
                identity().sign());
        return this;
    }

    /** Intent, context and a decision that waits. */
    public Execution ask(long wanted) {
        world.admit(intent().sign(), context().sign(), pending(wanted).sign());
        return this;
    }

    /** Approvals by these people, then decision, contract and identity in one group. */
    public Execution approvedBy(Party... people) {
        for (Party person : people) {
            approval(person).admit();
        }
        world.admit(
                decisionAfterApproval().sign(), contract().sign(), identity().sign());
        return this;
    }

    /** One use and its outcome. */
    public Execution used() {
        use().admit();
        outcome(ExecutionFacts.Result.SUCCESS).admit();
        return this;
    }

    /** Everything, once, with success. */
    public Execution run() {
        return authorise().used();
    }

    Party agent() {
        return agent;
    }

    Party point() {
        return point;
    }
}
