package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import dev.jurat.testkit.WorldSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The registry at every place of a log, from the finished log alone, against what it was when the log had come to that place. */
class RegistryAtTest {
    private final World world = World.claimed();
    private final Successions successions = new Successions(world);
    private final PrincipalDrafts drafts = new PrincipalDrafts(world);
    /** By the newest leaf. */
    private final Map<Long, List<String>> then = new TreeMap<>();

    private static List<String> told(Lifecycle state) {
        return state.principals().stream()
                .map(p -> p + " " + state.keys(p.principal()) + " " + state.particulars(p.principal()) + " "
                        + state.suspended(p.principal()) + state.selfEnrolled(p.principal()))
                .toList();
    }

    private void now() {
        then.put(world.log().leaves().size() - 1L, told(world.log().lifecycle()));
    }

    private void story() throws Exception {
        now();
        Party second = successions.secondAdministrator();
        now();
        Party first = world.administrator();
        drafts.describes(first, world.agent().principal(), "production", Optional.empty())
                .admit();
        now();
        drafts.binds(first, world.agent().principal(), OutsideName.osUser("alice"), true)
                .admit();
        now();
        successions.rotates("agent", SignerType.AGENT, "agent", "agent next").admitAndJoin();
        now();
        world.tick(2 * Successions.OVERLAP_MILLIS);
        now();
        world.enrolledBy(first, "newcomer", SignerType.AGENT, Role.AGENT).admitAndJoin();
        now();
        successions
                .compromised(
                        first,
                        second,
                        "agent",
                        SignerType.AGENT,
                        "agent next",
                        world.log().leaves().size() - 4L)
                .admit();
        now();
        drafts.retires(second, world.agent().principal()).admit();
        now();
    }

    private List<String> at(long leaf) throws Exception {
        List<String> found = new ArrayList<>();
        AuditReport report = new LogAudit(
                        new WorldSource(world.log(), world.checkpoint()),
                        Optional.of(world.trust()),
                        Optional.empty(),
                        SignatureChecker.standard(),
                        Optional.empty(),
                        defect -> {})
                .asking(new LeafIndex(leaf), state -> found.addAll(told(state)))
                .run((read, size) -> {});
        assertEquals(List.of(), report.defects());
        return found;
    }

    @Test
    void whatCameLaterChangesWhatWas() throws Exception {
        story();
        assertTrue(then.size() >= 9 && new HashSet<>(then.values()).size() == then.size(), then.toString());
        for (Map.Entry<Long, List<String>> one : then.entrySet()) {
            assertEquals(one.getValue(), at(one.getKey()), "leaf " + one.getKey());
        }
        assertEquals(List.of(), at(world.log().leaves().size()), "there is no such leaf");
    }
}
