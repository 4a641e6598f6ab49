package dev.jurat.testkit.vectors;

import static dev.jurat.proof.record.SignerType.AGENT;
import static dev.jurat.proof.record.SignerType.HUMAN;
import static dev.jurat.proof.record.SignerType.SERVICE;

import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts.KeyAction;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SuccessionFacts.Rotation;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The cases of {@code vectors/lifecycle/v1} that are about which key follows which, and which is in other hands. */
final class SuccessionCases {
    private static final String NEXT = "agent-next";
    private static final long MINUTE_MILLIS = 60_000;
    private static final long THIRTY_DAYS_MILLIS = 30 * 86_400_000L;

    private final List<LifecycleCase> cases = new ArrayList<>();

    private SuccessionCases() {}

    static List<LifecycleCase> all() {
        SuccessionCases all = new SuccessionCases();
        all.rotations();
        all.suites();
        all.overlap();
        all.recoveries();
        all.reports();
        all.boundaries();
        all.afterwards();
        all.groups();
        all.sessions();
        all.ends();
        return List.copyOf(all.cases);
    }

    private void claimed(String name, BiFunction<World, Successions, List<Matter>> story, String... expect) {
        cases.add(new LifecycleCase(
                name, LifecycleCase.Base.CLAIMED, w -> story.apply(w, new Successions(w)), List.of(expect)));
    }

    private void onP256(String name, BiFunction<World, Successions, List<Matter>> story, String... expect) {
        cases.add(new LifecycleCase(
                name, LifecycleCase.Base.P256, w -> story.apply(w, new Successions(w)), List.of(expect)));
    }

    private static List<Matter> one(Draft draft) {
        return List.of(draft.peek());
    }

    private static World.Entrance rotation(Successions s) {
        return s.rotates("agent", AGENT, "agent", NEXT);
    }

    /** So far ahead of the latest that it can be. */
    private static Json until(World w, long millis) {
        return new Json.Int(w.log().lifecycle().clock().latest() + millis);
    }

    private static Draft report(World w, Successions s) {
        return s.compromised(w.administrator(), "agent", AGENT, "agent");
    }

    // ---- rotation

    private void rotations() {
        claimed("accept-rotation", (w, s) -> one(rotation(s).draft()), "admitted");
        claimed(
                "accept-rotation-of-a-person",
                (w, s) -> one(s.rotates("approver", HUMAN, "approver", "approver-next")
                        .draft()),
                "admitted");
        claimed(
                "rotation-of-the-governor",
                (w, s) -> one(s.rotates("governor", SERVICE, "governor", "governor-next")
                        .draft()),
                "refused:target-protected");
        claimed(
                "rotation-without-the-key-it-follows",
                (w, s) -> one(rotation(s).draft().signedBy(World.key(NEXT), World.key("other"))),
                "pushed-back:signature-invalid");
        claimed(
                "rotation-without-the-new-key",
                (w, s) -> one(rotation(s).draft().signedBy(World.key("agent"), World.key("agent"))),
                "pushed-back:signature-invalid");
        claimed(
                "rotation-with-one-signature",
                (w, s) -> one(rotation(s).draft().signedBy(World.key(NEXT))),
                "pushed-back:signature-count");
        claimed(
                "rotation-signed-by-an-administrator-too",
                (w, s) -> one(rotation(s)
                        .draft()
                        .signedBy(
                                World.key(NEXT),
                                World.key("agent"),
                                w.administrator().key())),
                "pushed-back:signature-count");
        claimed(
                "rotation-of-the-key-of-another",
                (w, s) -> one(s.rotates("agent", AGENT, "point", NEXT).draft()),
                "pushed-back:key-unknown");
        claimed(
                "rotation-of-nobody",
                (w, s) -> one(s.rotates("nobody", AGENT, "nobody", NEXT).draft()),
                "pushed-back:key-unknown");
        claimed(
                "rotation-for-another-principal",
                (w, s) -> one(rotation(s).draft().fact("principal", Json.of(World.principal("point", SERVICE)))),
                "pushed-back:stream-name");
        claimed(
                "rotation-to-a-key-of-another",
                (w, s) -> one(s.rotates("agent", AGENT, "agent", "point").draft()),
                "refused:key-reused");
        claimed(
                "rotation-to-the-same-key",
                (w, s) -> one(s.rotates("agent", AGENT, "agent", "agent").draft()),
                "conflict");
        claimed(
                "rotation-back",
                (w, s) -> {
                    rotation(s).draft().admit();
                    return one(s.rotates("agent", AGENT, NEXT, "agent").draft());
                },
                "conflict");
        claimed(
                "rotation-of-a-key-that-another-follows",
                (w, s) -> {
                    rotation(s).draft().admit();
                    return one(s.rotates("agent", AGENT, "agent", "third").draft());
                },
                "refused:key-followed");
        claimed(
                "accept-second-rotation",
                (w, s) -> {
                    rotation(s).draft().admit();
                    w.tick(Successions.OVERLAP_MILLIS);
                    return one(s.rotates("agent", AGENT, NEXT, "third").draft());
                },
                "admitted");
        claimed(
                "rotation-of-the-ledger",
                (w, s) -> one(
                        s.rotates("ledger", SERVICE, "ledger", "ledger-next").draft()),
                "refused:target-protected");
        claimed(
                "rotation-of-who-is-suspended",
                (w, s) -> {
                    w.changes(w.administrator(), "agent", AGENT, KeyAction.SUSPEND, Role.AGENT)
                            .admit();
                    return one(rotation(s).draft());
                },
                "refused:principal-suspended");
        claimed(
                "rotation-by-another-type-of-signer",
                (w, s) -> one(s.rotates("point", SERVICE, "point", "point-next")
                        .draft()
                        .header(h -> new Header(
                                h.kind(),
                                h.stream(),
                                AGENT,
                                h.sequence(),
                                h.previous(),
                                h.seen(),
                                h.references(),
                                h.suite()))),
                "refused:signer-type");
        claimed(
                "rotation-that-has-seen-nothing-new",
                (w, s) -> {
                    RecordId old = w.log().clockId();
                    w.tick(1_000_000);
                    return one(rotation(s).draft().seen(old));
                },
                "refused:seen-unknown");
        claimed(
                "rotation-without-overlap",
                (w, s) -> one(rotation(s).draft().fact("until", new Json.Int(w.nowMillis()))),
                "refused:overlap-invalid");
        claimed(
                "rotation-with-an-overlap-of-a-year",
                (w, s) -> one(rotation(s).draft().fact("until", new Json.Int(w.nowMillis() + 31_536_000_000L))),
                "refused:overlap-invalid");
        claimed(
                "accept-rotation-with-an-overlap-of-a-minute",
                (w, s) -> one(rotation(s).draft().fact("until", until(w, MINUTE_MILLIS))),
                "admitted");
        claimed(
                "rotation-with-an-overlap-of-less-than-a-minute",
                (w, s) -> one(rotation(s).draft().fact("until", until(w, MINUTE_MILLIS - 1))),
                "refused:overlap-invalid");
        claimed(
                "accept-rotation-with-an-overlap-of-thirty-days",
                (w, s) -> one(rotation(s).draft().fact("until", until(w, THIRTY_DAYS_MILLIS))),
                "admitted");
        claimed(
                "rotation-with-an-overlap-of-more-than-thirty-days",
                (w, s) -> one(rotation(s).draft().fact("until", until(w, THIRTY_DAYS_MILLIS + 1))),
                "refused:overlap-invalid");
        claimed(
                "rotation-inside-a-session",
                (w, s) -> one(w.draft(
                                w.agent(),
                                new Rotation(
                                        w.agent().principal(),
                                        World.key(NEXT).verifyKey().text(),
                                        World.key("agent").verifyKey().text(),
                                        w.nowMillis() + 1_000))
                        .body(b -> new PersonDetails("due").toJson())),
                "pushed-back:sequence-gap");
    }

    /** From one suite to the other, where the log has both. */
    private void suites() {
        onP256(
                "accept-rotation-from-p256-to-ed25519",
                (w, s) -> one(s.rotates("agent", AGENT, World.p256Key("agent"), World.key(NEXT))
                        .draft()),
                "admitted");
        onP256(
                "accept-rotation-from-p256-to-p256",
                (w, s) -> one(s.rotates("agent", AGENT, World.p256Key("agent"), World.p256Key(NEXT))
                        .draft()),
                "admitted");
        onP256(
                "rotation-of-the-broker-to-p256",
                (w, s) -> one(s.rotates("broker", SERVICE, World.key("broker"), World.p256Key("broker"))
                        .draft()),
                "refused:target-protected");
        claimed(
                "rotation-to-p256-in-a-log-without-it",
                (w, s) -> one(s.rotates("agent", AGENT, World.key("agent"), World.p256Key(NEXT))
                        .draft()),
                "pushed-back:suite-unnamed");
    }

    private void overlap() {
        claimed(
                "rotation-in-an-overlap",
                (w, s) -> {
                    rotation(s).draft().admit();
                    return one(s.rotates("agent", AGENT, NEXT, "third").draft());
                },
                "refused:overlap-invalid");
        claimed(
                "rotation-with-an-overlap-of-a-moment",
                (w, s) -> one(rotation(s).draft().fact("until", new Json.Int(w.nowMillis() + 30_000))),
                "refused:overlap-invalid");
        claimed(
                "accept-session-by-the-new-key",
                (w, s) -> {
                    rotation(s).draft().admit();
                    return one(s.session("agent", NEXT, "agent-2").draft());
                },
                "admitted");
        claimed(
                "accept-session-by-the-old-key-in-the-overlap",
                (w, s) -> {
                    rotation(s).draft().admit();
                    w.tick(Successions.OVERLAP_MILLIS - 10_000);
                    return one(w.session("agent", "agent-2").draft());
                },
                "admitted");
        claimed(
                "session-by-the-old-key-after-the-overlap",
                (w, s) -> {
                    rotation(s).draft().admit();
                    w.tick(Successions.OVERLAP_MILLIS);
                    return one(w.session("agent", "agent-2").draft());
                },
                "refused:key-retired");
        claimed(
                "accept-intent-of-an-old-session-after-the-overlap",
                (w, s) -> {
                    World.Entrance session = w.session("agent", "agent-2");
                    session.draft()
                            .fact("notAfter", new Json.Int(w.nowMillis() + 80_000_000))
                            .admit();
                    rotation(s).draft().admit();
                    w.tick(Successions.OVERLAP_MILLIS);
                    return one(w.execution(session.party(), w.point()).intent());
                },
                "admitted");
        claimed(
                "accept-approval-by-the-old-key-in-the-overlap",
                (w, s) -> {
                    s.rotates("approver", HUMAN, "approver", "approver-next").admitAndJoin();
                    return one(w.execution().anySession().ask(1).approval(w.approver()));
                },
                "admitted");
        claimed(
                "approval-by-the-old-key-after-the-overlap",
                (w, s) -> {
                    Execution x = w.execution().anySession().ask(1);
                    s.rotates("approver", HUMAN, "approver", "approver-next").admitAndJoin();
                    w.tick(Successions.OVERLAP_MILLIS);
                    return one(x.approval(w.approver()));
                },
                "refused:key-retired");
        claimed(
                "approval-by-both-keys-of-one-person",
                (w, s) -> {
                    Party next = s.rotates("approver", HUMAN, "approver", "approver-next")
                            .admitAndJoin();
                    Execution x = w.execution().anySession().ask(2);
                    x.approval(w.approver()).admit();
                    return one(x.approval(next));
                },
                "refused:approval-duplicate");
        claimed(
                "suspension-under-the-old-key",
                (w, s) -> {
                    rotation(s).draft().admit();
                    return one(w.changes(w.administrator(), "agent", AGENT, KeyAction.SUSPEND, Role.AGENT));
                },
                "refused:target-unknown");
        claimed(
                "enrolment-signed-with-an-administrators-old-key",
                (w, s) -> {
                    s.rotates("administrator", HUMAN, "administrator", "administrator-next")
                            .admitAndJoin();
                    return one(w.enrol("b", AGENT, Role.AGENT).draft());
                },
                "pushed-back:signature-invalid");
    }

    // ---- recovery

    private static World.Entrance recovery(World w, Successions s, Party second) {
        return s.recovers("agent", AGENT, "agent", NEXT, w.administrator(), second);
    }

    private void recoveries() {
        claimed(
                "accept-recovery",
                (w, s) -> one(recovery(w, s, s.secondAdministrator()).draft()),
                "admitted");
        claimed(
                "session-by-a-key-that-was-recovered-from",
                (w, s) -> {
                    recovery(w, s, s.secondAdministrator()).draft().admit();
                    return one(w.session("agent", "agent-2").draft());
                },
                "refused:key-retired");
        claimed(
                "session-by-the-first-key-after-the-second-was-recovered-from",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    rotation(s).draft().admit();
                    s.recovers("agent", AGENT, NEXT, "third", w.administrator(), second)
                            .draft()
                            .admit();
                    return one(w.session("agent", "agent-2").draft());
                },
                "refused:key-retired");
        claimed(
                "accept-session-by-a-key-that-was-recovered-to-behind-the-boundary",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    long theft = w.log().leaves().size();
                    report(w, s).admit();
                    recovery(w, s, second).draft().admit();
                    s.compromised(w.administrator(), second, "agent", AGENT, "agent", theft - 1)
                            .admit();
                    return one(s.session("agent", NEXT, "agent-2").draft());
                },
                "admitted");
        claimed(
                "accept-approval-again-where-the-first-was-suspect",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    Execution x = w.execution().anySession().ask(1);
                    long theft = w.log().leaves().size();
                    x.approval(w.approver()).admit();
                    s.compromised(w.administrator(), second, "approver", HUMAN, "approver", theft)
                            .admit();
                    Party next = s.recovers("approver", HUMAN, "approver", "approver-next", w.administrator(), second)
                            .admitAndJoin();
                    return one(x.approval(next));
                },
                "admitted");
        claimed(
                "accept-session-by-a-recovered-principal",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    report(w, s).admit();
                    recovery(w, s, second).draft().admit();
                    return one(s.session("agent", NEXT, "agent-2").draft());
                },
                "admitted");
        claimed(
                "recovery-by-an-administrator-and-an-approver",
                (w, s) -> one(recovery(w, s, w.approver()).draft()),
                "refused:role-forbidden");
        claimed(
                "recovery-with-one-administrators-signature-twice",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    return one(recovery(w, s, second)
                            .draft()
                            .signedBy(
                                    World.key(NEXT),
                                    w.administrator().key(),
                                    w.administrator().key()));
                },
                "pushed-back:signature-invalid");
        claimed(
                "recovery-with-two-signatures",
                (w, s) -> one(recovery(w, s, s.secondAdministrator())
                        .draft()
                        .signedBy(World.key(NEXT), w.administrator().key())),
                "pushed-back:signature-count");
        claimed(
                "recovery-of-oneself",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    return one(s.recovers(
                                    "administrator",
                                    HUMAN,
                                    "administrator",
                                    "administrator-next",
                                    w.administrator(),
                                    second)
                            .draft());
                },
                "refused:four-eyes");
        claimed(
                "recovery-by-an-administrator-who-is-suspended",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    w.changes(w.administrator(), "second", HUMAN, KeyAction.SUSPEND, Role.ADMINISTRATOR)
                            .admit();
                    return one(recovery(w, s, second).draft());
                },
                "refused:principal-suspended");
        claimed(
                "recovery-by-an-administrator-whose-key-is-in-other-hands",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    s.compromised(w.administrator(), "second", HUMAN, "second").admit();
                    return one(recovery(w, s, second).draft());
                },
                "refused:key-compromised");
        claimed(
                "recovery-from-a-key-that-another-follows",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    rotation(s).draft().admit();
                    return one(s.recovers("agent", AGENT, "agent", "third", w.administrator(), second)
                            .draft());
                },
                "refused:key-followed");
    }

    // ---- reports

    private void reports() {
        claimed("accept-report", (w, s) -> one(report(w, s)), "admitted");
        claimed(
                "report-by-an-approver",
                (w, s) -> one(s.compromised(w.approver(), "agent", AGENT, "agent")),
                "refused:role-forbidden");
        claimed(
                "report-of-a-key-of-nobody",
                (w, s) -> one(s.compromised(w.administrator(), "agent", AGENT, "other")),
                "refused:target-unknown");
        claimed(
                "report-of-the-ledgers-key",
                (w, s) -> one(s.compromised(w.administrator(), "ledger", SERVICE, "ledger")),
                "refused:target-protected");
        claimed(
                "report-of-the-key-that-signs-it",
                (w, s) -> one(s.compromised(w.administrator(), "administrator", HUMAN, "administrator")),
                "refused:target-protected");
        claimed(
                "accept-report-of-ones-old-key",
                (w, s) -> {
                    Party next = s.rotates("administrator", HUMAN, "administrator", "administrator-next")
                            .admitAndJoin();
                    return one(s.compromised(next, "administrator", HUMAN, "administrator"));
                },
                "admitted");
        claimed(
                "report-of-the-last-administrators-newest-key-by-the-one-before",
                (w, s) -> {
                    s.rotates("administrator", HUMAN, "administrator", "administrator-next")
                            .draft()
                            .admit();
                    return one(s.compromised(w.administrator(), "administrator", HUMAN, "administrator-next"));
                },
                "refused:target-protected");
        claimed(
                "two-reports-in-one-group",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    Matter first = report(w, s).sign();
                    return List.of(
                            first,
                            s.compromised(w.administrator(), second, "agent", AGENT, "agent", 9)
                                    .sign());
                },
                "pushed-back:group-shape",
                "pushed-back:sequence-gap");
        claimed(
                "report-twice",
                (w, s) -> {
                    report(w, s).admit();
                    return one(report(w, s));
                },
                "refused:key-compromised");
        claimed(
                "report-of-a-boundary-signed-by-one",
                (w, s) -> one(s.compromised(w.administrator(), s.secondAdministrator(), "agent", AGENT, "agent", 9)
                        .signedBy(w.administrator().key())),
                "pushed-back:signature-count");
        claimed(
                "report-of-a-boundary-forged-for-the-second",
                (w, s) -> one(s.compromised(w.administrator(), s.secondAdministrator(), "agent", AGENT, "agent", 9)
                        .signedBy(w.administrator().key(), World.key("other"))),
                "pushed-back:signature-invalid");
        claimed(
                "report-of-a-boundary-by-one-person",
                (w, s) -> one(s.compromised(w.administrator(), w.administrator(), "agent", AGENT, "agent", 9)),
                "refused:four-eyes");
        claimed(
                "report-of-a-boundary-with-an-approver",
                (w, s) -> one(s.compromised(w.administrator(), w.approver(), "agent", AGENT, "agent", 9)),
                "refused:role-forbidden");
    }

    private void boundaries() {
        claimed(
                "accept-boundary",
                (w, s) -> one(s.compromised(w.administrator(), s.secondAdministrator(), "agent", AGENT, "agent", 9)),
                "admitted");
        claimed(
                "accept-earlier-boundary",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    s.compromised(w.administrator(), second, "agent", AGENT, "agent", 12)
                            .admit();
                    return one(s.compromised(w.administrator(), second, "agent", AGENT, "agent", 11));
                },
                "admitted");
        claimed(
                "boundary-that-moves-later",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    s.compromised(w.administrator(), second, "agent", AGENT, "agent", 11)
                            .admit();
                    return one(s.compromised(w.administrator(), second, "agent", AGENT, "agent", 12));
                },
                "refused:boundary-later");
        claimed(
                "boundary-behind-the-report",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    report(w, s).admit();
                    long size = w.log().leaves().size();
                    return one(s.compromised(w.administrator(), second, "agent", AGENT, "agent", size));
                },
                "refused:boundary-later");
        claimed(
                "session-by-a-key-that-a-thief-rotated-to",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    long theft = w.log().leaves().size();
                    rotation(s).draft().admit();
                    s.compromised(w.administrator(), second, "agent", AGENT, "agent", theft)
                            .admit();
                    return one(s.session("agent", NEXT, "agent-2").draft());
                },
                "refused:key-compromised");
        claimed(
                "accept-session-by-a-key-from-before-the-boundary",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    rotation(s).draft().admit();
                    long later = w.log().leaves().size();
                    s.compromised(w.administrator(), second, "agent", AGENT, "agent", later)
                            .admit();
                    return one(s.session("agent", NEXT, "agent-2").draft());
                },
                "admitted");
        claimed(
                "boundary-that-reaches-who-sets-it",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    Party next = s.rotates("administrator", HUMAN, "administrator", "administrator-next")
                            .admitAndJoin();
                    return one(s.compromised(next, second, "administrator", HUMAN, "administrator", 5));
                },
                "refused:target-protected");
        claimed(
                "boundary-that-reaches-the-second",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    return one(s.compromised(w.administrator(), second, "second", HUMAN, "second", 5));
                },
                "refused:target-protected");
    }

    /** What a key may after it was reported, and what rests on it. */
    private void afterwards() {
        claimed(
                "session-by-a-key-in-other-hands",
                (w, s) -> {
                    report(w, s).admit();
                    return one(w.session("agent", "agent-2").draft());
                },
                "refused:key-compromised");
        claimed(
                "intent-of-a-session-by-a-key-in-other-hands",
                (w, s) -> {
                    report(w, s).admit();
                    return one(w.execution().intent());
                },
                "refused:key-compromised");
        claimed(
                "use-by-a-session-whose-key-is-in-other-hands",
                (w, s) -> {
                    Execution x = w.execution().authorise();
                    report(w, s).admit();
                    return one(x.use());
                },
                "refused:key-compromised");
        claimed(
                "identity-for-a-session-whose-key-is-in-other-hands",
                (w, s) -> {
                    Execution x = w.execution();
                    w.admit(x.intent().sign(), x.context().sign(), x.decision().sign());
                    report(w, s).admit();
                    return List.of(x.contract().sign(), x.identity().sign());
                },
                "refused:together",
                "refused:key-compromised");
        claimed(
                "outcome-by-a-point-whose-key-is-in-other-hands",
                (w, s) -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    s.compromised(w.administrator(), "point", SERVICE, "point").admit();
                    return one(x.outcome(Result.SUCCESS));
                },
                "admitted:signer-suspended");
        claimed(
                "rotation-of-a-key-in-other-hands",
                (w, s) -> {
                    report(w, s).admit();
                    return one(rotation(s).draft());
                },
                "refused:key-compromised");
        claimed(
                "approval-by-a-key-in-other-hands",
                (w, s) -> {
                    Execution x = w.execution().anySession().ask(1);
                    s.compromised(w.administrator(), "approver", HUMAN, "approver")
                            .admit();
                    return one(x.approval(w.approver()));
                },
                "refused:key-compromised");
        claimed(
                "accept-decision-by-an-approval-from-before-the-boundary",
                (w, s) -> {
                    Execution x = w.execution().anySession().ask(1);
                    x.approval(w.approver()).admit();
                    s.compromised(w.administrator(), "approver", HUMAN, "approver")
                            .admit();
                    return one(x.decisionAfterApproval());
                },
                "admitted");
        claimed(
                "decision-by-an-approval-that-is-suspect",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    Execution x = w.execution().anySession().ask(1);
                    long theft = w.log().leaves().size();
                    x.approval(w.approver()).admit();
                    s.compromised(w.administrator(), second, "approver", HUMAN, "approver", theft)
                            .admit();
                    return one(x.decisionAfterApproval());
                },
                "refused:key-compromised");
        claimed(
                "enrolment-by-an-administrator-whose-key-is-in-other-hands",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    s.compromised(second, "administrator", HUMAN, "administrator")
                            .admit();
                    return one(w.enrol("b", AGENT, Role.AGENT).draft());
                },
                "refused:key-compromised");
    }

    /** A session ends within a day, says how it is kept apart, and can be revoked: the identity key alone is none. */
    private void sessions() {
        claimed(
                "intent-of-an-agent-without-a-session",
                (w, s) -> one(w.execution(w.enrol("b", AGENT, Role.AGENT).admitAndJoin(), w.point())
                        .intent()),
                "pushed-back:stream-ended");
        claimed(
                "use-by-a-point-without-a-session",
                (w, s) -> {
                    Party point = w.enrol("point-2", SERVICE, Role.POINT).admitAndJoin();
                    return one(w.execution(w.agent(), point).authorise().use());
                },
                "pushed-back:stream-ended");
    }

    /** What is over, and what is too old, to the millisecond; a clock of these logs is five wide. */
    private void ends() {
        claimed(
                "session-that-ends-now",
                (w, s) -> one(w.session("agent", "agent-2").draft().fact("notAfter", until(w, 0))),
                "refused:session-expired");
        claimed(
                "accept-session-that-ends-a-moment-from-now",
                (w, s) -> one(w.session("agent", "agent-2").draft().fact("notAfter", until(w, 1))),
                "admitted");
        claimed(
                "accept-rotation-that-was-signed-ten-minutes-ago",
                (w, s) -> {
                    RecordId old = w.log().clockId();
                    w.tick(600_000);
                    return one(rotation(s).draft().seen(old));
                },
                "admitted");
        claimed(
                "session-that-was-signed-long-ago",
                (w, s) -> {
                    RecordId old = w.log().clockId();
                    w.tick(1_000_000);
                    return one(w.session("agent", "agent-2").draft().seen(old));
                },
                "refused:seen-unknown");
        claimed(
                "session-of-a-point-that-was-signed-long-ago",
                (w, s) -> {
                    RecordId old = w.log().clockId();
                    w.tick(1_000_000);
                    return one(w.session("point", "point-2").draft().seen(old));
                },
                "refused:seen-unknown");
        claimed(
                "accept-session-that-was-signed-ten-minutes-ago",
                (w, s) -> {
                    RecordId old = w.log().clockId();
                    w.tick(600_000);
                    return one(w.session("agent", "agent-2").draft().seen(old));
                },
                "admitted");
        claimed(
                "accept-session-of-the-broker-that-has-seen-an-old-clock",
                (w, s) -> {
                    RecordId old = w.log().clockId();
                    w.tick(1_000_000);
                    return one(w.session("broker", "broker-2").draft().seen(old));
                },
                "admitted");
        claimed(
                "session-that-does-not-begin-at-the-genesis",
                (w, s) -> one(w.session("agent", "agent-2").draft().previous(w.policy())),
                "pushed-back:previous-mismatch");
        claimed(
                "session-that-began-otherwise",
                (w, s) -> {
                    w.session("agent", "agent-2").draft().admit();
                    return one(w.session("agent", "agent-2").draft().fact("notAfter", until(w, 1)));
                },
                "conflict");
        claimed("accept-intent-that-has-seen-a-clock-a-minute-ago", (w, s) -> one(seen(w, MINUTE_MILLIS)), "admitted");
        claimed(
                "intent-that-has-seen-a-clock-more-than-a-minute-ago",
                (w, s) -> one(seen(w, MINUTE_MILLIS + 1)),
                "refused:seen-too-old");
        claimed(
                "accept-report-that-has-seen-a-clock-a-quarter-of-an-hour-ago",
                (w, s) -> one(report(w, s, 15 * MINUTE_MILLIS)),
                "admitted");
        claimed(
                "report-that-has-seen-a-clock-more-than-a-quarter-of-an-hour-ago",
                (w, s) -> one(report(w, s, 15 * MINUTE_MILLIS + 1)),
                "refused:seen-unknown");
        claimed(
                "outcome-by-a-point-that-is-suspended",
                (w, s) -> {
                    Execution x = w.execution().authorise();
                    x.use().admit();
                    w.changes(w.administrator(), "point", SERVICE, KeyAction.SUSPEND, Role.POINT)
                            .admit();
                    return one(x.outcome(Result.SUCCESS));
                },
                "admitted:signer-suspended");
    }

    private static Draft seen(World w, long age) {
        RecordId seen = w.log().clockId();
        w.tick(age + 5);
        return w.execution().intent().seen(seen);
    }

    private static Draft report(World w, Successions s, long age) {
        RecordId seen = w.log().clockId();
        w.tick(age + 5);
        return report(w, s).seen(seen);
    }

    /** What a report changes is asked by its place in the log, which a record of its own group could not know. */
    private void groups() {
        claimed(
                "report-between-approvals-by-two-keys-of-one-person",
                (w, s) -> {
                    Party next = s.rotates("approver", HUMAN, "approver", "approver-next")
                            .admitAndJoin();
                    Execution x = w.execution().anySession().ask(1);
                    return List.of(
                            x.approval(w.approver()).peek(),
                            s.compromised(w.administrator(), "approver", HUMAN, "approver")
                                    .peek(),
                            x.approval(next).peek());
                },
                "pushed-back:group-pushed-back",
                "pushed-back:group-shape",
                "pushed-back:group-pushed-back");
        claimed(
                "report-beside-one-that-reaches-the-same-key",
                (w, s) -> {
                    Party second = s.secondAdministrator();
                    long theft = w.log().leaves().size();
                    rotation(s).draft().admit();
                    return List.of(
                            s.compromised(second, "agent", AGENT, NEXT).peek(),
                            s.compromised(w.administrator(), second, "agent", AGENT, "agent", theft)
                                    .peek());
                },
                "pushed-back:group-shape",
                "pushed-back:group-shape");
    }
}
