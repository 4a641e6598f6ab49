package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.body.LedgerDetails;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.Defect;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Bodies that are judged by what was admitted before: ahead of their turn, with the verdict that they would have had at it. */
class BodiesAheadTest {
    private final World world = World.claimed();
    private final Queue<String> readers = new ConcurrentLinkedQueue<>();

    /** The world's log as it is, with the threads that ask for bodies. */
    private record Source(World world, Queue<String> readers) implements LogSource {
        @Override
        public SignedNote checkpoint(Optional<NoteVerifier> known) {
            return world.checkpoint();
        }

        @Override
        public Optional<byte[]> entries(EntryBundle bundle) {
            int from = (int) bundle.index() * Tile.WIDTH_MAX;
            List<byte[]> leaves = world.log().leaves().subList(from, from + bundle.width()).stream()
                    .map(SignedRecord::leaf)
                    .toList();
            return Optional.of(bundle.encode(leaves));
        }

        @Override
        public Optional<byte[]> tile(Tile tile) {
            return Optional.empty();
        }

        @Override
        public boolean owes(Tile tile) {
            return false;
        }

        @Override
        public Optional<byte[]> body(long index) {
            SignedRecord record = world.log().leaves().get((int) index);
            readers.add(record.kind() + " " + Thread.currentThread().getName());
            return Optional.ofNullable(world.log().bodies().get(record.id())).map(Body::bytes);
        }
    }

    private AuditReport audit() throws IOException, FormatException {
        return new LogAudit(
                        new Source(world, readers),
                        Optional.of(world.trust()),
                        Optional.empty(),
                        LedgerRig::verifies,
                        Optional.of(new Random(3)::nextBytes),
                        defect -> {})
                .run((read, size) -> {});
    }

    /** What a judge says who takes leaf after leaf and body after body. */
    private List<String> inOrder() throws FormatException {
        LeafJudge judge = new LeafJudge(LedgerRig::verifies);
        List<String> codes = new ArrayList<>();
        List<SignedRecord> leaves = world.log().leaves();
        judge.lifecycle().begin(leaves.getFirst());
        for (int leaf = 1; leaf < leaves.size(); leaf++) {
            SignedRecord record = leaves.get(leaf);
            Optional<byte[]> body =
                    Optional.ofNullable(world.log().bodies().get(record.id())).map(Body::bytes);
            List<LeafJudge.Fault> faults = judge.judge(leaf, record, body).faults();
            faults.forEach(fault -> codes.add(fault.code()));
            if (!faults.isEmpty()) {
                judge.lifecycle()
                        .dangerouslySkip(
                                record.header().stream(), record.header().sequence() + 1, record.id());
            }
        }
        return codes;
    }

    private void assertFound(String... codes) throws Exception {
        assertEquals(List.of(codes), inOrder());
        assertEquals(
                List.of(codes), audit().defects().stream().map(Defect::code).toList());
    }

    /** Every reader is one of the audit's own threads: who judges in order waits for no body. */
    private void assertAllAhead(Kind kind) {
        assertTrue(readers.stream().anyMatch(reader -> reader.startsWith(kind.toString())), readers.toString());
        for (String reader : readers) {
            assertTrue(reader.contains(" audit-"), reader);
        }
    }

    private Draft refused(Matter matter, Matter kept) {
        Header header = matter.record().header();
        LedgerFacts.RefusedRecord entry = new LedgerFacts.RefusedRecord(
                header.stream(), header.sequence(), matter.id(), "seen-too-old", Optional.empty(), Optional.empty());
        return world.draft(world.ledger(), new LedgerFacts.Refused(List.of(entry)))
                .body(ignored -> keeping(kept));
    }

    private static dev.jurat.proof.json.Json.Obj keeping(Matter kept) {
        return new LedgerDetails(
                        List.of(LedgerDetails.Kept.of(kept.record(), kept.body().map(Body::bytes))))
                .toJson();
    }

    @Test
    void soundBodiesWaitForTheirTurn() throws Exception {
        world.execution().run();
        Matter late = world.execution().intent().peek();
        refused(late, late).append();
        assertFound();
        assertAllAhead(Kind.USE);
        assertAllAhead(Kind.REFUSED);
    }

    @Test
    void aUseOfAnotherToolThanItsIdentitysIsNotMissed() throws Exception {
        Tool method = new Tool(Optional.empty(), "tools/call", "tools/call", Effect.UNKNOWN, false);
        Execution hidden = world.execution().tool(method).ranged(2, 60_000);
        world.admit(
                hidden.intent().sign(),
                hidden.context().sign(),
                hidden.decision().sign(),
                hidden.contract().sign(),
                hidden.identity().sign());
        hidden.called("delete_everything").use().append();
        assertFound("call-not-of-body");
        assertAllAhead(Kind.USE);
    }

    @Test
    void aRefusalThatKeepsAForgedRecordIsNotMissed() throws Exception {
        Matter forged = world.execution().intent().signedBy(World.key("thief")).peek();
        refused(forged, forged).append();
        assertFound("signature-invalid");
        assertAllAhead(Kind.REFUSED);
    }

    @Test
    void aConflictThatKeepsAForgedRecordIsNotMissed() throws Exception {
        Matter first = world.execution().intent().admit();
        long number = first.record().header().sequence();
        Matter forged = world.execution()
                .intent()
                .sequence(number)
                .signedBy(World.key("thief"))
                .peek();
        world.draft(world.ledger(), new LedgerFacts.Conflict(world.agent().stream(), number, forged.id(), first.id()))
                .body(ignored -> keeping(forged))
                .append();
        assertFound("signature-invalid");
        assertAllAhead(Kind.CONFLICT);
    }

    /** Its identity stands in the log, and the rules did not let it in: what was guessed from it is not what they say. */
    @Test
    void aUseUnderAnIdentityThatWasNotAdmittedIsJudgedByIt() throws Exception {
        Execution execution = world.execution();
        world.admit(
                execution.intent().sign(),
                execution.context().sign(),
                execution.decision().sign(),
                execution.contract().sign());
        execution.identity().signedBy(World.key("thief")).append();
        execution.use().append();
        List<String> codes = inOrder();
        assertEquals("signature-invalid", codes.getFirst());
        assertFound(codes.toArray(String[]::new));
    }

    /** A session that was not admitted names a key, which then is nobody's. */
    @Test
    void aRecordKeptOfAStreamThatNeverOpenedIsHeldAgainstItsKey() throws Exception {
        World.Entrance entrance = world.session("agent", "another");
        Draft draft = entrance.draft().signedBy(World.key("thief"), World.key("another"));
        draft.append();
        Party party = entrance.party();
        Matter kept = world.execution(party, world.point())
                .intent()
                .signedBy(World.key("else"))
                .peek();
        refused(kept, kept).append();
        List<String> codes = inOrder();
        assertEquals(1, codes.size(), codes.toString());
        assertFound(codes.toArray(String[]::new));
    }

    @Test
    void aBodyOfAnotherRecordIsTakenForAUses() throws Exception {
        Execution execution = world.execution().authorise();
        execution.use().subject(Hash.ZERO).append();
        assertFound("body-mismatch");
        assertAllAhead(Kind.USE);
    }
}
