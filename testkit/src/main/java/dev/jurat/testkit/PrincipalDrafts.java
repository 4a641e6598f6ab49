package dev.jurat.testkit;

import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.record.PrincipalFacts.Binding;
import dev.jurat.proof.record.PrincipalFacts.Custody;
import dev.jurat.proof.record.PrincipalFacts.Description;
import dev.jurat.proof.record.PrincipalFacts.KeptIn;
import dev.jurat.proof.record.PrincipalFacts.Retirement;
import java.util.Optional;

/** Drafts of what an administrator of a {@link World} says of a principal. Not thread-safe. */
public final class PrincipalDrafts {
    private final World world;

    public PrincipalDrafts(World world) {
        this.world = world;
    }

    /** What an agent is for. */
    public Draft describes(Party by, String principal, String environment, Optional<String> owner) {
        return describes(by, principal, Optional.of(environment), owner);
    }

    /** The same, which may say no environment. */
    public Draft describes(Party by, String principal, Optional<String> environment, Optional<String> owner) {
        PrincipalDetails.Model model = new PrincipalDetails.Model("a-model", Optional.of("3"));
        return world.draft(by, new Description(principal, environment, owner))
                .body(new PrincipalDetails.Description(
                                Optional.of("answers mail"), Optional.of("desk@example.com"), Optional.of(model))
                        .toJson());
    }

    /** Where a key is, on the administrator's word. */
    public Draft states(Party by, String principal, String key, KeptIn keptIn) {
        return world.draft(by, new Custody(principal, key, keptIn, Optional.empty()))
                .body(new PrincipalDetails.Custody("looked at it", Optional.empty()).toJson());
    }

    /** That a key is in the TPM of an attestation key, with the evidence. */
    public Draft certifies(Party by, String principal, String key, String attestationKey, byte[] evidence) {
        return world.draft(by, new Custody(principal, key, KeptIn.TPM, Optional.of(attestationKey)))
                .body(new PrincipalDetails.Custody("looked at it", Optional.of(evidence)).toJson());
    }

    /** Binds a name that others know a principal by, or takes it back. */
    public Draft binds(Party by, String principal, OutsideName name, boolean bound) {
        return world.draft(by, new Binding(principal, bound, name.digest()))
                .body(new PrincipalDetails.Binding(name).toJson());
    }

    /** Ends a principal for good. */
    public Draft retires(Party by, String principal) {
        return world.draft(by, new Retirement(principal)).body(new PersonDetails("done").toJson());
    }
}
