package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.store.Artefacts;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.ExecutionFacts.Result;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What anybody may write about somebody else's call: it is kept, and it is believed of nobody but its signer. */
class StrangersTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);
    private final Party stranger = stranger();

    private Party stranger() {
        world.enrol("point-2", SignerType.SERVICE, Role.POINT).admitAndJoin();
        return world.session("point-2", "point-2-1").admitAndJoin();
    }

    private Matter outcome(Party by, Execution of, Result result) {
        return world.draft(by, new ExecutionFacts.Outcome(result, Optional.empty(), 0))
                .references(References.of("use", of.id(Kind.USE)))
                .body(b -> new ExecutionDetails.Outcome(1, Optional.empty(), Optional.empty()).toJson())
                .sign();
    }

    private Matter refusal(Party by, Execution of) {
        return world.draft(by, new ExecutionFacts.Refusal("beyond-limits", Optional.empty(), Optional.empty()))
                .references(References.of("identity", of.id(Kind.IDENTITY)))
                .body(b -> new ExecutionDetails.Refusal(Optional.empty(), List.of(), "none").toJson())
                .sign();
    }

    private static Matter[] authority(Execution call) {
        return new Matter[] {
            call.intent().sign(),
            call.context().sign(),
            call.decision().sign(),
            call.contract().sign(),
            call.identity().sign()
        };
    }

    private static List<Action> by(Ledger ledger, String principal) throws LedgerException {
        return find(ledger, Optional.of(principal), Optional.empty());
    }

    private static List<Action> find(Ledger ledger, Optional<String> principal, Optional<String> flag)
            throws LedgerException {
        return ledger.search(new Query.Builder()
                        .principals(principal.map(Set::of).orElse(Set.of()))
                        .flag(flag)
                        .build())
                .actions();
    }

    private Action call(Ledger ledger) throws LedgerException {
        return by(ledger, world.agent().principal()).stream()
                .filter(a -> a.tool().equals("read_text_file"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aStrangerFillsTheDiskWithArtefacts() throws Exception {
        byte[] wanted = "{\"a\":1}".getBytes(StandardCharsets.US_ASCII);
        byte[] unwanted = "{\"b\":1}".getBytes(StandardCharsets.US_ASCII);
        Matter own = world.draft(world.point(), new ExecutionFacts.Observation("m", Hash.of(wanted)))
                .body(b -> new ExecutionDetails.Observation(1, List.of()).toJson())
                .sign();
        Matter forged = new Matter(SignedRecord.sign(own.record().statement(), World.key("nobody")), own.body());
        try (Ledger ledger = rig.open(rig.seed())) {
            int before = ledger.artefacts().size();
            List<byte[]> both = List.of(wanted, unwanted);
            assertInstanceOf(
                    GroupAnswer.PushedBack.class,
                    ledger.append(new Group(group(forged).records(), both)));
            assertEquals(before, ledger.artefacts().size());
            committed(ledger.append(new Group(group(own).records(), both)));
            assertTrue(ledger.artefact(Hash.of(wanted)).isPresent());
            assertEquals(before + 1, ledger.artefacts().size(), "what no record names");
        }
    }

    @Test
    void aPolicyIsPublishedWhoseArtefactIsDamaged() throws Exception {
        byte[] policy = "{\"a\":1}".getBytes(StandardCharsets.US_ASCII);
        FaultStorage storage = rig.seed();
        Hash digest = new Artefacts(storage).put(policy);
        storage.flip("artefact/" + digest.hex().substring(0, 2) + "/" + digest.hex(), 3);
        RegistryFacts.Policy facts = new RegistryFacts.Policy(
                digest, "own@v1", RegistryFacts.Publication.AVAILABLE, RegistryFacts.Floors.NONE);
        try (Ledger ledger = rig.open(storage)) {
            Matter without = world.draft(world.administrator(), facts).sign();
            RecordAnswer refused =
                    committed(ledger.append(group(without))).results().getFirst();
            assertEquals(
                    "artefact-missing",
                    assertInstanceOf(RecordAnswer.Refused.class, refused).rule().code());
            rig.follow(ledger);
            Matter with = world.draft(world.administrator(), facts).sign();
            assertInstanceOf(
                    RecordAnswer.Admitted.class,
                    committed(ledger.append(new Group(group(with).records(), List.of(policy))))
                            .results()
                            .getFirst());
            assertTrue(ledger.artefact(digest).isPresent(), "it was stored again");
        }
    }

    @Test
    void whatAStrangerClaimsIsTakenForWhatCameOfTheCall() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution call = world.execution();
            committed(ledger.append(group(authority(call))));
            committed(ledger.append(group(refusal(stranger, call))));
            assertEquals(Optional.empty(), call(ledger).outcome(), "refused by another point");
            committed(ledger.append(group(call.use().sign())));
            Matter lie = outcome(stranger, call, Result.SUCCESS);
            committed(ledger.append(group(lie)));
            committed(ledger.append(group(outcome(world.agent(), call, Result.NOT_SENT))));
            assertEquals(Optional.of("open"), call(ledger).outcome(), "an outcome by another point, and by the agent");
            committed(ledger.append(group(call.outcome(Result.TOOL_ERROR).sign())));
            committed(ledger.append(group(call.outcome(Result.SUCCESS).sign())));
            assertEquals(Optional.of("tool-error"), call(ledger).outcome(), "a repeated outcome");

            List<Action> claims = by(ledger, stranger.principal());
            assertEquals(
                    List.of("(outcome)", "(refusal)"),
                    claims.stream().map(Action::tool).toList());
            assertTrue(claims.stream()
                    .allMatch(c -> c.outcome().isEmpty()
                            && c.decision().isEmpty()
                            && c.flags().equals(List.of("foreign-point"))));
            List<StoredRecord> trace = ledger.trace(lie.id());
            assertEquals(ledger.trace(call.id(Kind.USE)), trace);
            assertEquals(
                    List.of("refusal", "outcome", "outcome"),
                    trace.stream()
                            .filter(StoredRecord::isStray)
                            .map(r -> r.record().kind().wire())
                            .toList());
        }
    }

    @Test
    void anotherSessionOfThePointClosesNothing() throws Exception {
        Party again = world.session("point", "point-2").admitAndJoin();
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution call = world.execution();
            committed(ledger.append(group(authority(call))));
            committed(ledger.append(group(call.use().sign())));
            committed(ledger.append(group(outcome(again, call, Result.UNKNOWN))));
            assertEquals(Optional.of("unknown"), call(ledger).outcome());
        }
    }

    @Test
    void aStrangersOutcomeKeepsTheClockFromFindingTheUseOverdue() throws Exception {
        FaultStorage storage = rig.seed();
        Execution call = world.execution();
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(authority(call))));
            committed(ledger.append(group(call.use().sign())));
            committed(ledger.append(group(outcome(stranger, call, Result.SUCCESS))));
            for (Party party : List.of(world.agent(), world.point(), stranger, world.governor(), world.broker())) {
                committed(ledger.append(group(world.sessionEnd(party).sign())));
            }
        }
        // No session is open any more: what keeps the clock going is the use alone.
        rig.now.addAndGet(40_000);
        try (Ledger ledger = rig.open(storage)) {
            long size = ledger.head().size().value();
            ledger.awaitBeyond(ledger.head().size(), Duration.ofSeconds(5));
            List<Kind> added = new ArrayList<>();
            for (long i = size; i < ledger.head().size().value(); i++) {
                added.add(ledger.record(new dev.jurat.proof.log.LeafIndex(i))
                        .orElseThrow()
                        .record()
                        .kind());
            }
            assertTrue(added.contains(Kind.INCOMPLETE), "" + added);
        }
    }

    @Test
    void flagsAreOthersAfterReindexingOrReopening() throws Exception {
        FaultStorage storage = rig.seed();
        List<Action> found;
        List<Set<Flag>> flags;
        Matter late;
        try (Ledger ledger = rig.open(storage)) {
            Execution call = world.execution();
            committed(ledger.append(group(authority(call))));
            committed(ledger.append(group(call.use().sign())));
            rig.now.addAndGet(40_000);
            ledger.awaitBeyond(ledger.head().size(), Duration.ofSeconds(5));
            rig.follow(ledger);
            late = call.outcome(Result.SUCCESS).sign();
            committed(ledger.append(group(late)));
            committed(ledger.append(group(call.outcome(Result.NOT_SENT).sign())));
            Execution second = world.execution();
            committed(ledger.append(group(authority(second))));
            committed(ledger.append(group(second.use().sign())));
            committed(ledger.append(
                    group(world.revokes(world.administrator(), world.point()).sign())));
            committed(ledger.append(group(second.outcome(Result.SUCCESS).sign())));
            // A body that is not there is known at intake alone.
            committed(ledger.append(new Group(
                    List.of(new Submission(
                            outcome(stranger, call, Result.SUCCESS).record(), Optional.empty())),
                    List.of())));
            flags = flags(ledger);
            found = ledger.search(Query.ALL).actions();
            assertEquals(
                    List.of(List.of("foreign-point"), List.of("signer-suspended"), List.of("late", "repeated")),
                    found.stream().map(Action::flags).toList());
            assertEquals(
                    found.subList(2, 3), find(ledger, Optional.empty(), Optional.of("late")), "those that came late");
            assertEquals(
                    Set.of(Flag.LATE), ledger.record(late.id()).orElseThrow().flags());
            ledger.reindex();
            assertEquals(found, ledger.search(Query.ALL).actions());
            assertEquals(flags, flags(ledger));
        }
        try (Ledger ledger = rig.open(storage)) {
            ledger.reindex();
            assertEquals(found, ledger.search(Query.ALL).actions());
            assertEquals(flags, flags(ledger));
        }
    }

    private static List<Set<Flag>> flags(Ledger ledger) throws LedgerException {
        List<Set<Flag>> flags = new ArrayList<>();
        for (long i = 0; i < ledger.head().size().value(); i++) {
            flags.add(ledger.record(new dev.jurat.proof.log.LeafIndex(i))
                    .orElseThrow()
                    .flags());
        }
        return flags;
    }
}
