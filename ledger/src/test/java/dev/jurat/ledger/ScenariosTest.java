package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.VerifiedBundle;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Scenarios A and B of AG-016, on a ledger as it runs: records that whoever keeps the store could have written, and a key that several agents
 * share. C and D, a key that was extracted and a rotation with a gap, are in {@code KeyCommandsTest}; many keys at once in {@link
 * HundredAgentsTest}.
 */
class ScenariosTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);
    private FaultStorage storage;

    @BeforeEach
    void store() throws Exception {
        storage = rig.seed();
    }

    private String answer(Ledger ledger, Matter matter) throws LedgerException {
        GroupAnswer answer = ledger.append(group(matter));
        rig.follow(ledger);
        return switch (answer) {
            case GroupAnswer.Committed committed ->
                committed.results().getFirst() instanceof RecordAnswer.Refused refused
                        ? refused.rule().code()
                        : "";
            case GroupAnswer.PushedBack pushed -> pushed.code();
            default -> answer.toString();
        };
    }

    /** An action of the agent that allows something, on the ledger whole. */
    private Execution cleared(Ledger ledger) throws LedgerException {
        rig.follow(ledger);
        Execution call = world.execution();
        committed(ledger.append(group(
                call.intent().sign(),
                call.context().sign(),
                call.decision().sign(),
                call.contract().sign(),
                call.identity().sign())));
        committed(ledger.append(group(call.use().sign())));
        committed(
                ledger.append(group(call.outcome(ExecutionFacts.Result.SUCCESS).sign())));
        rig.follow(ledger);
        return call;
    }

    // ---- A: could somebody with the store in their hands have put it there?

    /** The operator has every key of the node, and none of the agent's. */
    @Test
    void anOperatorPutsAClearanceIntoTheLog() throws Exception {
        try (Ledger ledger = rig.open(storage)) {
            cleared(ledger);
            for (String key : List.of("governor", "broker", "ledger", "administrator")) {
                Draft forged = world.execution().intent().signedBy(World.key(key));
                assertEquals("signature-invalid", answer(ledger, forged.peek()), key);
            }
            RecordId old = world.log().clockId();
            rig.now.addAndGet(600_000);
            cleared(ledger);
            assertEquals(
                    "seen-too-old",
                    answer(ledger, world.execution().intent().seen(old).sign()),
                    "dated back to an earlier clock");
        }
        assertEquals(Set.of(), audited(storage));
    }

    @Test
    void anOperatorChangesWhatTheStoreHas() throws Exception {
        try (Ledger ledger = rig.open(storage)) {
            while (world.log().leaves().size() < 300) {
                cleared(ledger);
            }
        }
        assertEquals(Set.of(), audited(storage));
        assertTrue(audited(flipped("tile/entries/000", 900)).contains("root-mismatch"), "a record is changed");
        assertEquals(Set.of("body-damaged"), audited(flipped("body/000", 2000)), "what was at hand is changed");
        assertTrue(audited(storage.afterKill().without("tile/0/000")).contains("tile-missing"), "a tile is gone");
        byte[] entries = storage.content("tile/entries/000");
        FaultStorage swapped = storage.afterKill();
        int first = 2 + ((entries[0] & 0xff) << 8 | entries[1] & 0xff);
        for (int at = 0; at < first; at++) {
            if (entries[at] != entries[at + first]) {
                swapped.flip("tile/entries/000", at);
            }
        }
        assertTrue(!audited(swapped).isEmpty(), "records are put in another order");
    }

    private FaultStorage flipped(String path, long position) {
        FaultStorage left = storage.afterKill();
        left.flip(path, position);
        return left;
    }

    private Set<String> audited(FaultStorage folder) throws Exception {
        return new LogAudit(
                        FolderLog.open(new ReadOnlyStorage(folder, folder::open)),
                        Optional.of(world.trust()),
                        Optional.empty(),
                        LedgerRig::verifies,
                        Optional.empty(),
                        defect -> {})
                .run((read, size) -> {}).defects().stream()
                        .map(Defect::code)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** From the bundle alone: which agent, that it was no person, and what it had at hand. */
    @Test
    void aRegulatorCannotTellWhoDecidedOnWhat() throws Exception {
        Execution call;
        try (Ledger ledger = rig.open(storage)) {
            call = cleared(ledger);
        }
        VerifiedBundle verified = verified(call);
        Json.Obj action =
                (Json.Obj) ((Json.Arr) verified.findings().summary().members().get("actions"))
                        .items()
                        .getFirst();
        String told = action.toString();
        assertTrue(told.contains(world.agent().principal()), told);
        assertEquals(
                SignerType.AGENT,
                world.log()
                        .leaves()
                        .get((int) world.indexOf(call.id(Kind.INTENT)))
                        .header()
                        .signer());
        assertTrue(world.log().bodies().containsKey(call.id(Kind.CONTEXT)), "what was at hand");
    }

    private VerifiedBundle verified(Execution call) {
        Report report = Verifier.verify(
                world.bundle(new Scope.Action(call.id(Kind.INTENT))).bytes(), Optional.of(world.trust()));
        return assertInstanceOf(Report.Accepted.class, report).bundle();
    }

    // ---- B: one of five agents, but which?

    /** The same key for five functions, whatever they are called. */
    @Test
    void severalAgentsShareAKey() throws Exception {
        try (Ledger ledger = rig.open(storage)) {
            rig.follow(ledger);
            for (String name : List.of("screening", "reporting", "limits", "surveillance")) {
                World.Entrance second =
                        world.enrolledBy(world.administrator(), World.key("agent"), name, SignerType.AGENT, Role.AGENT);
                assertEquals("key-reused", answer(ledger, second.draft().peek()), name);
            }
            World.Entrance session = world.enrolledBy(
                    world.administrator(), world.agent().key(), "screening", SignerType.AGENT, Role.AGENT);
            String reused = answer(ledger, session.draft().peek());
            assertEquals("key-reused", reused, "a session's key for an agent");
        }
    }

    /** Two processes have the folder of one session: the first record that both sign shows it, and ends it. */
    @Test
    void aCopiedSessionGoesOnUnseen() throws Exception {
        try (Ledger ledger = rig.open(storage)) {
            rig.follow(ledger);
            Party agent = world.agent();
            long number = agent.next();
            assertEquals("", answer(ledger, world.execution().intent().sign()));
            Matter copy = world.execution().intent().sequence(number).peek();
            assertEquals("conflict", answer(ledger, copy));
            assertEquals(
                    "session-suspended",
                    answer(ledger, world.execution().intent().sign()));
        }
        assertTrue(world.log().leaves().stream().anyMatch(leaf -> leaf.kind() == Kind.CONFLICT));
        assertEquals(Set.of(), audited(storage));
    }

    @Test
    void aBundleNamesSeveralAgents() throws Exception {
        Execution call;
        try (Ledger ledger = rig.open(storage)) {
            call = cleared(ledger);
        }
        Set<String> agents = verified(call).findings().actions().stream()
                .flatMap(action -> action.action().leaves().stream())
                .filter(leaf -> leaf.header().signer() == SignerType.AGENT)
                .map(leaf -> leaf.stream().toString())
                .collect(Collectors.toSet());
        assertEquals(Set.of(world.agent().stream().toString()), agents);
    }
}
