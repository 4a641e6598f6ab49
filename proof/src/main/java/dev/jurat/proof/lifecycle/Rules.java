package dev.jurat.proof.lifecycle;

import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.UseProof;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rule 4 for the strict kinds: what a record refers to exists, and the lifecycle allows the step ({@code docs/spec/lifecycle.md} §6).
 *
 * <p>Each method answers the first rule broken, in the order of the specification, and changes nothing.
 */
final class Rules {
    static final long DECISION_MILLIS_MAX = 60_000;
    static final int IDENTITIES_MAX = 8;
    static final int OPEN_PER_IDENTITY_MAX = 32;
    static final int OPEN_PER_SESSION_MAX = 64;

    private static final Optional<Rule> FINE = Optional.empty();

    private final Authority authority;
    private final Registry registry;
    private final Streams streams;
    private final Clocks clocks;
    private final SignatureChecker checker;

    Rules(Authority authority, Registry registry, Streams streams, Clocks clocks, SignatureChecker checker) {
        this.authority = authority;
        this.registry = registry;
        this.streams = streams;
        this.clocks = clocks;
        this.checker = checker;
    }

    private static Optional<Rule> broken(Rule rule) {
        return Optional.of(rule);
    }

    Optional<Rule> context(Header header) {
        return authority.intent(header.references().one("intent")) != null ? FINE : broken(Rule.REFERENCE_UNKNOWN);
    }

    Optional<Rule> decision(Header header, AuthorityFacts.Decision facts) {
        Authority.Asked asked = authority.intent(header.references().one("intent"));
        Authority.Context context = authority.context(header.references().one("context"));
        Authority.Policy policy = authority.policies.get(header.references().one("policy"));
        if (asked == null || context == null || policy == null) {
            return broken(Rule.REFERENCE_UNKNOWN);
        }
        if (!context.intent.equals(asked.id())) {
            return broken(Rule.REFERENCE_MISMATCH);
        }
        if (!policy.facts.artefact().equals(facts.policy())) {
            return broken(Rule.POLICY_DIGEST);
        }
        if (policy.withdrawn) {
            return broken(Rule.POLICY_WITHDRAWN);
        }
        Optional<Rule> grant = facts.grant().isEmpty()
                ? FINE
                : proposal(asked.intent, facts, facts.grant().get(), policy);
        return grant.isPresent() ? grant : succession(header, facts, asked);
    }

    private Optional<Rule> proposal(
            Authority.Intent intent, AuthorityFacts.Decision facts, Grant grant, Authority.Policy policy) {
        if (!grant.actor().equals(intent.stream().principal())) {
            return broken(Rule.GRANT_ACTOR);
        }
        if (!grant.session().equals(Offer.ANY_SESSION)
                && !grant.session().equals(intent.stream().session())) {
            return broken(Rule.GRANT_SESSION);
        }
        if (!grant.point().equals(intent.facts().point())) {
            return broken(Rule.GRANT_POINT);
        }
        if (!grant.tool().equals(intent.facts().tool())) {
            return broken(Rule.GRANT_TOOL);
        }
        if (grant.shape() instanceof Shape.Exact exact
                && !exact.call().equals(intent.facts().call())) {
            return broken(Rule.GRANT_CALL);
        }
        boolean observed = grant.mode() == Mode.OBSERVED;
        if (observed != (facts.outcome() == AuthorityFacts.Outcome.OBSERVED)) {
            return broken(Rule.GRANT_MODE);
        }
        if (observed && !(grant.shape() instanceof Shape.Exact)) {
            return broken(Rule.GRANT_SHAPE);
        }
        if (observed && registry.claimed() && !policy.byAdministrator) {
            return broken(Rule.OBSERVE_NOT_ALLOWED);
        }
        if (!observed
                && registry.find(grant.actor()).filter(p -> p.selfEnrolled).isPresent()) {
            return broken(Rule.OBSERVE_ONLY);
        }
        return observed ? FINE : byDefault(policy);
    }

    /** What is enforced is decided by the default alone: an administrator's floors hold for whatever policy would ask for less. */
    private Optional<Rule> byDefault(Authority.Policy policy) {
        return authority.isDefault(policy) ? FINE : broken(Rule.POLICY_NOT_DEFAULT);
    }

    private Optional<Rule> succession(Header header, AuthorityFacts.Decision facts, Authority.Asked asked) {
        Authority.Decision first = asked.decision().map(authority::decision).orElse(null);
        Optional<RecordId> supersedes = header.references().optional("supersedes");
        List<RecordId> approvals = header.references().many("approvals");
        if (supersedes.isEmpty()) {
            if (first != null) {
                return broken(Rule.DECISION_EXISTS);
            }
            boolean wants = facts.outcome() == AuthorityFacts.Outcome.ALLOW && facts.wanted() > 0;
            return wants || !approvals.isEmpty() ? broken(Rule.APPROVAL_MISSING) : FINE;
        }
        if (first == null || !first.id().equals(supersedes.get())) {
            return broken(Rule.REFERENCE_MISMATCH);
        }
        if (first.facts.outcome() != AuthorityFacts.Outcome.PENDING) {
            return broken(Rule.DECISION_OUTCOME);
        }
        if (facts.outcome() == AuthorityFacts.Outcome.ALLOW) {
            return approved(first, facts, approvals);
        }
        return approvals.isEmpty() ? FINE : broken(Rule.REFERENCE_MISMATCH);
    }

    private Optional<Rule> approved(Authority.Decision pending, AuthorityFacts.Decision facts, List<RecordId> ids) {
        if (pending.rejected()) {
            return broken(Rule.APPROVAL_REJECTED);
        }
        if (!terms(pending).equals(facts.grant().map(Grant::terms))) {
            return broken(Rule.TERMS_DIFFER);
        }
        Set<String> people = new HashSet<>();
        for (RecordId id : ids) {
            Authority.Approval approval = authority.approval(id);
            if (approval == null || !approval.decision.equals(pending.id())) {
                return broken(Rule.REFERENCE_MISMATCH);
            }
            if (!people.add(approval.person)) {
                return broken(Rule.APPROVAL_DUPLICATE);
            }
            if (suspended(approval.person)) {
                return broken(Rule.PRINCIPAL_SUSPENDED);
            }
            if (!registry.isSound(streams.find(approval.stream).orElseThrow(), approval.place())) {
                return broken(Rule.KEY_COMPROMISED);
            }
        }
        long wanted = Math.max(1, Math.max(pending.facts.wanted(), facts.wanted()));
        return people.size() < wanted ? broken(Rule.APPROVAL_MISSING) : FINE;
    }

    private static Optional<Hash> terms(Authority.Decision decision) {
        return decision.facts.grant().map(Grant::terms);
    }

    Optional<Rule> approval(Header header, AuthorityFacts.Approval facts) {
        Authority.Decision decision = authority.decision(header.references().one("decision"));
        if (decision == null) {
            return broken(Rule.REFERENCE_UNKNOWN);
        }
        if (decision.facts.outcome() != AuthorityFacts.Outcome.PENDING) {
            return broken(Rule.DECISION_OUTCOME);
        }
        if (decision.superseded || decision.rejected()) {
            return broken(Rule.APPROVAL_CLOSED);
        }
        if (!terms(decision).equals(Optional.of(facts.terms()))) {
            return broken(Rule.TERMS_DIFFER);
        }
        String person = header.stream().principal();
        if (!namespace(person).equals(namespace(decision.intent.stream().principal()))) {
            return broken(Rule.NAMESPACE_CROSSED);
        }
        boolean twice = decision.given.stream()
                .filter(a -> a.person.equals(person))
                .anyMatch(a -> registry.isSound(streams.find(a.stream).orElseThrow(), a.place()));
        return twice ? broken(Rule.APPROVAL_DUPLICATE) : FINE;
    }

    private static String namespace(String principal) {
        return principal.substring(0, principal.indexOf('/'));
    }

    Optional<Rule> contract(Header header, AuthorityFacts.Contract facts) {
        Authority.Decision decision = authority.decision(header.references().one("decision"));
        if (decision == null) {
            return broken(Rule.REFERENCE_UNKNOWN);
        }
        boolean granted = decision.facts.outcome() == AuthorityFacts.Outcome.ALLOW
                || decision.facts.outcome() == AuthorityFacts.Outcome.OBSERVED;
        if (!granted) {
            return broken(Rule.DECISION_OUTCOME);
        }
        if (!decision.facts.grant().equals(Optional.of(facts.grant()))) {
            return broken(Rule.GRANT_DIFFERS);
        }
        if (decision.contracted) {
            return broken(Rule.CONTRACT_EXISTS);
        }
        if (decision.policy.withdrawn) {
            return broken(Rule.POLICY_WITHDRAWN);
        }
        boolean enforced = facts.grant().mode() == Mode.ENFORCED;
        if (enforced && byDefault(decision.policy).isPresent()) {
            return broken(Rule.POLICY_NOT_DEFAULT);
        }
        if (clocks.current().earliest() - decision.admittedEarliest > DECISION_MILLIS_MAX) {
            return broken(Rule.DECISION_STALE);
        }
        long floor =
                decision.policy.facts.floors().of(facts.grant().tool().effect().text());
        if (decision.approvals < floor) {
            return broken(Rule.APPROVAL_FLOOR);
        }
        return enforced ? reconciled(decision, facts.grant()) : FINE;
    }

    private Optional<Rule> reconciled(Authority.Decision decision, Grant grant) {
        boolean unsafe = !grant.tool().idempotent() && decision.approvals == 0;
        long unknown = authority.unknowns(Authority.Likeness.of(grant.actor(), grant.tool()));
        return unsafe && unknown > 0 ? broken(Rule.UNKNOWN_OUTSTANDING) : FINE;
    }

    /** Checks an identity against its contract, which may be one that the same group is about to admit. */
    Optional<Rule> identity(Header header, AuthorityFacts.Identity facts, Optional<Authority.Contract> tentative) {
        Authority.Contract contract =
                tentative.orElse(authority.contract(header.references().one("contract")));
        Authority.Asked asked = authority.intent(header.references().one("intent"));
        if (contract == null || asked == null) {
            return broken(Rule.REFERENCE_UNKNOWN);
        }
        if (!contract.grant.equals(facts.grant())) {
            return broken(Rule.GRANT_DIFFERS);
        }
        Optional<Rule> live = live(contract);
        if (live.isPresent()) {
            return live;
        }
        Optional<Rule> holder = holder(facts, asked.intent);
        if (holder.isPresent()) {
            return holder;
        }
        if (facts.notAfter() > contract.notAfter) {
            return broken(Rule.IDENTITY_BEYOND_CONTRACT);
        }
        if (contract.hasIdentityFor(facts.session())) {
            return broken(Rule.IDENTITY_EXISTS);
        }
        return contract.identityCount() >= IDENTITIES_MAX ? broken(Rule.IDENTITY_LIMIT) : FINE;
    }

    private Optional<Rule> holder(AuthorityFacts.Identity facts, Authority.Intent intent) {
        Grant grant = facts.grant();
        if (!intent.stream().equals(new Stream(grant.actor(), facts.session()))) {
            return broken(Rule.REFERENCE_MISMATCH);
        }
        if (!grant.session().equals(Offer.ANY_SESSION) && !grant.session().equals(facts.session())) {
            return broken(Rule.GRANT_SESSION);
        }
        if (!intent.facts().tool().equals(grant.tool())) {
            return broken(Rule.GRANT_TOOL);
        }
        if (!intent.facts().point().equals(grant.point())) {
            return broken(Rule.GRANT_POINT);
        }
        if (grant.shape() instanceof Shape.Exact exact
                && !exact.call().equals(intent.facts().call())) {
            return broken(Rule.GRANT_CALL);
        }
        Optional<Streams.State> session = streams.find(intent.stream());
        if (session.isEmpty() || !session.get().key.text().equals(facts.key())) {
            return broken(Rule.IDENTITY_KEY);
        }
        if (session.get().suspended) {
            return broken(Rule.SESSION_SUSPENDED);
        }
        return registry.isCompromised(session.get()) ? broken(Rule.KEY_COMPROMISED) : FINE;
    }

    private Optional<Rule> live(Authority.Contract contract) {
        if (contract.revoked) {
            return broken(Rule.CONTRACT_REVOKED);
        }
        if (contract.policy.revoked) {
            return broken(Rule.POLICY_REVOKED);
        }
        return clocks.expired(contract.notAfter) ? broken(Rule.CONTRACT_EXPIRED) : FINE;
    }

    Optional<Rule> use(Header header, ExecutionFacts.Use facts) {
        Authority.Identity identity = authority.identity(header.references().one("identity"));
        if (identity == null) {
            return broken(Rule.REFERENCE_UNKNOWN);
        }
        Optional<Rule> alive = alive(identity);
        if (alive.isPresent()) {
            return alive;
        }
        Grant grant = identity.facts.grant();
        if (!grant.point().equals(header.stream().principal())) {
            return broken(Rule.USE_POINT);
        }
        if (grant.shape() instanceof Shape.Exact exact && !exact.call().equals(facts.call())) {
            return broken(Rule.USE_CALL);
        }
        if (!proves(identity, header, facts)) {
            return broken(Rule.USE_PROOF);
        }
        if (identity.hasSeen(facts.nonce())) {
            return broken(Rule.USE_NONCE);
        }
        return counts(identity, facts);
    }

    private Optional<Rule> alive(Authority.Identity identity) {
        if (identity.revoked) {
            return broken(Rule.IDENTITY_REVOKED);
        }
        Optional<Rule> live = live(authority.contractOf(identity));
        if (live.isPresent()) {
            return live;
        }
        if (clocks.expired(identity.facts.notAfter())) {
            return broken(Rule.IDENTITY_EXPIRED);
        }
        Streams.State session = streams.find(identity.session).orElseThrow();
        if (session.suspended || suspended(identity.session.principal())) {
            return broken(Rule.SESSION_SUSPENDED);
        }
        if (registry.isCompromised(session)) {
            return broken(Rule.KEY_COMPROMISED);
        }
        return session.ended || clocks.expired(session.notAfter()) ? broken(Rule.SESSION_EXPIRED) : FINE;
    }

    private boolean suspended(String principal) {
        return registry.find(principal).filter(p -> p.suspended).isPresent();
    }

    /** Whether a use is by the point that the identity is for, with the holder's proof: only such a one spends, even where it is refused. */
    boolean isRightful(RecordId identity, Header header, ExecutionFacts.Use facts) {
        Authority.Identity held = authority.identity(identity);
        return held != null
                && held.facts.grant().point().equals(header.stream().principal())
                && proves(held, header, facts);
    }

    private boolean proves(Authority.Identity identity, Header header, ExecutionFacts.Use facts) {
        byte[] message = UseProof.message(
                identity.facts.eid(), facts.call(), header.stream().principal(), facts.nonce());
        byte[] proof = Base64.getDecoder().decode(facts.proof());
        return checker.verifies(streams.find(identity.session).orElseThrow().key, message, proof);
    }

    private Optional<Rule> counts(Authority.Identity identity, ExecutionFacts.Use facts) {
        Authority.Contract contract = authority.contractOf(identity);
        if (contract.ordinal >= contract.grant.uses()) {
            return broken(Rule.CONTRACT_SPENT);
        }
        if (facts.ordinal() <= contract.ordinal || facts.ordinal() > contract.grant.uses()) {
            return broken(Rule.USE_ORDINAL);
        }
        if (!contract.withinTotals(facts.amounts())) {
            return broken(Rule.USE_TOTAL);
        }
        if (!contract.grant.tool().idempotent() && identity.openUses > 0) {
            return broken(Rule.OUTCOME_OUTSTANDING);
        }
        boolean full = identity.openUses >= OPEN_PER_IDENTITY_MAX
                || streams.find(identity.session).orElseThrow().openUses >= OPEN_PER_SESSION_MAX;
        return full ? broken(Rule.USES_OPEN) : FINE;
    }

    /** An administrator publishes and withdraws what they like; the governor puts what genesis names on the ledger, once. */
    Optional<Rule> policy(Header header, RegistryFacts.Policy facts, Publications published) {
        boolean isDefault = facts.publication() == RegistryFacts.Publication.DEFAULT;
        boolean defaultStands = authority.policies.values().stream()
                .anyMatch(p -> !p.withdrawn && p.facts.publication() == RegistryFacts.Publication.DEFAULT);
        if (!isAdministrator(header) && isDefault && defaultStands) {
            return broken(Rule.ROLE_FORBIDDEN);
        }
        return publication(header, facts.artefact(), facts.publication(), published, facts.with());
    }

    /** The same for a profile; that a changed definition of a tool is accepted is an administrator's word too. */
    Optional<Rule> profile(Header header, RegistryFacts.Profile facts, Publications published) {
        if (!isAdministrator(header) && !facts.accepts().isEmpty()) {
            return broken(Rule.ROLE_FORBIDDEN);
        }
        return publication(header, facts.artefact(), facts.publication(), published, facts.with());
    }

    private Optional<Rule> publication(
            Header header,
            Hash artefact,
            RegistryFacts.Publication publication,
            Publications published,
            Optional<String> with) {
        boolean withdrawn = publication == RegistryFacts.Publication.WITHDRAWN;
        if (isAdministrator(header)) {
            return withdrawn && !published.contains(artefact)
                    ? broken(Rule.TARGET_UNKNOWN)
                    : registry.second(!withdrawn, header.stream().principal(), with);
        }
        if (with.isPresent()) {
            return broken(Rule.FOUR_EYES);
        }
        if (withdrawn) {
            return broken(Rule.ROLE_FORBIDDEN);
        }
        return published.isOpenToGovernor(artefact) ? FINE : broken(Rule.NOT_IN_GENESIS);
    }

    boolean isAdministrator(Header header) {
        return registry.find(header.stream().principal())
                .filter(p -> p.has(Role.ADMINISTRATOR))
                .isPresent();
    }

    Optional<Rule> revocation(Header header, RegistryFacts.Revocation facts) {
        Optional<RecordId> target = header.references().optional("target");
        boolean there = switch (facts.target()) {
            case CONTRACT -> target.map(authority::contract).isPresent();
            case IDENTITY -> target.map(authority::identity).isPresent();
            case POLICY -> target.filter(authority.policies::containsKey).isPresent();
            case SESSION ->
                facts.session().flatMap(streams::find).flatMap(s -> s.session).isPresent();
            case PRINCIPAL -> facts.principal().flatMap(registry::find).isPresent();
        };
        if (!there) {
            return broken(Rule.TARGET_UNKNOWN);
        }
        boolean named = facts.session().isPresent() || facts.principal().isPresent();
        if (named && target.isPresent()) {
            return broken(Rule.REFERENCE_MISMATCH);
        }
        String by = header.stream().principal();
        if (facts.principal().filter(p -> registry.isProtected(p, by)).isPresent()) {
            return broken(Rule.TARGET_PROTECTED);
        }
        return isAdministrator(header) ? FINE : byApprover(header, facts, target);
    }

    /** Who only approves takes back what was given in their own namespace, and nothing else. */
    private Optional<Rule> byApprover(Header header, RegistryFacts.Revocation facts, Optional<RecordId> target) {
        Optional<String> actor = switch (facts.target()) {
            case CONTRACT -> target.map(authority::contract).map(c -> c.grant.actor());
            case IDENTITY ->
                target.map(authority::identity).map(i -> i.facts.grant().actor());
            case SESSION -> facts.session().map(Stream::principal);
            case POLICY, PRINCIPAL -> Optional.empty();
        };
        if (actor.isEmpty()) {
            return broken(Rule.ROLE_FORBIDDEN);
        }
        boolean own = namespace(actor.get()).equals(namespace(header.stream().principal()));
        return own ? FINE : broken(Rule.NAMESPACE_CROSSED);
    }
}
