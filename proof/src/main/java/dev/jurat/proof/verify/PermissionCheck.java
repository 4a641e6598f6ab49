package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.bundle.Action;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.Containment;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.contract.ProfiledTool;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Redaction;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Recomputes whether a use was within its permission, from the bodies: the call's bytes against the contract's targets and limits, the
 * token against the records that it names ({@code docs/spec/bundle.md} §6, step 9).
 *
 * <p>The admission rules, judged again before, have compared what stands in statements. Not thread-safe.
 */
final class PermissionCheck {
    private final Bundle bundle;
    private final Records records;
    private final TokenCheck tokens;
    private final ToolCheck tools;

    PermissionCheck(Bundle bundle, Records records) {
        this.bundle = bundle;
        this.records = records;
        this.tokens = new TokenCheck(records);
        this.tools = new ToolCheck(bundle, records);
    }

    /** The verdict on an action of which no use is shown. Nothing follows a denial; of all else only the whole log shows that nothing did. */
    PermissionVerdict unused(Action action) {
        boolean whole = bundle.scope() instanceof Scope.All;
        if (!action.identities().isEmpty() || !action.contracts().isEmpty()) {
            return whole ? new PermissionVerdict.NotUsed() : new PermissionVerdict.NotShown("contract");
        }
        String code = action.decision(records)
                .map(d -> d.record().statement().facts())
                .filter(AuthorityFacts.Decision.class::isInstance)
                .map(d -> switch (((AuthorityFacts.Decision) d).outcome()) {
                    case DENY -> "denied";
                    case PENDING -> "pending";
                    case ALLOW, OBSERVED -> "no-contract";
                })
                .orElse("undecided");
        return whole || code.equals("denied")
                ? new PermissionVerdict.NotGranted(code)
                : new PermissionVerdict.NotShown(code);
    }

    /** The verdict on one use. */
    PermissionVerdict of(Action.Use use) {
        Leaf identity = named(use.leaf(), "identity");
        if (!(identity.record().statement().facts() instanceof AuthorityFacts.Identity facts)) {
            return new PermissionVerdict.Beyond("reference-unknown");
        }
        if (!use.violations().isEmpty()) {
            return new PermissionVerdict.Beyond(violation(use.violations().getFirst()));
        }
        SortedSet<String> missing = new TreeSet<>();
        Optional<String> excess = token(identity, facts, missing);
        if (excess.isEmpty() && facts.grant().mode() == Mode.ENFORCED) {
            excess = contained(use.leaf(), identity, facts.grant(), missing);
        }
        if (excess.isPresent()) {
            return new PermissionVerdict.Beyond(excess.get());
        }
        if (facts.grant().mode() == Mode.OBSERVED) {
            return new PermissionVerdict.NotEnforced();
        }
        return missing.isEmpty()
                ? new PermissionVerdict.Within()
                : new PermissionVerdict.Asserted(List.copyOf(missing));
    }

    private static String violation(Leaf leaf) {
        return leaf.record().statement().facts() instanceof ExecutionFacts.Violation violation
                ? violation.code()
                : "violation";
    }

    private Leaf named(Leaf leaf, String role) {
        RecordId id = leaf.header().references().one(role);
        return records.byId(id).orElseThrow(() -> new IllegalStateException("the rules let a dangling reference in"));
    }

    private Optional<String> token(Leaf identity, AuthorityFacts.Identity facts, SortedSet<String> missing) {
        Optional<AuthorityDetails.Identity> details = read(identity, AuthorityDetails.Identity::read);
        if (details.isEmpty()) {
            missing.add("identity-body");
            return Optional.empty();
        }
        return tokens.fault(identity, facts, details.get().token());
    }

    private Optional<String> contained(Leaf use, Leaf identity, Grant grant, SortedSet<String> missing) {
        Leaf contract = named(identity, "contract");
        Leaf decision = named(contract, "decision");
        Leaf context = named(decision, "context");
        Optional<Proposal> proposal = read(contract, AuthorityDetails.Contract::read)
                .map(d -> d.proposed().proposal());
        Optional<CallDetails> call = read(use, CallDetails::read);
        if (proposal.isEmpty()) {
            missing.add("contract-body");
        }
        if (call.isEmpty()) {
            missing.add("use-body");
        }
        return proposal.flatMap(p -> assumed(context, p, missing))
                .or(() -> proposal.flatMap(p -> launched(use, p, missing)))
                .or(() -> tools.fault(grant.tool(), decision, context, call, missing))
                .or(() -> call.flatMap(c -> kept(grant, proposal, c, context, missing)));
    }

    private Optional<String> assumed(Leaf context, Proposal proposal, SortedSet<String> missing) {
        return beyond(proposal.checkAssumptions(
                fact -> fact.equals(Assumption.RESOURCES) ? touched(context, proposal, missing) : fact(context, fact)));
    }

    /** What the call acts on and with which arguments, as far as its body shows them, against targets and limits. */
    private Optional<String> kept(
            Grant grant, Optional<Proposal> proposal, CallDetails call, Leaf context, SortedSet<String> missing) {
        try {
            if (call.redacted().isPresent()) {
                missing.add("secret-arguments");
                requireFounded(grant.tool(), call, call.redacted().get(), missing);
            }
            Set<String> hidden = call.redacted().map(Redaction::hidden).orElse(Set.of());
            Optional<ForeignJson> arguments = arguments(call);
            if (isUnmapped(grant)
                    && proposal.filter(p -> !p.targets().isEmpty()).isPresent()) {
                // Nobody can tell what such a call acts on, so nobody can say that it kept to the targets.
                missing.add("profile");
            }
            List<Resource> resources = resources(grant.tool(), call, arguments, hidden, context, missing);
            return proposal.isEmpty()
                    ? Optional.empty()
                    : beyond(proposal.get()
                            .without(hidden)
                            .check(grant.tool().method(), grant.tool().name(), arguments, resources));
        } catch (FormatException e) {
            return Optional.of(e.code());
        }
    }

    /** The arguments; null stands for each that is kept as a digest. */
    private static Optional<ForeignJson> arguments(CallDetails call) throws FormatException {
        if (call.redacted().isPresent()) {
            return Optional.of(Redaction.restored(call.redacted().get()));
        }
        return call.arguments().isPresent()
                ? Optional.of(ForeignJson.parse(call.arguments().get()))
                : Optional.empty();
    }

    /** An approved contract may be used in a later session: by what that one says of itself, its server was started in the same way. */
    private Optional<String> launched(Leaf use, Proposal proposal, SortedSet<String> missing) {
        Optional<String> wanted = value(proposal, Assumption.LAUNCH);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Optional<RegistryDetails.Session> session = records.stream(use.stream()).stream()
                .filter(leaf -> leaf.header().sequence() == 0)
                .findFirst()
                .flatMap(leaf -> read(leaf, RegistryDetails.Session::read));
        if (session.isEmpty()) {
            missing.add("session-body");
            return Optional.empty();
        }
        boolean same =
                session.get().launch().map(launch -> launch.digest().hex()).equals(wanted);
        return same ? Optional.empty() : Optional.of("beyond-assumption");
    }

    private static Optional<String> beyond(Containment containment) {
        return switch (containment) {
            case Containment.Within ignored -> Optional.empty();
            case Containment.Beyond beyond -> Optional.of(beyond.code());
        };
    }

    /** What the context says that the call touches; where its body is gone, what the contract says, and nobody can compare the two. */
    private Optional<String> touched(Leaf context, Proposal proposal, SortedSet<String> missing) {
        Optional<AuthorityDetails.Context> details = read(context, AuthorityDetails.Context::read);
        if (details.isEmpty()) {
            missing.add("context-body");
            return value(proposal, Assumption.RESOURCES);
        }
        return details.get().input().members().get("resources") instanceof Json.Arr resources
                ? Optional.of(Assumption.resources(resources).value())
                : Optional.empty();
    }

    private static Optional<String> value(Proposal proposal, String fact) {
        return proposal.assumptions().stream()
                .filter(one -> one.fact().equals(fact))
                .map(Assumption::value)
                .findFirst();
    }

    private static Optional<String> fact(Leaf context, String name) {
        if (!(context.record().statement().facts().toJson().members().get(name) instanceof Json value)) {
            return Optional.empty();
        }
        return switch (value) {
            case Json.Str text -> Optional.of(text.value());
            case Json.Int number -> Optional.of(Long.toString(number.value()));
            case Json.Bool bool -> Optional.of(Boolean.toString(bool.value()));
            case Json.Obj ignored -> Optional.empty();
            case Json.Arr ignored -> Optional.empty();
            case Json.Null ignored -> Optional.empty();
        };
    }

    /** What the call acts on, as the profile's artefact reads it from the exact bytes. */
    private List<Resource> resources(
            Tool tool,
            CallDetails call,
            Optional<ForeignJson> arguments,
            Set<String> hidden,
            Leaf context,
            SortedSet<String> missing)
            throws FormatException {
        if (isUnmapped(tool)) {
            return List.of();
        }
        Optional<ProfiledTool> profiled = tools.entry(tool, call.name(), missing);
        if (profiled.isEmpty()) {
            return List.of();
        }
        if (profiled.get().resources().isEmpty()) {
            requireNamed(call, List.of());
            return List.of();
        }
        Optional<AuthorityDetails.Context> details = read(context, AuthorityDetails.Context::read);
        if (details.isEmpty()) {
            missing.add("context-body");
            return List.of();
        }
        List<Resource> resources = profiled.get()
                .without(hidden)
                .resources(arguments, details.get().folders());
        requireNamed(call, resources);
        return resources;
    }

    /** A body that names resources names those that the profile reads: readers search by them. */
    private static void requireNamed(CallDetails call, List<Resource> read) throws FormatException {
        List<String> named = call.resources();
        if (!named.isEmpty() && !named.equals(read.stream().map(Resource::text).toList())) {
            throw new FormatException(
                    "resources-differ", "the body names other resources than the profile reads from the arguments");
        }
    }

    private static boolean isUnmapped(Tool tool) {
        return tool.profile().isEmpty() || tool.effect() == Effect.UNKNOWN;
    }

    /** A ranged contract is kept by its targets; an exact one names the call itself. */
    private static boolean isUnmapped(Grant grant) {
        return isUnmapped(grant.tool()) && grant.shape() instanceof Shape.Ranged;
    }

    /** A body leaves out what the profile marks secret, and nothing else. */
    private void requireFounded(Tool tool, CallDetails call, Json.Obj redacted, SortedSet<String> missing)
            throws FormatException {
        Optional<ProfiledTool> profiled =
                tool.profile().isEmpty() ? Optional.empty() : tools.entry(tool, call.name(), missing);
        boolean founded = profiled.map(
                        p -> p.secret().stream().anyMatch(redacted.members()::containsKey) && onlySecrets(redacted, p))
                .orElse(tool.profile().isPresent());
        if (!founded) {
            throw new FormatException(
                    "redaction-unfounded", "what the body leaves out is not what the profile marks secret");
        }
    }

    private static boolean onlySecrets(Json.Obj redacted, ProfiledTool tool) {
        return redacted.members().entrySet().stream()
                .allMatch(member -> member.getValue() instanceof Json.Obj kept
                        && kept.members().containsKey("digest") == tool.secret().contains(member.getKey()));
    }

    /** Reads one kind's body. */
    private interface Reader<T> {
        T read(Body body) throws FormatException;
    }

    /** The body of a leaf; empty where it is gone. One that is out of form was found at intake. */
    private <T> Optional<T> read(Leaf leaf, Reader<T> reader) {
        byte[] bytes = bundle.bodies().get(leaf.index());
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(Body.read(bytes)));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
