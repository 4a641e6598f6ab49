package dev.jurat.governance;

import dev.jurat.governance.policy.Bounds;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.PolicyOutcome;
import dev.jurat.governance.policy.PolicyOutcome.Because;
import dev.jurat.governance.policy.PolicyOutcome.Deny;
import dev.jurat.governance.policy.Reason;
import dev.jurat.proof.contract.Duty;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Reach;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.Revocable;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.TargetRule;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import java.util.List;
import java.util.Optional;

/** From a case to a ruling: reads the call, asks the policy, and writes what is proposed. Takes time and state only from what is passed in. */
final class Deciding {
    private static final int EXACT_TARGETS_MAX = 64;
    private static final List<Duty> DUTIES = List.of(Duty.USE, Duty.OUTCOME, Duty.OUTPUT_DIGEST);
    private static final List<Revocable> REVOCABLES = List.of(Revocable.values());

    private Deciding() {}

    /**
     * What the ledger knows at this moment about who asks.
     *
     * @param session the session's own statement
     * @param unknowns like calls that ended unknown
     * @param confirmed whether anybody but the agent itself vouches for it
     * @param pointKnown whether the intent's point is an enforcement point
     */
    record Standing(
            RegistryFacts.Session session,
            long unknowns,
            boolean confirmed,
            boolean claimed,
            boolean pointKnown,
            long earliestMillis) {
        static Optional<Standing> of(Case one, Lifecycle state) {
            return state.head(one.intent().header().stream())
                    .flatMap(Lifecycle.StreamHead::session)
                    .map(session -> new Standing(
                            session,
                            state.unknowns(one.actor(), one.facts().tool()),
                            !state.selfEnrolled(one.actor()),
                            state.claimed(),
                            state.principal(one.facts().point())
                                    .filter(point -> point.roles().contains(Role.POINT))
                                    .isPresent(),
                            state.clock().earliest()));
        }
    }

    /**
     * Rules on a case.
     *
     * @param approvals how many people have approved it
     * @param wanted what the identity is asked for
     * @param anySession whether the contract is the principal's rather than the session's
     */
    static Ruling rule(
            Case one,
            Standing standing,
            PolicyShelf.Chosen policy,
            ToolReading reading,
            int approvals,
            Wanted wanted,
            boolean anySession) {
        PolicyInput input = input(one, standing, policy, reading, approvals);
        Optional<Because> refused =
                refusal(one, standing, policy, reading, wanted).or(() -> secret(policy, reading, input));
        PolicyOutcome outcome = refused.isPresent()
                ? new Deny(refused.get())
                : policy.ready().policy().decide(input);
        return switch (outcome) {
            case Deny deny -> new Ruling(policy, input, deny, Optional.empty());
            case PolicyOutcome.Allow allow ->
                proposed(one, policy, reading, input, allow, allow.bounds(), standing, anySession);
            case PolicyOutcome.Pending pending ->
                proposed(one, policy, reading, input, pending, pending.bounds(), standing, true);
        };
    }

    private static Ruling proposed(
            Case one,
            PolicyShelf.Chosen policy,
            ToolReading reading,
            PolicyInput input,
            PolicyOutcome outcome,
            Bounds bounds,
            Standing standing,
            boolean anySession) {
        Optional<Because> refused =
                asksPeopleToWatch(outcome, bounds).or(() -> beyond(one, policy, reading, bounds, standing));
        if (refused.isPresent()) {
            return new Ruling(policy, input, new Deny(refused.get()), Optional.empty());
        }
        Offer offer = new Offer(
                one.actor(),
                anySession ? Offer.ANY_SESSION : one.session(),
                one.facts().point(),
                bounds.ranged()
                        ? new Shape.Ranged()
                        : new Shape.Exact(one.facts().call()),
                one.facts().tool(),
                bounds.windowMillis(),
                bounds.uses(),
                List.of(),
                bounds.observed() ? Mode.OBSERVED : Mode.ENFORCED);
        Proposal proposal = new Proposal(
                offer,
                targets(one, reading, bounds),
                bounds.limits(),
                one.point().assumptions(offer.shape()),
                DUTIES,
                REVOCABLES);
        return new Ruling(policy, input, outcome, Optional.of(proposal));
    }

    /** An approval permits; where a call is only observed, nothing is permitted, so there is nothing to approve. */
    private static Optional<Because> asksPeopleToWatch(PolicyOutcome outcome, Bounds bounds) {
        return outcome instanceof PolicyOutcome.Pending && bounds.observed()
                ? because(
                        Reason.OBSERVE_NOT_ALLOWED,
                        "The policy wants people to approve a call that it would only observe. An administrator publishes one that does either.")
                : Optional.empty();
    }

    /** What the outcome of a policy may not ask for. */
    private static Optional<Because> beyond(
            Case one, PolicyShelf.Chosen policy, ToolReading reading, Bounds bounds, Standing standing) {
        if (bounds.observed() && !policy.mayObserve()) {
            return because(
                    Reason.OBSERVE_NOT_ALLOWED,
                    "The policy that decides only observes, and the enforcement point did not ask for that. An administrator publishes one that decides: jurat policy publish starter@v1.");
        }
        if (!standing.confirmed() && !bounds.observed()) {
            return because(
                    Reason.AGENT_UNCONFIRMED,
                    "This agent enrolled itself. An administrator has to confirm it: jurat agent confirm "
                            + one.actor());
        }
        if (!bounds.observed() && !policy.mayEnforce()) {
            return because(
                    Reason.OBSERVE_NOT_ALLOWED,
                    "The policy that lets this wrapper observe would enforce this call, which only the default policy may. Start the wrapper without --observe; or an administrator publishes one that observes it.");
        }
        boolean secret = bounds.limits()
                .filter(limits -> reading.secret().stream().anyMatch(limits::restricts))
                .isPresent();
        if (secret) {
            return because(
                    Reason.LIMIT_ON_SECRET, "The policy limits a secret argument, which nobody could check later.");
        }
        boolean many =
                !bounds.ranged() && reading.resources().stream().distinct().count() > EXACT_TARGETS_MAX;
        return many
                ? because(
                        Reason.RESOURCES_TOO_MANY,
                        "Split the call: one may name at most " + EXACT_TARGETS_MAX + " resources.")
                : Optional.empty();
    }

    private static Optional<Because> refusal(
            Case one, Standing standing, PolicyShelf.Chosen policy, ToolReading reading, Wanted wanted) {
        if (!one.argumentsSound()) {
            return because(
                    Reason.ARGUMENTS_INVALID,
                    "Send the arguments as one JSON object: each name once, valid UTF-8, at most 64 levels deep.");
        }
        Optional<Reason> mismatch = wanted.mismatch(one.facts());
        if (mismatch.isPresent()) {
            return because(mismatch.get(), Wanted.help(mismatch.get()));
        }
        if (!standing.pointKnown()) {
            return because(
                    Reason.POINT_UNKNOWN,
                    "Nobody enrolled the enforcement point that the intent names: jurat agent list.");
        }
        if (one.point().observe() && !policy.mayObserve()) {
            return because(
                    Reason.OBSERVE_NOT_ALLOWED,
                    "On this node observing is an administrator's choice: jurat policy publish observe@v1 --available. Or start the wrapper without --observe.");
        }
        if (reading.refused().isPresent()) {
            return reading.refused().flatMap(reason -> because(reason, help(reason)));
        }
        return one.call().redacted().isEmpty() || isRedactedByProfile(one, reading)
                ? Optional.empty()
                : because(
                        Reason.REDACTION_MISMATCH,
                        "Send the arguments as they are: the profile keeps no such argument secret, and who approves has to see them.");
    }

    /** A rule on an argument that nobody shows it would be silent where it should speak. */
    private static Optional<Because> secret(PolicyShelf.Chosen policy, ToolReading reading, PolicyInput input) {
        return policy.ready().declared().select(input.arguments()).keySet().stream()
                .filter(reading.secret()::contains)
                .findFirst()
                .flatMap(name -> because(
                        Reason.ARGUMENT_SECRET,
                        "The policy declares the argument " + name
                                + ", which the profile keeps secret; its author has to leave it out."));
    }

    /** Whether some arguments stand as digests, and none that the profile does not mark. */
    private static boolean isRedactedByProfile(Case one, ToolReading reading) {
        return !one.hidden().isEmpty() && reading.secret().containsAll(one.hidden());
    }

    private static String help(Reason reason) {
        return switch (reason) {
            case TOOL_MISMATCH ->
                "The published profile reads this tool in another way, or was withdrawn; start the client again, or publish the profile.";
            case RESOURCE_REFUSED ->
                "An argument does not name its resource in one clear way. Use a plain absolute path without dots, escapes or unusual characters.";
            case RESOURCE_MISMATCH ->
                "The enforcement point or the intent names other resources than the profile reads from the arguments.";
            default -> "";
        };
    }

    private static Optional<Because> because(Reason reason, String help) {
        return Optional.of(new Because(reason, List.of(), help));
    }

    private static PolicyInput input(
            Case one, Standing standing, PolicyShelf.Chosen policy, ToolReading reading, int approvals) {
        Json.Obj all = one.arguments()
                .map(arguments -> ForeignArguments.of(arguments, reading.secret()))
                .orElse(JsonBuilder.object().build());
        String actor = one.actor();
        return new PolicyInput(
                new PolicyInput.Principal(
                        actor, actor.substring(0, actor.indexOf('/')), standing.confirmed() ? "administrator" : "self"),
                new PolicyInput.Session(
                        standing.session().isolation().wire(),
                        standing.session().shared()),
                new PolicyInput.Action(
                        one.facts().tool().method(),
                        one.facts().tool().name(),
                        one.facts().tool().effect(),
                        one.facts().tool().idempotent(),
                        reading.known()),
                one.point().roots().stream().map(LexicalPath::text).toList(),
                one.point().base().map(LexicalPath::text),
                reading.seen(),
                Json.Obj.of(policy.ready().declared().select(all)),
                approvals,
                standing.unknowns(),
                one.point().observe(),
                standing.earliestMillis());
    }

    private static List<TargetRule> targets(Case one, ToolReading reading, Bounds bounds) {
        if (bounds.ranged()) {
            return one.point().roots().stream()
                    .distinct()
                    .<TargetRule>map(root -> new TargetRule.Path(root, Reach.BELOW))
                    .toList();
        }
        return reading.resources().stream().distinct().map(Deciding::target).toList();
    }

    private static TargetRule target(Resource resource) {
        return switch (resource) {
            case Resource.Path path -> new TargetRule.Path(path.path(), path.reach());
        };
    }
}
