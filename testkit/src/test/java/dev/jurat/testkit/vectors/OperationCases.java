package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.record.OperationFacts.Export;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.OperationDrafts;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The cases of {@code vectors/lifecycle/v1} about exports, configurations, and the people who read and audit. */
final class OperationCases {
    private final List<LifecycleCase> cases = new ArrayList<>();

    private OperationCases() {}

    static List<LifecycleCase> all() {
        OperationCases all = new OperationCases();
        all.exports();
        all.configurations();
        all.roles();
        return List.copyOf(all.cases);
    }

    private void add(String name, BiFunction<World, OperationDrafts, Draft> story, String expect) {
        cases.add(new LifecycleCase(
                name,
                LifecycleCase.Base.CLAIMED,
                w -> List.of(story.apply(w, new OperationDrafts(w)).peek()),
                List.of(expect)));
    }

    /** Somebody whom the administrator enrols with this role. */
    private static Party person(World w, Role role) {
        return w.enrol("person", SignerType.HUMAN, role).admitAndJoin();
    }

    private void exports() {
        add("accept-export-by-an-administrator", (w, d) -> d.exports(w.administrator(), Export.all()), "admitted");
        add("accept-export-by-an-auditor", (w, d) -> d.exports(person(w, Role.AUDITOR), Export.all()), "admitted");
        add(
                "accept-export-of-what-is-not-there",
                (w, d) -> d.exports(w.administrator(), Export.action(w.policy())),
                "admitted");
        add("export-by-a-reader", (w, d) -> d.exports(person(w, Role.READER), Export.all()), "refused:role-forbidden");
        add("export-by-an-approver", (w, d) -> d.exports(w.approver(), Export.all()), "refused:role-forbidden");
        add("export-by-an-agent", (w, d) -> d.exports(w.agent(), Export.all()), "refused:role-forbidden");
    }

    private void configurations() {
        add("accept-configuration", (w, d) -> d.configures(w.administrator()), "admitted");
        add("configuration-by-an-auditor", (w, d) -> d.configures(person(w, Role.AUDITOR)), "refused:role-forbidden");
    }

    private void roles() {
        add(
                "accept-enrolment-of-an-auditor-who-reads",
                (w, d) -> w.enrol("person", SignerType.HUMAN, Role.AUDITOR, Role.READER)
                        .draft(),
                "admitted");
        add(
                "agent-that-audits",
                (w, d) -> w.enrol("b", SignerType.AGENT, Role.AUDITOR).draft(),
                "refused:roles-invalid");
        add(
                "agent-that-reads",
                (w, d) -> w.enrol("b", SignerType.AGENT, Role.READER).draft(),
                "refused:roles-invalid");
        add("hold-by-an-auditor", (w, d) -> w.holdsEverything(person(w, Role.AUDITOR)), "refused:role-forbidden");
        add(
                "accept-binding-of-a-user-of-the-machine",
                (w, d) -> new PrincipalDrafts(w)
                        .binds(w.administrator(), person(w, Role.AUDITOR).principal(), user("ann"), true),
                "admitted");
        add(
                "binding-of-a-user-whom-another-is-bound-to",
                (w, d) -> {
                    PrincipalDrafts principals = new PrincipalDrafts(w);
                    principals
                            .binds(w.administrator(), w.approver().principal(), user("ann"), true)
                            .admit();
                    return principals.binds(
                            w.administrator(), person(w, Role.AUDITOR).principal(), user("ann"), true);
                },
                "refused:name-bound");
    }

    static OutsideName user(String name) {
        try {
            return OutsideName.osUser(name);
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
