package dev.jurat.testkit.vectors;

import static dev.jurat.proof.record.SignerType.AGENT;
import static dev.jurat.proof.record.SignerType.HUMAN;

import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RegistryFacts.Accepted;
import dev.jurat.proof.record.RegistryFacts.Enrolled;
import dev.jurat.proof.record.RegistryFacts.Floors;
import dev.jurat.proof.record.RegistryFacts.Key;
import dev.jurat.proof.record.RegistryFacts.KeyAction;
import dev.jurat.proof.record.RegistryFacts.Policy;
import dev.jurat.proof.record.RegistryFacts.Profile;
import dev.jurat.proof.record.RegistryFacts.Publication;
import dev.jurat.proof.record.Role;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cases of {@code vectors/lifecycle/v1} that are about what one administrator may not do once there were two. */
final class FourEyesCases {
    private final List<LifecycleCase> cases = new ArrayList<>();

    private FourEyesCases() {}

    static List<LifecycleCase> all() {
        FourEyesCases all = new FourEyesCases();
        all.people();
        all.agents();
        all.publications();
        all.alone();
        return List.copyOf(all.cases);
    }

    /** What is offered to a log with two administrators. */
    @FunctionalInterface
    private interface Story {
        Draft tell(World world, Party first, Party second);
    }

    private void add(String name, Story story, String expect) {
        cases.add(new LifecycleCase(
                name,
                LifecycleCase.Base.CLAIMED,
                w -> {
                    Party second = new Successions(w).secondAdministrator();
                    return List.of(story.tell(w, w.administrator(), second).peek());
                },
                List.of(expect)));
    }

    /** A newcomer's enrolment by the first, and the second if there is one. */
    private static Draft enrolment(World w, Party by, Optional<Party> with, Role role) {
        World.Entrance entrance = w.enrolledBy(by, "newcomer", role == Role.AGENT ? AGENT : HUMAN, role);
        with.ifPresent(second -> entrance.draft()
                .fact("with", Json.of(second.principal()))
                .signedBy(entrance.party().key(), by.key(), second.key()));
        return entrance.draft();
    }

    private void people() {
        add(
                "enrolment-of-an-accomplice-by-one",
                (w, first, second) -> enrolment(w, first, Optional.empty(), Role.ADMINISTRATOR),
                "refused:four-eyes");
        add(
                "enrolment-of-an-approver-by-one",
                (w, first, second) -> enrolment(w, first, Optional.empty(), Role.APPROVER),
                "refused:four-eyes");
        add(
                "accept-enrolment-of-a-person-by-two",
                (w, first, second) -> enrolment(w, first, Optional.of(second), Role.ADMINISTRATOR),
                "admitted");
        add(
                "enrolment-by-one-who-signs-twice",
                (w, first, second) -> enrolment(w, first, Optional.of(first), Role.ADMINISTRATOR),
                "refused:four-eyes");
        add(
                "enrolment-with-an-approver-as-second",
                (w, first, second) -> enrolment(w, first, Optional.of(w.approver()), Role.ADMINISTRATOR),
                "refused:role-forbidden");
        add(
                "enrolment-whose-second-did-not-sign",
                (w, first, second) -> enrolment(w, first, Optional.of(second), Role.ADMINISTRATOR)
                        .signedBy(World.key("newcomer"), first.key(), first.key()),
                "pushed-back:signature-invalid");
        add(
                "accept-enrolment-of-an-agent-by-one-of-two",
                (w, first, second) -> enrolment(w, first, Optional.empty(), Role.AGENT),
                "admitted");
        add(
                "enrolment-by-one-after-the-other-was-suspended",
                (w, first, second) -> {
                    w.changes(first, "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR)
                            .admit();
                    return enrolment(w, first, Optional.empty(), Role.ADMINISTRATOR);
                },
                "refused:four-eyes");
        add(
                "enrolment-with-a-second-who-is-suspended",
                (w, first, second) -> {
                    w.changes(first, "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR)
                            .admit();
                    return enrolment(w, first, Optional.of(second), Role.ADMINISTRATOR);
                },
                "refused:principal-suspended");
        add(
                "enrolment-with-a-second-whose-key-was-reported",
                (w, first, second) -> {
                    new Successions(w)
                            .compromised(first, "second", HUMAN, "second")
                            .admit();
                    return enrolment(w, first, Optional.of(second), Role.ADMINISTRATOR);
                },
                "refused:key-compromised");
    }

    private static Draft resumption(World w, Party by, Optional<Party> with) {
        w.changes(by, "agent", AGENT, KeyAction.SUSPEND, Role.AGENT).admit();
        Registered agent = new Registered(
                World.principal("agent", AGENT),
                AGENT,
                List.of(Role.AGENT),
                World.key("agent").verifyKey().text());
        Key facts = new Key(
                KeyAction.RESUME,
                agent.principal(),
                AGENT,
                agent.roles(),
                agent.key(),
                Enrolled.SELF,
                Optional.empty(),
                with.map(Party::principal));
        Draft draft = w.draft(by, facts).body(b -> new RegistryDetails.Key("agent").toJson());
        with.ifPresent(second -> draft.signedBy(by.key(), second.key()));
        return draft;
    }

    private void agents() {
        add(
                "resumption-by-one-of-two",
                (w, first, second) -> resumption(w, first, Optional.empty()),
                "refused:four-eyes");
        add("accept-resumption-by-two", (w, first, second) -> resumption(w, first, Optional.of(second)), "admitted");
        add(
                "resumption-by-one-who-signs-twice",
                (w, first, second) -> resumption(w, first, Optional.of(first)),
                "refused:four-eyes");
        add(
                "accept-suspension-by-one-of-two",
                (w, first, second) -> w.changes(first, "agent", AGENT, KeyAction.SUSPEND, Role.AGENT),
                "admitted");
    }

    private static Draft publication(World w, Party by, Optional<Party> with, Publication use) {
        Policy facts = new Policy(w.starterArtefact(), "starter@v1", use, Floors.NONE, with.map(Party::principal));
        Draft draft = w.draft(by, facts);
        with.ifPresent(second -> draft.signedBy(by.key(), second.key()));
        return draft;
    }

    private void publications() {
        add(
                "publication-by-one-of-two",
                (w, first, second) -> publication(w, first, Optional.empty(), Publication.DEFAULT),
                "refused:four-eyes");
        add(
                "accept-publication-by-two",
                (w, first, second) -> publication(w, first, Optional.of(second), Publication.DEFAULT),
                "admitted");
        add(
                "publication-by-one-who-signs-twice",
                (w, first, second) -> publication(w, first, Optional.of(first), Publication.AVAILABLE),
                "refused:four-eyes");
        add(
                "accept-withdrawal-by-one-of-two",
                (w, first, second) -> publication(w, first, Optional.empty(), Publication.WITHDRAWN),
                "admitted");
        add(
                "publication-of-a-profile-by-one-of-two",
                (w, first, second) -> w.draft(
                        first,
                        new Profile(
                                w.profileArtefact(),
                                "files@1.0.0",
                                Publication.AVAILABLE,
                                List.of(new Accepted("read_text_file", w.profileArtefact())))),
                "refused:four-eyes");
        add(
                "publication-with-one-signature-too-many",
                (w, first, second) -> publication(w, first, Optional.empty(), Publication.DEFAULT)
                        .signedBy(first.key(), second.key()),
                "pushed-back:signature-count");
    }

    /** A log with one administrator goes on as it was. */
    private void alone() {
        cases.add(new LifecycleCase(
                "accept-publication-by-the-only-one",
                LifecycleCase.Base.CLAIMED,
                w -> List.of(publication(w, w.administrator(), Optional.empty(), Publication.DEFAULT)
                        .peek()),
                List.of("admitted")));
        cases.add(new LifecycleCase(
                "accept-enrolment-of-a-second-by-the-only-one",
                LifecycleCase.Base.CLAIMED,
                w -> List.of(enrolment(w, w.administrator(), Optional.empty(), Role.ADMINISTRATOR)
                        .peek()),
                List.of("admitted")));
    }
}
