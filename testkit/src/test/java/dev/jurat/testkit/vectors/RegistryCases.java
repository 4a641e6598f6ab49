package dev.jurat.testkit.vectors;

import static dev.jurat.proof.record.SignerType.AGENT;
import static dev.jurat.proof.record.SignerType.HUMAN;
import static dev.jurat.proof.record.SignerType.SERVICE;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts.Floors;
import dev.jurat.proof.record.RegistryFacts.KeyAction;
import dev.jurat.proof.record.RegistryFacts.Policy;
import dev.jurat.proof.record.RegistryFacts.Publication;
import dev.jurat.proof.record.RegistryFacts.Revocation;
import dev.jurat.proof.record.RegistryFacts.Target;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The cases of {@code vectors/lifecycle/v1} that are about who gets in, as what, and whom nobody can take away. */
final class RegistryCases {
    private static final long FAR = 1_000_000_000;

    private final List<LifecycleCase> cases = new ArrayList<>();

    private RegistryCases() {}

    static List<LifecycleCase> all() {
        RegistryCases all = new RegistryCases();
        all.enrolments();
        all.kept();
        all.seconds();
        all.signatures();
        all.afterwards();
        all.last();
        all.boundaries();
        all.names();
        return List.copyOf(all.cases);
    }

    private void add(String name, Function<World, List<Matter>> story, String... expect) {
        cases.add(new LifecycleCase(name, LifecycleCase.Base.CLAIMED, story, List.of(expect)));
    }

    private void one(String name, Function<World, Draft> story, String expect) {
        add(name, w -> List.of(story.apply(w).peek()), expect);
    }

    /** What is offered to a log with two administrators. */
    @FunctionalInterface
    private interface Story {
        Draft tell(World world, Party first, Party second);
    }

    private void two(String name, Story story, String expect) {
        one(name, w -> story.tell(w, w.administrator(), second(w)), expect);
    }

    private static Party second(World w) {
        return new Successions(w).secondAdministrator();
    }

    private static Party third(World w, Party first, Party second) {
        World.Entrance entrance = w.enrolledBy(first, "third", HUMAN, Role.ADMINISTRATOR);
        with(entrance, first, second);
        return entrance.admitAndJoin();
    }

    private static Draft with(World.Entrance entrance, Party by, Party second) {
        return entrance.draft()
                .fact("with", Json.of(second.principal()))
                .signedBy(entrance.party().key(), by.key(), second.key());
    }

    private static Draft enrolment(World w, String name, SignerType type, Role... roles) {
        return w.enrolledBy(w.administrator(), name, type, roles).draft();
    }

    /** The same of another principal than the name has. */
    private static Draft under(Draft enrolment, String principal) {
        return inStreamOf(enrolment.fact("principal", Json.of(principal)), principal);
    }

    private static Draft inStreamOf(Draft draft, String principal) {
        return draft.header(h -> new Header(
                h.kind(),
                new Stream(principal, h.stream().session()),
                h.signer(),
                h.sequence(),
                h.previous(),
                h.seen(),
                h.references(),
                h.suite()));
    }

    private void enrolments() {
        one(
                "enrolment-of-who-is-there-under-more-roles",
                w -> w.enrolsUnder(World.key("other"), "approver", HUMAN, Role.ADMINISTRATOR)
                        .draft(),
                "refused:key-reused");
        one("enrolment-of-a-person-for-nothing", w -> enrolment(w, "newcomer", HUMAN), "refused:roles-invalid");
        one(
                "enrolment-of-a-person-who-governs",
                w -> enrolment(w, "newcomer", HUMAN, Role.APPROVER, Role.GOVERNOR),
                "refused:roles-invalid");
        one(
                "enrolment-of-an-agent-who-approves",
                w -> enrolment(w, "newcomer", AGENT, Role.AGENT, Role.APPROVER),
                "refused:roles-invalid");
        one(
                "enrolment-of-a-person-of-the-system",
                w -> under(enrolment(w, "newcomer", HUMAN, Role.APPROVER), World.principal("newcomer", SERVICE)),
                "refused:roles-invalid");
        one(
                "enrolment-of-an-agent-of-the-system",
                w -> under(enrolment(w, "newcomer", AGENT, Role.AGENT), World.principal("newcomer", SERVICE)),
                "refused:roles-invalid");
        one(
                "enrolment-of-a-point-outside-the-system",
                w -> under(enrolment(w, "newcomer", SERVICE, Role.POINT), World.principal("newcomer", AGENT)),
                "refused:roles-invalid");
        one(
                "enrolment-of-a-key-that-did-not-sign",
                w -> enrolment(w, "newcomer", AGENT, Role.AGENT)
                        .signedBy(World.key("thief"), w.administrator().key()),
                "pushed-back:signature-invalid");
        one(
                "enrolment-in-the-name-of-another",
                w -> inStreamOf(enrolment(w, "newcomer", AGENT, Role.AGENT), World.principal("agent", AGENT)),
                "pushed-back:stream-name");
        one(
                "enrolment-by-an-agent",
                w -> w.enrolledBy(w.agent(), World.key("newcomer"), "newcomer", HUMAN, Role.ADMINISTRATOR)
                        .draft()
                        .signedBy(World.key("newcomer"), World.key("agent")),
                "refused:role-forbidden");
    }

    /** Signed, and handed in when nobody thinks of it any more. */
    private void kept() {
        two(
                "enrolment-of-an-accomplice-that-two-signed-long-ago",
                (w, first, second) -> {
                    Draft signed = with(w.enrolledBy(first, "newcomer", HUMAN, Role.ADMINISTRATOR), first, second);
                    return late(w, signed);
                },
                "refused:seen-unknown");
        one(
                "enrolment-of-an-agent-that-was-signed-long-ago",
                w -> late(w, enrolment(w, "newcomer", AGENT, Role.AGENT)),
                "refused:seen-unknown");
        one(
                "description-that-was-signed-long-ago",
                w -> late(w, describes(w, w.administrator())),
                "refused:seen-unknown");
        one(
                "accept-enrolment-of-an-agent-that-was-signed-ten-minutes-ago",
                w -> after(w, 600_000, enrolment(w, "newcomer", AGENT, Role.AGENT)),
                "admitted");
    }

    private static Draft late(World w, Draft draft) {
        return after(w, 1_000_000, draft);
    }

    private static Draft after(World w, long millis, Draft draft) {
        RecordId seen = w.log().clockId();
        w.tick(millis);
        return draft.seen(seen);
    }

    private static Draft describes(World w, Party by) {
        return new PrincipalDrafts(w).describes(by, w.agent().principal(), "production", Optional.empty());
    }

    private static Draft publication(World w, Party by, Party with, Publication use) {
        Policy facts = new Policy(w.starterArtefact(), "starter@v1", use, Floors.NONE, Optional.of(with.principal()));
        return w.draft(by, facts).signedBy(by.key(), with.key());
    }

    /** Who stands as the second. */
    private void seconds() {
        two(
                "enrolment-of-an-agent-with-an-approver-as-second",
                (w, first, second) -> with(w.enrolledBy(first, "newcomer", AGENT, Role.AGENT), first, w.approver()),
                "refused:role-forbidden");
        two(
                "withdrawal-with-an-approver-as-second",
                (w, first, second) -> publication(w, first, w.approver(), Publication.WITHDRAWN),
                "refused:role-forbidden");
        one(
                "enrolment-by-the-only-one-with-an-approver-as-second",
                w -> with(
                        w.enrolledBy(w.administrator(), "newcomer", HUMAN, Role.APPROVER),
                        w.administrator(),
                        w.approver()),
                "refused:role-forbidden");
        one(
                "enrolment-by-the-only-one-who-signs-twice",
                w -> with(
                        w.enrolledBy(w.administrator(), "newcomer", HUMAN, Role.APPROVER),
                        w.administrator(),
                        w.administrator()),
                "refused:four-eyes");
        two(
                "resumption-with-who-is-suspended-as-second",
                (w, first, second) -> {
                    w.changes(first, "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR)
                            .admit();
                    return w.changes(first, "second", HUMAN, KeyAction.RESUME, Role.ADMINISTRATOR)
                            .fact("with", Json.of(second.principal()))
                            .signedBy(first.key(), second.key());
                },
                "refused:principal-suspended");
        two(
                "enrolment-with-a-second-who-was-retired",
                (w, first, second) -> {
                    retires(w, first, second).admit();
                    return with(w.enrolledBy(first, "newcomer", HUMAN, Role.APPROVER), first, second);
                },
                "refused:principal-suspended");
        one(
                "publication-by-the-governor-with-a-person-as-second",
                w -> publication(w, w.governor(), w.administrator(), Publication.AVAILABLE),
                "refused:four-eyes");
        add(
                "publication-behind-the-suspension-of-the-second",
                w -> {
                    Party first = w.administrator();
                    Party second = second(w);
                    Matter suspension = w.changes(first, "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR)
                            .sign();
                    return List.of(
                            suspension,
                            publication(w, first, second, Publication.DEFAULT).peek());
                },
                "admitted",
                "refused:principal-suspended");
    }

    private void signatures() {
        two(
                "enrolment-whose-two-signatures-are-in-each-others-place",
                (w, first, second) -> {
                    World.Entrance entrance = w.enrolledBy(first, "newcomer", HUMAN, Role.APPROVER);
                    return with(entrance, first, second)
                            .signedBy(entrance.party().key(), second.key(), first.key());
                },
                "pushed-back:signature-invalid");
        two(
                "publication-with-the-seconds-name-and-the-firsts-signature",
                (w, first, second) ->
                        publication(w, first, second, Publication.DEFAULT).signedBy(first.key(), first.key()),
                "pushed-back:signature-invalid");
        two(
                "publication-with-the-seconds-name-and-no-signature",
                (w, first, second) ->
                        publication(w, first, second, Publication.DEFAULT).signedBy(first.key()),
                "pushed-back:signature-count");
        one("session-of-an-administrator", RegistryCases::personsSession, "refused:role-forbidden");
    }

    /** A key beside their own, by which a person could sign without a passphrase. */
    private static Draft personsSession(World w) {
        World.Entrance entrance = w.session("agent", "administrator-1");
        String person = w.administrator().principal();
        return inStreamOf(entrance.draft(), person)
                .header(h -> new Header(
                        h.kind(), h.stream(), HUMAN, h.sequence(), h.previous(), h.seen(), h.references(), h.suite()))
                .fact("identityKey", Json.of(w.administrator().key().verifyKey().text()))
                .signedBy(w.administrator().key(), entrance.party().key());
    }

    private static Draft retires(World w, Party by, Party whom) {
        return new PrincipalDrafts(w).retires(by, whom.principal());
    }

    private static Draft revokes(World w, Party by, Party whom) {
        return w.draft(
                        by,
                        new Revocation(Target.PRINCIPAL, "operator", Optional.empty(), Optional.of(whom.principal())))
                .body(b -> new PersonDetails("gone").toJson());
    }

    /** Four eyes stay, whatever became of the other. */
    private void afterwards() {
        two(
                "enrolment-by-one-after-the-others-key-was-reported",
                (w, first, second) -> {
                    new Successions(w)
                            .compromised(first, "second", HUMAN, "second")
                            .admit();
                    return enrolment(w, "newcomer", HUMAN, Role.APPROVER);
                },
                "refused:four-eyes");
        two(
                "enrolment-by-one-after-the-other-was-retired",
                (w, first, second) -> {
                    retires(w, first, second).admit();
                    return enrolment(w, "newcomer", HUMAN, Role.APPROVER);
                },
                "refused:four-eyes");
        two(
                "publication-by-one-after-the-other-was-revoked",
                (w, first, second) -> {
                    revokes(w, first, second).admit();
                    return w.draft(
                            first, new Policy(w.starterArtefact(), "starter@v1", Publication.DEFAULT, Floors.NONE));
                },
                "refused:four-eyes");
        two(
                "accept-enrolment-of-a-point-by-one-of-two",
                (w, first, second) -> enrolment(w, "newcomer", SERVICE, Role.POINT),
                "admitted");
        two(
                "accept-confirmation-by-one-of-two",
                (w, first, second) -> w.changes(first, "agent", AGENT, KeyAction.CONFIRM, Role.AGENT),
                "admitted");
    }

    /** An administrator's newest key is reported, the one before it still in its overlap; whoever has that acts against the only one who is left. */
    private static void report(World w, Party second) {
        Successions s = new Successions(w);
        s.rotates("administrator", HUMAN, "administrator", "administrator-next").admitAndJoin();
        s.compromised(second, "administrator", HUMAN, "administrator-next").admit();
    }

    private void last() {
        two(
                "suspension-of-the-last-administrator-by-an-old-key",
                (w, first, second) -> {
                    report(w, second);
                    return w.changes(first, "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR);
                },
                "refused:target-protected");
        two(
                "retirement-of-the-last-administrator-by-an-old-key",
                (w, first, second) -> {
                    report(w, second);
                    return retires(w, first, second);
                },
                "refused:target-protected");
        two(
                "revocation-of-the-last-administrator-by-an-old-key",
                (w, first, second) -> {
                    report(w, second);
                    return revokes(w, first, second);
                },
                "refused:target-protected");
        two(
                "report-of-the-last-administrators-key-by-an-old-key",
                (w, first, second) -> {
                    report(w, second);
                    return new Successions(w).compromised(first, "second", HUMAN, "second");
                },
                "refused:target-protected");
        two(
                "suspension-of-the-last-administrator-where-a-third-is-suspended",
                (w, first, second) -> {
                    Party third = third(w, first, second);
                    revokes(w, second, third).admit();
                    report(w, second);
                    return w.changes(first, "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR);
                },
                "refused:target-protected");
        two(
                "accept-suspension-of-an-administrator-where-a-third-stands",
                (w, first, second) -> {
                    third(w, first, second);
                    report(w, second);
                    return w.changes(first, "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR);
                },
                "admitted");
    }

    private void boundaries() {
        two(
                "boundary-that-stands-already",
                (w, first, second) -> {
                    Successions s = new Successions(w);
                    s.compromised(first, second, "agent", AGENT, "agent", 11).admit();
                    return s.compromised(second, first, "agent", AGENT, "agent", 11);
                },
                "refused:boundary-later");
        two(
                "boundary-behind-a-report-that-named-one-far-ahead",
                (w, first, second) -> {
                    Successions s = new Successions(w);
                    s.compromised(first, second, "agent", AGENT, "agent", FAR).admit();
                    long size = w.log().leaves().size();
                    return s.compromised(first, second, "agent", AGENT, "agent", size);
                },
                "refused:boundary-later");
        two(
                "boundary-with-a-second-who-is-suspended",
                (w, first, second) -> {
                    revokes(w, first, second).admit();
                    return new Successions(w).compromised(first, second, "agent", AGENT, "agent", 11);
                },
                "refused:principal-suspended");
    }

    private void names() {
        one(
                "binding-to-who-was-retired",
                w -> {
                    PrincipalDrafts d = new PrincipalDrafts(w);
                    String agent = w.agent().principal();
                    d.retires(w.administrator(), agent).admit();
                    return d.binds(w.administrator(), agent, user(), true);
                },
                "refused:principal-retired");
        one(
                "binding-of-an-administrators-user-to-another",
                w -> {
                    PrincipalDrafts d = new PrincipalDrafts(w);
                    d.binds(w.administrator(), w.administrator().principal(), user(), true)
                            .admit();
                    return d.binds(w.administrator(), w.approver().principal(), user(), true);
                },
                "refused:name-bound");
    }

    private static OutsideName user() {
        try {
            return OutsideName.osUser("alice");
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
