package dev.jurat.governance;

import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts the policies and profiles that genesis names on the ledger, each once. */
public final class Publisher {
    private final LedgerDoor ledger;
    private final Lanes lanes;

    public Publisher(LedgerDoor ledger, Lanes lanes) {
        this.ledger = ledger;
        this.lanes = lanes;
    }

    /** The facts that publish a policy, its floors included. */
    public static RegistryFacts.Policy facts(PolicyArtefact policy, Publication use) {
        return new RegistryFacts.Policy(
                policy.digest(),
                policy.name(),
                use,
                new RegistryFacts.Floors(
                        policy.floors().read(),
                        policy.floors().write(),
                        policy.floors().destroy(),
                        policy.floors().unknown()));
    }

    /** The facts that publish a profile. */
    public static RegistryFacts.Profile facts(ToolProfile profile, Publication use) {
        return new RegistryFacts.Profile(profile.digest(), profile.name(), use, List.of());
    }

    /**
     * Publishes what never was; does nothing at a later start, so that what was withdrawn stays withdrawn.
     *
     * @param policies policies that genesis names; the first becomes the default if there is none
     * @param profiles profiles that genesis names
     */
    public void publish(List<PolicyArtefact> policies, List<byte[]> profiles)
            throws FormatException, PushedBackException {
        Present present = ledger.ask(Present::of);
        List<Facts> facts = new ArrayList<>();
        List<byte[]> artefacts = new ArrayList<>();
        for (PolicyArtefact policy : policies) {
            if (!present.ever().contains(policy.digest())) {
                boolean first = !present.hasDefault() && facts.isEmpty();
                facts.add(facts(policy, first ? Publication.DEFAULT : Publication.AVAILABLE));
                artefacts.add(policy.bytes());
            }
        }
        for (byte[] bytes : profiles) {
            ToolProfile profile = ToolProfile.read(bytes);
            if (!present.ever().contains(profile.digest())) {
                facts.add(facts(profile, Publication.AVAILABLE));
                artefacts.add(bytes);
            }
        }
        if (!facts.isEmpty()) {
            append(facts, artefacts);
        }
    }

    private void append(List<Facts> facts, List<byte[]> artefacts) throws PushedBackException {
        Lane lane = lanes.take();
        boolean known = false;
        try {
            Present now = ledger.ask(Present::of);
            List<Entry> group = new ArrayList<>();
            facts.forEach(one -> group.add(lane.writeBare(one, References.NONE, now.clock(), now.genesis())));
            Optional<String> broken = ledger.append(group, artefacts).firstBroken();
            known = true;
            if (broken.isPresent()) {
                throw new PushedBackException(broken.get(), "what genesis names could not be published");
            }
        } catch (PushedBackException e) {
            known = true;
            throw e;
        } finally {
            if (known) {
                lanes.giveBack(lane);
            } else {
                lanes.abandon();
            }
        }
    }

    private record Present(Set<Hash> ever, boolean hasDefault, RecordId clock, RecordId genesis) {
        static Present of(Lifecycle state) {
            return new Present(
                    state.everPublished(), state.defaultPolicy().isPresent(), state.clockId(), state.genesis());
        }
    }
}
