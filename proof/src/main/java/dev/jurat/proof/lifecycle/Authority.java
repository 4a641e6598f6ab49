package dev.jurat.proof.lifecycle;

import dev.jurat.proof.contract.Decimal;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Stream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everything between an intent and its outcome that later records may refer to, recomputed from records alone. */
final class Authority {
    record Intent(RecordId id, Stream stream, AuthorityFacts.Intent facts) {}

    record Context(RecordId id, RecordId intent) {}

    record Approval(RecordId id, RecordId decision, String person, AuthorityFacts.Approval facts) {}

    static final class Policy {
        final RegistryFacts.Policy facts;
        /** Whether an administrator published it, rather than the governor what genesis names. */
        final boolean byAdministrator;

        boolean withdrawn;
        /** What was given under it has ended; a policy that is only withdrawn decides nothing more. */
        boolean revoked;

        Policy(RegistryFacts.Policy facts, boolean byAdministrator) {
            this.facts = facts;
            this.byAdministrator = byAdministrator;
        }
    }

    static final class Decision {
        final RecordId id;
        final AuthorityFacts.Decision facts;
        final Intent intent;
        final Policy policy;
        final long admittedEarliest;
        /** How many people approved what this decision rests on. */
        final int approvals;

        final List<Approval> given = new ArrayList<>();
        boolean superseded;
        boolean contracted;

        Decision(
                RecordId id,
                AuthorityFacts.Decision facts,
                Intent intent,
                Policy policy,
                long admittedEarliest,
                int approvals) {
            this.id = id;
            this.facts = facts;
            this.intent = intent;
            this.policy = policy;
            this.admittedEarliest = admittedEarliest;
            this.approvals = approvals;
        }

        boolean rejected() {
            return given.stream().anyMatch(a -> a.facts().verdict() == AuthorityFacts.Verdict.REJECT);
        }
    }

    static final class Contract {
        final RecordId id;
        final Grant grant;
        final Decision decision;
        final long notBefore;
        final long notAfter;
        final Map<String, BigDecimal> spentTotals = new HashMap<>();
        final Set<String> sessionsWithIdentity = new HashSet<>();
        long spent;
        long ordinal;
        boolean revoked;
        boolean expired;

        Contract(RecordId id, Grant grant, Decision decision, long notBefore) {
            this.id = id;
            this.grant = grant;
            this.decision = decision;
            this.notBefore = notBefore;
            this.notAfter = notBefore + grant.windowMillis();
        }

        boolean withinTotals(Map<String, String> amounts) {
            Set<String> named = new HashSet<>(amounts.keySet());
            for (var total : grant.totals()) {
                BigDecimal sum = spentTotals
                        .getOrDefault(total.name(), BigDecimal.ZERO)
                        .add(new BigDecimal(amounts.getOrDefault(total.name(), "0")));
                if (sum.compareTo(limit(total.max())) > 0) {
                    return false;
                }
                named.remove(total.name());
            }
            return named.isEmpty();
        }

        private static BigDecimal limit(Decimal max) {
            return new BigDecimal(max.text());
        }

        void spend(Map<String, String> amounts) {
            spent++;
            amounts.forEach((name, amount) -> spentTotals.merge(name, new BigDecimal(amount), BigDecimal::add));
        }
    }

    static final class Identity {
        final RecordId id;
        final AuthorityFacts.Identity facts;
        final Contract contract;
        final Stream session;
        final Set<String> nonces = new HashSet<>();
        int openUses;
        boolean revoked;

        Identity(RecordId id, AuthorityFacts.Identity facts, Contract contract) {
            this.id = id;
            this.facts = facts;
            this.contract = contract;
            this.session = new Stream(facts.grant().actor(), facts.session());
        }
    }

    static final class Use {
        final RecordId id;
        final Identity identity;
        final String point;
        final long deadline;
        boolean open = true;
        boolean incomplete;
        boolean unknown;

        Use(RecordId id, Identity identity, String point, long deadline) {
            this.id = id;
            this.identity = identity;
            this.point = point;
            this.deadline = deadline;
        }
    }

    /** What makes calls alike when one of them ended unknown: the same agent, profile and tool. */
    record Likeness(String actor, Optional<Hash> profile, String method, String name) {
        static Likeness of(String actor, Tool tool) {
            return new Likeness(actor, tool.profile(), tool.method(), tool.name());
        }
    }

    final Map<RecordId, Intent> intents = new HashMap<>();
    final Map<RecordId, Context> contexts = new HashMap<>();
    /** In the order of the log. */
    final Map<RecordId, Policy> policies = new LinkedHashMap<>();
    /** The record that last made a policy the default, whether or not that is withdrawn since. */
    Optional<RecordId> newestDefault = Optional.empty();

    final Map<RecordId, Decision> decisions = new HashMap<>();
    /** The decisions that wait for people and have not been followed by another one, oldest first. */
    final Map<RecordId, Decision> pending = new LinkedHashMap<>();

    final Map<RecordId, Decision> decisionOfIntent = new HashMap<>();
    final Map<RecordId, Approval> approvals = new HashMap<>();
    final Map<RecordId, Contract> contracts = new HashMap<>();
    final Map<RecordId, Identity> identities = new HashMap<>();
    final Map<RecordId, Use> uses = new HashMap<>();
    private final Map<Likeness, Set<RecordId>> unknowns = new HashMap<>();

    /** Whether a policy is, by the very record that published it, the newest default. */
    boolean isDefault(Policy policy) {
        return newestDefault.map(policies::get).equals(Optional.of(policy));
    }

    void supersede(RecordId id) {
        Decision decision = decisions.get(id);
        if (decision == null) {
            throw new IllegalStateException("supersedes a decision that no rule has found: " + id);
        }
        decision.superseded = true;
        pending.remove(id);
    }

    long unknowns(Likeness likeness) {
        return unknowns.getOrDefault(likeness, Set.of()).size();
    }

    void unknown(Use use) {
        use.unknown = true;
        unknowns.computeIfAbsent(likeness(use), k -> new HashSet<>()).add(use.id);
    }

    void known(Use use) {
        use.unknown = false;
        Set<RecordId> ids = unknowns.get(likeness(use));
        if (ids != null) {
            ids.remove(use.id);
        }
    }

    /** A person approved a like call: what stood unknown before is reconciled by that. */
    void reconcile(Likeness likeness) {
        unknowns.remove(likeness);
    }

    private static Likeness likeness(Use use) {
        Grant grant = use.identity.facts.grant();
        return Likeness.of(grant.actor(), grant.tool());
    }
}
