package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.audit.SuspectKey;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.Defect;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import dev.jurat.testkit.WorldSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What an audit counts as resting on a reported key, where whoever serves the log would have it say something else. */
class SuspectsTest {
    private final World world = World.claimed();
    private final Successions successions = new Successions(world);
    private final Party second = successions.secondAdministrator();
    private final Served served = new Served();
    private final LogAudit audit = new LogAudit(
            served,
            Optional.of(world.trust()),
            Optional.empty(),
            SignatureChecker.standard(),
            Optional.empty(),
            defect -> {});

    /** The world as it is now, and each bundle as it was the first time, until somebody says what it is from the second time on. */
    private final class Served implements LogSource {
        private final Map<EntryBundle, Integer> asked =
                new TreeMap<>((a, b) -> a.path().compareTo(b.path()));
        private Function<byte[], Optional<byte[]>> again = Optional::of;

        private WorldSource now() {
            return new WorldSource(world.log(), world.checkpoint());
        }

        @Override
        public SignedNote checkpoint(Optional<NoteVerifier> known) {
            return now().note();
        }

        @Override
        public Optional<byte[]> entries(EntryBundle bundle) {
            Optional<byte[]> real = now().entries(bundle);
            return asked.merge(bundle, 1, Integer::sum) == 1 ? real : real.flatMap(again);
        }

        @Override
        public Optional<byte[]> tile(Tile tile) {
            return Optional.empty();
        }

        @Override
        public boolean owes(Tile tile) {
            return false;
        }
    }

    private AuditReport audited() throws Exception {
        return audit.run((read, size) -> {});
    }

    private void fill(int size) {
        while (world.log().leaves().size() < size) {
            world.observation(world.point(), "m" + world.log().leaves().size()).admit();
        }
    }

    /** So many records of one session of the agent, and then a report with the first of them as its boundary. */
    private void reported(int records) {
        Party session = successions.session("agent", "agent", "in doubt").admitAndJoin();
        long since = world.log().leaves().size();
        for (int i = 0; i < records; i++) {
            world.observation(session, "one").admit();
        }
        successions
                .compromised(world.administrator(), second, "agent", SignerType.AGENT, "agent", since)
                .admit();
    }

    private static List<Long> counts(AuditReport report) {
        return report.suspects().stream().map(SuspectKey::records).toList();
    }

    @Test
    void recordsOnEitherSideOfABundleAreLeftOutOrCountedTwice() throws Exception {
        fill(Tile.WIDTH_MAX - 5);
        assertEquals(List.of(), counts(audited()));
        reported(10);
        AuditReport report = audited();
        assertEquals(List.of(), report.defects());
        assertEquals(List.of(10L), counts(report));
        fill(Tile.WIDTH_MAX + 30);
        assertEquals(List.of(10L), counts(audited()));
        assertEquals(List.of(10L), counts(audited()));
    }

    @Test
    void whoeverServesTheLogGivesOtherLeavesTheSecondTime() throws Exception {
        reported(3);
        served.again = bytes -> {
            byte[] changed = Arrays.copyOf(bytes, bytes.length);
            changed[changed.length - 1] ^= 1;
            return Optional.of(changed);
        };
        AuditReport report = audited();
        assertEquals(
                List.of("root-mismatch leaf 0"),
                report.defects().stream().map(SuspectsTest::told).toList());
        assertEquals(List.of(0L), counts(report));
    }

    @Test
    void whoeverServesTheLogGivesNothingTheSecondTime() throws Exception {
        reported(3);
        served.again = bytes -> Optional.empty();
        AuditReport report = audited();
        assertEquals(
                List.of("root-mismatch leaf 0"),
                report.defects().stream().map(SuspectsTest::told).toList());
    }

    private static String told(Defect defect) {
        return defect.code() + " " + defect.where();
    }
}
