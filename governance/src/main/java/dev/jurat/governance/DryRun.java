package dev.jurat.governance;

import dev.jurat.governance.policy.Policy;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.PolicyEngine;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.governance.policy.PolicyOutcome;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a policy what it would have decided, and records nothing. */
public final class DryRun {
    private final List<PolicyEngine> engines;

    public DryRun(List<PolicyEngine> engines) {
        this.engines = List.copyOf(engines);
    }

    /**
     * What a policy would answer to a decision that was made.
     *
     * @param then the outcome word that the decision recorded
     */
    public record Case(RecordId decision, String then, PolicyOutcome now) {}

    /** Loads a policy as publishing it would; {@code policy-engine} if no engine reads it. */
    public Policy load(PolicyArtefact artefact) throws FormatException {
        for (PolicyEngine engine : engines) {
            if (engine.language().equals(artefact.engine())) {
                return engine.loadToPublish(artefact);
            }
        }
        throw new FormatException("policy-engine", "no engine here reads " + artefact.engine());
    }

    /** Asks about one input. */
    public PolicyOutcome ask(PolicyArtefact artefact, PolicyInput input) throws FormatException {
        return load(artefact).decide(input);
    }

    /**
     * Asks about the inputs of decisions that are on the ledger. An input holds only the arguments that its own policy declared; those whose
     * body is gone are left out.
     */
    public List<Case> ask(PolicyArtefact artefact, LedgerDoor ledger, List<RecordId> decisions) throws FormatException {
        Policy policy = load(artefact);
        List<Case> cases = new ArrayList<>();
        for (RecordId id : decisions) {
            Optional<SignedRecord> decision = ledger.record(id);
            if (decision.isPresent() && decision.get().statement().facts() instanceof AuthorityFacts.Decision facts) {
                Optional<Body> context =
                        ledger.body(decision.get().header().references().one("context"));
                if (context.isPresent()) {
                    PolicyInput input = PolicyInput.read(
                            AuthorityDetails.Context.read(context.get()).input());
                    cases.add(new Case(id, facts.outcome().wire(), policy.decide(input)));
                }
            }
        }
        return List.copyOf(cases);
    }
}
