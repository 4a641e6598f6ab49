package dev.jurat.testkit.vectors;

import static dev.jurat.proof.record.SignerType.AGENT;
import static dev.jurat.proof.record.SignerType.HUMAN;
import static dev.jurat.proof.record.SignerType.SERVICE;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.PrincipalFacts.KeptIn;
import dev.jurat.proof.record.RegistryFacts.KeyAction;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The cases of {@code vectors/lifecycle/v1} that are about what an administrator says of a principal. */
final class PrincipalCases {
    private static final String AGENT_ID = World.principal("agent", AGENT);
    private static final String POINT_ID = World.principal("point", SERVICE);
    private static final String AGENT_KEY = World.p256Key("agent").verifyKey().text();
    private static final String SIGNER = "attestation key";
    private static final OutsideName WORKLOAD = workload("spiffe://example.org/agents/mail");

    private final List<LifecycleCase> cases = new ArrayList<>();

    private PrincipalCases() {}

    static List<LifecycleCase> all() {
        PrincipalCases all = new PrincipalCases();
        all.descriptions();
        all.custodies();
        all.evidence();
        all.names();
        all.retirements();
        return List.copyOf(all.cases);
    }

    private static OutsideName workload(String id) {
        try {
            return OutsideName.spiffe(id);
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(String name, BiFunction<World, PrincipalDrafts, Draft> story, String expect) {
        cases.add(new LifecycleCase(
                name,
                LifecycleCase.Base.P256,
                w -> List.of(story.apply(w, new PrincipalDrafts(w)).peek()),
                List.of(expect)));
    }

    private static Draft described(World w, PrincipalDrafts d, String environment) {
        return d.describes(
                w.administrator(),
                AGENT_ID,
                environment,
                Optional.of(w.approver().principal()));
    }

    private void descriptions() {
        add("accept-description", (w, d) -> described(w, d, "production"), "admitted");
        add(
                "accept-description-by-another-owner",
                (w, d) -> {
                    described(w, d, "production").admit();
                    return d.describes(
                            w.administrator(),
                            AGENT_ID,
                            "production",
                            Optional.of(w.administrator().principal()));
                },
                "admitted");
        add(
                "description-in-another-environment",
                (w, d) -> {
                    described(w, d, "staging").admit();
                    return described(w, d, "production");
                },
                "refused:environment-fixed");
        add(
                "description-by-the-agent-as-owner",
                (w, d) -> d.describes(w.administrator(), AGENT_ID, "production", Optional.of(AGENT_ID)),
                "refused:owner-unknown");
        add(
                "description-with-an-owner-who-is-not-there",
                (w, d) -> d.describes(
                        w.administrator(), AGENT_ID, "production", Optional.of(World.principal("nobody", HUMAN))),
                "refused:owner-unknown");
        add(
                "description-with-an-owner-who-was-retired",
                (w, d) -> {
                    d.retires(w.administrator(), w.approver().principal()).admit();
                    return described(w, d, "production");
                },
                "refused:owner-unknown");
        add(
                "accept-description-without-an-environment-after-one",
                (w, d) -> {
                    described(w, d, "production").admit();
                    return d.describes(w.administrator(), AGENT_ID, Optional.empty(), Optional.empty());
                },
                "admitted");
        add(
                "description-in-another-environment-after-one-without",
                (w, d) -> {
                    described(w, d, "production").admit();
                    d.describes(w.administrator(), AGENT_ID, Optional.empty(), Optional.empty())
                            .admit();
                    return described(w, d, "staging");
                },
                "refused:environment-fixed");
        add(
                "description-of-nobody",
                (w, d) -> d.describes(
                        w.administrator(), World.principal("nobody", AGENT), "production", Optional.empty()),
                "refused:target-unknown");
        add(
                "description-of-a-point",
                (w, d) -> d.describes(w.administrator(), POINT_ID, "production", Optional.empty()),
                "refused:target-unknown");
        add(
                "description-by-an-approver",
                (w, d) -> d.describes(w.approver(), AGENT_ID, "production", Optional.empty()),
                "refused:role-forbidden");
        add(
                "description-by-the-agent-itself",
                (w, d) -> d.describes(w.agent(), AGENT_ID, "production", Optional.empty()),
                "refused:role-forbidden");
    }

    private void custodies() {
        add(
                "accept-custody-that-is-said",
                (w, d) -> d.states(w.administrator(), AGENT_ID, AGENT_KEY, KeptIn.KMS),
                "admitted");
        add(
                "custody-of-the-key-of-another",
                (w, d) -> d.states(
                        w.administrator(),
                        AGENT_ID,
                        World.key("point").verifyKey().text(),
                        KeptIn.KMS),
                "refused:target-unknown");
        add(
                "custody-of-a-key-that-another-follows",
                (w, d) -> {
                    new Successions(w)
                            .rotates("agent", AGENT, World.p256Key("agent"), World.key("agent-next"))
                            .draft()
                            .admit();
                    return d.states(w.administrator(), AGENT_ID, AGENT_KEY, KeptIn.PKCS11);
                },
                "refused:target-unknown");
        add(
                "custody-of-a-key-that-was-reported",
                (w, d) -> {
                    new Successions(w)
                            .compromised(w.administrator(), "agent", AGENT, "agent")
                            .fact("key", Json.of(AGENT_KEY))
                            .admit();
                    return d.states(w.administrator(), AGENT_ID, AGENT_KEY, KeptIn.PKCS11);
                },
                "refused:key-compromised");
        add(
                "custody-by-the-agent-itself",
                (w, d) -> d.states(w.agent(), AGENT_ID, AGENT_KEY, KeptIn.PKCS11),
                "refused:role-forbidden");
        add(
                "custody-of-ones-own-key",
                (w, d) -> d.states(
                        w.administrator(),
                        w.administrator().principal(),
                        w.administrator().key().verifyKey().text(),
                        KeptIn.PKCS11),
                "refused:target-protected");
    }

    private static TpmEvidence certificate(String key, byte[] challenge) {
        try {
            return TpmForgery.certificate(SIGNER, VerifyKey.parse(key), challenge);
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signer(TpmEvidence evidence) {
        try {
            return evidence.attestationKeyName();
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private void evidence() {
        byte[] challenge = PrincipalDetails.Custody.challenge(AGENT_ID, AGENT_KEY);
        TpmEvidence sound = certificate(AGENT_KEY, challenge);
        String believed = signer(sound);
        add(
                "accept-custody-that-is-certified",
                (w, d) -> d.certifies(w.administrator(), AGENT_ID, AGENT_KEY, believed, sound.bytes()),
                "admitted");
    }

    private void names() {
        add("accept-binding", (w, d) -> d.binds(w.administrator(), AGENT_ID, WORKLOAD, true), "admitted");
        add(
                "binding-of-a-name-that-another-has",
                (w, d) -> {
                    d.binds(w.administrator(), POINT_ID, WORKLOAD, true).admit();
                    return d.binds(w.administrator(), AGENT_ID, WORKLOAD, true);
                },
                "refused:name-bound");
        add(
                "binding-of-a-name-that-it-has-already",
                (w, d) -> {
                    d.binds(w.administrator(), AGENT_ID, WORKLOAD, true).admit();
                    return d.binds(w.administrator(), AGENT_ID, WORKLOAD, true);
                },
                "refused:name-bound");
        add(
                "binding-taken-back-twice",
                (w, d) -> {
                    d.binds(w.administrator(), AGENT_ID, WORKLOAD, true).admit();
                    d.binds(w.administrator(), AGENT_ID, WORKLOAD, false).admit();
                    return d.binds(w.administrator(), AGENT_ID, WORKLOAD, false);
                },
                "refused:target-unknown");
        add(
                "accept-binding-of-a-name-that-was-taken-back",
                (w, d) -> {
                    d.binds(w.administrator(), POINT_ID, WORKLOAD, true).admit();
                    d.binds(w.administrator(), POINT_ID, WORKLOAD, false).admit();
                    return d.binds(w.administrator(), AGENT_ID, WORKLOAD, true);
                },
                "admitted");
        add(
                "binding-taken-back-from-another",
                (w, d) -> {
                    d.binds(w.administrator(), POINT_ID, WORKLOAD, true).admit();
                    return d.binds(w.administrator(), AGENT_ID, WORKLOAD, false);
                },
                "refused:target-unknown");
        add(
                "binding-by-the-agent-itself",
                (w, d) -> d.binds(w.agent(), AGENT_ID, WORKLOAD, true),
                "refused:role-forbidden");
    }

    private void retirements() {
        add("accept-retirement", (w, d) -> d.retires(w.administrator(), AGENT_ID), "admitted");
        add(
                "retirement-of-oneself",
                (w, d) -> d.retires(w.administrator(), w.administrator().principal()),
                "refused:target-protected");
        add(
                "retirement-of-the-ledger",
                (w, d) -> d.retires(w.administrator(), "system/ledger"),
                "refused:target-protected");
        add(
                "retirement-of-nobody",
                (w, d) -> d.retires(w.administrator(), World.principal("nobody", AGENT)),
                "refused:target-unknown");
        retired(
                "retirement-twice",
                (w, d) -> d.retires(w.administrator(), AGENT_ID).peek(),
                "principal-retired");
        retired("intent-of-a-retired-agent", (w, d) -> w.execution().intent().peek(), "principal-suspended");
        retired(
                "session-of-a-retired-agent",
                (w, d) -> w.session("agent", "after").draft().peek(),
                "principal-suspended");
        retired(
                "resumption-of-a-retired-agent",
                (w, d) -> w.changes(w.administrator(), "agent", AGENT, KeyAction.RESUME, Role.AGENT)
                        .peek(),
                "principal-retired");
        retired(
                "rotation-of-a-retired-agent",
                (w, d) -> new Successions(w)
                        .rotates("agent", AGENT, World.p256Key("agent"), World.key("agent-next"))
                        .draft()
                        .peek(),
                "principal-retired");
        retired(
                "description-of-a-retired-agent",
                (w, d) -> described(w, d, "production").peek(),
                "principal-retired");
        add(
                "accept-binding-of-the-name-of-who-was-retired",
                (w, d) -> {
                    d.binds(w.administrator(), AGENT_ID, WORKLOAD, true).admit();
                    d.retires(w.administrator(), AGENT_ID).admit();
                    return d.binds(w.administrator(), POINT_ID, WORKLOAD, true);
                },
                "admitted");
    }

    private void retired(String name, BiFunction<World, PrincipalDrafts, Matter> story, String code) {
        cases.add(new LifecycleCase(
                name,
                LifecycleCase.Base.P256,
                w -> {
                    PrincipalDrafts d = new PrincipalDrafts(w);
                    d.retires(w.administrator(), AGENT_ID).admit();
                    return List.of(story.apply(w, d));
                },
                List.of("refused:" + code)));
    }
}
