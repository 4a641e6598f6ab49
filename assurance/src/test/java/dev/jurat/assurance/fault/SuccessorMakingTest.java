package dev.jurat.assurance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.app.node.StartException;
import dev.jurat.app.node.Successor;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.OldLog;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Reason;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.NewLog;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.PrincipalDrafts;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import dev.jurat.testkit.WorldSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The making of a log in place of another: cut off at any moment, refused at the end, and with as much to cite as there may be. */
final class SuccessorMakingTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Files in the order in which they come to be; a process is killed as soon as it has made one. */
    private static final List<String> MOMENTS =
            List.of("first-start.lock", "keys/broker.json", "log/journal", "log/format", "log/head");

    @TempDir
    Path folder;

    private final World old = World.claimed();
    private final Party second = new Successions(old).secondAdministrator();
    private Path data = Path.of("");
    private Path making = Path.of("");

    @BeforeEach
    void name() {
        data = folder.resolve("data");
        making = folder.resolve("data.succeeding");
    }

    private static AuditReport audited(Path data, Optional<TrustPolicy> trust) throws Exception {
        return new LogAudit(
                        FolderLog.open(data.resolve("log")),
                        trust,
                        Optional.empty(),
                        SignatureChecker.standard(),
                        Optional.empty(),
                        defect -> {})
                .run((read, size) -> {});
    }

    private void requireWhole() throws Exception {
        AuditReport report = audited(data, Optional.of(old.trust().followingSuccessors()));
        assertEquals(List.of(), report.defects());
        assertEquals("succeeded", report.predecessor().orElseThrow().continuity());
        for (String key : List.of("record", "checkpoint", "governor", "broker")) {
            assertTrue(Files.isRegularFile(data.resolve("keys").resolve(key + ".json")), key);
        }
        assertFalse(Files.exists(making));
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void aKillLeavesHalfALogOrOneThatStandsInTheWay() throws Exception {
        Citation citation = NewLog.cite(old, old.checkpoint());
        Path file = Files.write(folder.resolve("citation"), citation.bytes());
        int cut = 0;
        for (String moment : MOMENTS) {
            killedAt(moment, file);
            if (Files.exists(data)) {
                requireWhole();
                delete(data);
            } else {
                cut++;
            }
        }
        assertTrue(cut >= MOMENTS.size() / 2, "too few were cut off to show anything: " + cut);
        SuccessorMaker.make(data, citation);
        requireWhole();
        StartException again = assertThrows(StartException.class, () -> SuccessorMaker.make(data, citation));
        assertEquals("data-folder-foreign", again.code());
        assertTrue(again.next().contains("jurat log audit"), again.next());
        requireWhole();
    }

    private void killedAt(String moment, Path citation) throws Exception {
        if (Files.exists(making)) {
            delete(making);
        }
        List<String> words = List.of(data.toString(), citation.toString());
        try (ManagedProcess maker = ManagedProcess.start(Programs.own(SuccessorMaker.class, words), folder, Map.of())) {
            while (maker.alive() && !Files.exists(making.resolve(moment))) {
                Thread.onSpinWait();
            }
            maker.kill();
            maker.exit(SOON);
        }
    }

    @Test
    void whatDoesNotPassLeavesKeysBehind() {
        Citation citation = NewLog.cite(old, old.checkpoint());
        FormatException refused = assertThrows(
                FormatException.class,
                () -> Successor.make(data, SuccessorMaker.people("administrator", "stranger"), citation));
        assertEquals("successor-foreign", refused.code());
        assertFalse(Files.exists(data) || Files.exists(making));
    }

    // ---- as much as there may be

    private Citation cited() throws IOException, FormatException {
        WorldSource source = new WorldSource(old.log(), old.checkpoint());
        return OldLog.read(
                        source,
                        source.note(),
                        Optional.empty(),
                        SignatureChecker.standard(),
                        RandomSource.secure(),
                        (read, size) -> {})
                .cite(Reason.PLANNED);
    }

    /** One more record about an administrator for each number. */
    private void grow(int from, int to) {
        PrincipalDrafts drafts = new PrincipalDrafts(old);
        for (int i = from; i < to; i++) {
            drafts.binds(
                            old.administrator(),
                            second.principal(),
                            new OutsideName.Oidc("https://id.example.org", "n" + i),
                            true)
                    .admit();
        }
    }

    @Test
    void whatIsAsLargeAsItMayBeIsNotTakenByTheNewLogItself() throws Exception {
        grow(0, 1000);
        int thousand = cited().bytes().length;
        // Paths grow by one hash as the log doubles: less than there would be room for.
        int most = (int) (1000L * Citation.BYTES_MAX / thousand * 89 / 100);
        grow(1000, most);
        Citation large = cited();
        assertTrue(large.bytes().length > Citation.BYTES_MAX * 9 / 10, "" + large.bytes().length);
        SuccessorMaker.make(data, large);
        requireWhole();
        grow(most, most * 11 / 10);
        FormatException refused = assertThrows(FormatException.class, this::cited);
        assertEquals("predecessor-large", refused.code());
    }
}
